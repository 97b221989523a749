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

/// The format of Amazon Bedrock's runtime: model calls, whose path names the model.
///
/// @see <a
///     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html">
///     Bedrock's runtime</a>
final class BedrockFormat implements ApiFormat {
    private static final Set<String> OPERATIONS =
            Set.of("invoke", "invoke-with-response-stream", "converse", "converse-stream", "count-tokens");

    /// Accepts only model calls. Every other operation would need more permissions or names its model elsewhere.
    @Override
    public void check(ProxyPath target) {
        var segments = target.segments();
        if (segments.size() == 3
                && segments.get(0).equals("model")
                && OPERATIONS.contains(segments.get(2))
                // An id, an inference profile, or the ARN of either, which contains a slash.
                && segments.get(1).matches("[A-Za-z0-9][A-Za-z0-9:./_-]*")) return;
        throw GatewayError.notFound(
                "%s is not supported: use model/<id>/invoke, invoke-with-response-stream, converse, "
                                .formatted(target.path())
                        + "converse-stream or count-tokens");
    }

    @Override
    public Set<String> methods() {
        return Set.of("POST");
    }

    @Override
    public KnownCalls.Call call(Exchange exchange) {
        // All other calls were rejected before.
        return new KnownCalls.Call(Where.PATH, modelInPath(exchange.target()));
    }

    @Override
    public Optional<String> modelInPath(ProxyPath target) {
        return Optional.of(target.segments().get(1));
    }

    /// Encodes the path as AWS's own clients do, whatever the client did: the signature covers the encoding.
    @Override
    public URI upstream(URI baseUrl, ProxyPath target) {
        var path = target.segments().stream().map(BedrockFormat::encoded).collect(Collectors.joining("/"));
        return URI.create(baseUrl.toString().replaceAll("/+$", "") + "/" + path);
    }

    @Override
    public Optional<String> header(String name, String value) {
        var lower = CallerHeaders.canonical(name);
        if (lower.equals("anthropic-beta")) return BedrockBetas.filtered(value);
        // Headers with which a client's SDK describes its own signature.
        return lower.startsWith("x-amz-") || lower.startsWith("amz-sdk-") ? Optional.empty() : Optional.of(value);
    }

    /// Holds the whole body, since the signature covers it.
    @Override
    public void adapt(Exchange exchange) throws IOException {
        exchange.body().replace(BedrockBetas.filtered(exchange.body().bytes()));
    }

    /// Puts the message where AWS's clients look for it, and where Anthropic's do.
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
                    case UNAVAILABLE, STATE_UNAVAILABLE, BUSY, UNREACHABLE, MISCONFIGURED, LATE ->
                        "ServiceUnavailableException";
                });
    }

    /// Sends a message without turns, because the runtime has no list of models. Bedrock rejects it free of
    /// charge, after it has checked the signature and the permissions.
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
