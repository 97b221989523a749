package lib.gateway.formats;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import lib.gateway.exchange.ApiFormat;
import lib.gateway.exchange.CallerHeaders;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.KnownCalls;
import lib.gateway.exchange.KnownCalls.Where;
import lib.gateway.exchange.ProxyPath;
import lib.gateway.exchange.UpstreamProbe;

/// Amazon Bedrock's runtime: the calls of a model, which the path names.
///
/// @see <a
///     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html">
///     Bedrock's runtime</a>
final class BedrockFormat implements ApiFormat {
    private static final Set<String> OPERATIONS =
            Set.of("invoke", "invoke-with-response-stream", "converse", "converse-stream", "count-tokens");

    /// Everything else there would need permissions that a model call does not, or names its model elsewhere.
    @Override
    public void check(ProxyPath target) {
        var segments = target.segments();
        if (segments.size() == 3
                && segments.get(0).equals("model")
                && OPERATIONS.contains(segments.get(2))
                // An id, an inference profile, or the ARN of either, which has a slash.
                && segments.get(1).matches("[A-Za-z0-9][A-Za-z0-9:./_-]*")) return;
        throw GatewayError.notFound(
                "no %s here: model/<id>/invoke, invoke-with-response-stream, converse, converse-stream "
                                .formatted(target.path())
                        + "and count-tokens are served");
    }

    @Override
    public Set<String> methods() {
        return Set.of("POST");
    }

    @Override
    public KnownCalls.Call call(Exchange exchange) {
        // Every other one has been refused already.
        return new KnownCalls.Call(Where.PATH, modelInPath(exchange.target()));
    }

    @Override
    public Optional<String> modelInPath(ProxyPath target) {
        return Optional.of(target.segments().get(1));
    }

    /// Encoded as AWS's own clients do it, whatever the client did: the signature covers the encoding.
    @Override
    public URI upstream(URI baseUrl, ProxyPath target) {
        var path = target.segments().stream().map(BedrockFormat::encoded).collect(Collectors.joining("/"));
        return URI.create(baseUrl.toString().replaceAll("/+$", "") + "/" + path);
    }

    @Override
    public Optional<String> header(String name, String value) {
        var lower = CallerHeaders.canonical(name);
        if (lower.equals("anthropic-beta")) return BedrockBetas.filtered(value);
        // What a client's own SDK says to AWS about its own signature.
        return lower.startsWith("x-amz-") || lower.startsWith("amz-sdk-") ? Optional.empty() : Optional.of(value);
    }

    /// Held, since the signature covers it.
    @Override
    public void adapt(Exchange exchange) throws IOException {
        exchange.body().replace(BedrockBetas.filtered(exchange.body().bytes()));
    }

    /// The message where AWS's clients look for it, and where Anthropic's do.
    @Override
    public ObjectNode error(GatewayError refusal) {
        var json = JsonNodeFactory.instance.objectNode().put("message", refusal.getMessage());
        json.putObject("error").put("type", refusal.kind().type()).put("message", refusal.getMessage());
        return json;
    }

    @Override
    public Map<String, String> errorHeaders(GatewayError refusal) {
        return Map.of(
                "x-amzn-ErrorType",
                switch (refusal.kind()) {
                    case INVALID, NO_METHOD, TOO_LARGE, UNREADABLE, NO_UPGRADE, LARGE_HEAD -> "ValidationException";
                    case UNAUTHENTICATED, SIGNED_OUT -> "ExpiredTokenException";
                    case DISABLED, FOREIGN, MODEL_NOT_ALLOWED -> "AccessDeniedException";
                    case NO_PROVIDER, NOT_FOUND -> "ResourceNotFoundException";
                    case OVER_BUDGET -> "ServiceQuotaExceededException";
                    case BROKEN -> "InternalServerException";
                    case UNAVAILABLE, BUSY, UNREACHABLE, MISCONFIGURED, LATE -> "ServiceUnavailableException";
                });
    }

    /// Nothing there lists models. A message without a single turn is refused as such, for nothing, after the
    /// signature and the permissions were looked at.
    @Override
    public UpstreamProbe probe(List<String> models) {
        var model = models.isEmpty() ? "anthropic.claude-haiku-4-5-20251001-v1:0" : models.getFirst();
        return new UpstreamProbe("POST", "model/" + encoded(model) + "/converse", "", Map.of());
    }

    @Override
    public boolean accepts(int status, String error) {
        return status / 100 == 2 || status == 400 && error.startsWith("ValidationException");
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
