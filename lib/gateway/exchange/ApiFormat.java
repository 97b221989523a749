package lib.gateway.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one type of provider speaks: where a request names its model, what an error looks like, where the
/// upstream has a path. Everything that differs from type to type is behind this; the proxy itself knows none.
///
///     Formats.of(ProviderType.OPENAI).error(GatewayError.notFound("nothing here"))
///     // {"error":{"message":"nothing here","type":"not_found_error","param":null,"code":"not_found_error"}}
public interface ApiFormat {
    /// `TRACE` would have an upstream repeat the stored key.
    Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    /// Looks at a path before anything else is done with it.
    ///
    /// @throws Refusal for one that is not passed on
    default void check(ProxyPath target) {
        target.refuseEncodedSlashes();
    }

    /// The call that a request is, for the allowlist.
    KnownCalls.Call call(Exchange exchange);

    /// A model's name as an allowlist has it.
    default String modelName(String asked) {
        return asked;
    }

    /// The model that a path names; empty where it is the body that does.
    default Optional<String> modelInPath(ProxyPath target) {
        return Optional.empty();
    }

    /// Where a request goes.
    ///
    /// @param baseUrl as the provider has it
    default URI upstream(URI baseUrl, ProxyPath target) {
        return target.below(baseUrl);
    }

    /// A header's value as the upstream takes it; empty leaves the header out.
    default Optional<String> header(String name, String value) {
        return Optional.of(value);
    }

    /// A header's value of an answer as the client gets it.
    default String answerHeader(String name, String value) {
        return value;
    }

    /// Changes in a body what the upstream would not take.
    default void adapt(Exchange exchange) throws IOException {}

    /// One of that name, as messages call it.
    default String subject(String name) {
        return "provider \"" + name + "\"";
    }

    /// Whether Claude Code sends a helper's token to this API in `x-api-key` too.
    default boolean takesKeyHeader() {
        return false;
    }

    /// The methods that the API has.
    default Set<String> methods() {
        return METHODS;
    }

    /// What an answer begins with before the upstream has said anything, where its head must not wait for that.
    default byte[] opening(Exchange exchange, String contentType) {
        return new byte[0];
    }

    /// What an answer ends with where its upstream broke it off; nothing where the client is to see a cut
    /// connection.
    default byte[] closing(Exchange exchange, String contentType) {
        return new byte[0];
    }

    /// What to ask the upstream to see whether it takes the credentials.
    ///
    /// @param models the provider's allowlist
    default UpstreamProbe probe(List<String> models) {
        return UpstreamProbe.models("v1/models", "");
    }

    /// Whether an answer to the [#probe] shows that it does.
    ///
    /// @param error the error type that AWS names in a header; empty elsewhere
    default boolean accepts(int status, String error) {
        return status / 100 == 2;
    }

    /// A refusal in the shape that this wire's clients read.
    ObjectNode error(GatewayError refusal);

    /// The headers that say the same.
    default Map<String, String> errorHeaders(GatewayError refusal) {
        return Map.of();
    }
}
