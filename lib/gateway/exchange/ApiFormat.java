package lib.gateway.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Describes the API of one provider type: where a request names its model, what an error looks like and which
/// path the upstream uses. All differences between provider types are behind this interface; the proxy itself has
/// no type-specific code.
///
///     Formats.of(ProviderType.OPENAI).error(GatewayError.notFound("nothing here"))
///     // {"error":{"message":"nothing here","type":"not_found_error","param":null,"code":"not_found_error"}}
public interface ApiFormat {
    /// The methods that providers accept. `TRACE` is missing because an upstream would repeat the stored key.
    Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    /// Checks a path before anything else is done with the request.
    ///
    /// @throws GatewayError if the path must not be forwarded
    default void check(ProxyPath target) {
        target.refuseEncodedSlashes();
    }

    /// Returns the call that a request makes, for comparison with the allowlist.
    KnownCalls.Call call(Exchange exchange);

    /// Converts a requested model name to the spelling that allowlists use.
    default String modelName(String asked) {
        return asked;
    }

    /// Returns the model that a path names; empty if the body names it.
    default Optional<String> modelInPath(ProxyPath target) {
        return Optional.empty();
    }

    /// Returns the upstream URL of a request.
    ///
    /// @param baseUrl the base URL from the provider's configuration
    default URI upstream(URI baseUrl, ProxyPath target) {
        return target.below(baseUrl);
    }

    /// Converts the value of a request header for the upstream; empty drops the header.
    default Optional<String> header(String name, String value) {
        return Optional.of(value);
    }

    /// Converts the value of a response header for the client.
    default String answerHeader(String name, String value) {
        return value;
    }

    /// Changes parts of a request body that the upstream would not accept.
    default void adapt(Exchange exchange) throws IOException {}

    /// Returns the phrase that messages use for a provider of this name.
    default String subject(String name) {
        return "provider \"" + name + "\"";
    }

    /// Returns whether Claude Code sends the token of its key helper to this API in `x-api-key` as well.
    default boolean takesKeyHeader() {
        return false;
    }

    /// Returns the HTTP methods of the API.
    default Set<String> methods() {
        return METHODS;
    }

    /// Returns the bytes to send before the upstream has answered, for clients that must receive the response
    /// head early.
    default byte[] opening(Exchange exchange, String contentType) {
        return new byte[0];
    }

    /// Returns the bytes that end an answer which the upstream broke off; empty if the client should see a cut
    /// connection.
    default byte[] closing(Exchange exchange, String contentType) {
        return new byte[0];
    }

    /// Returns the request that shows whether the upstream accepts the credentials.
    ///
    /// @param models the provider's allowlist
    default UpstreamProbe probe(List<String> models) {
        return UpstreamProbe.models("v1/models", "");
    }

    /// Returns whether an answer to the [#probe] shows that the upstream accepts the credentials.
    ///
    /// @param error the error type that AWS names in a header; empty for other upstreams
    default boolean accepts(int status, String error) {
        return status / 100 == 2;
    }

    /// Converts an error to the format that clients of this API read.
    ObjectNode error(GatewayError refusal);

    /// Returns the headers that carry the same error.
    default Map<String, String> errorHeaders(GatewayError refusal) {
        return Map.of();
    }
}
