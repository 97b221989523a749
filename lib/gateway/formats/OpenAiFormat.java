package lib.gateway.formats;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import lib.gateway.exchange.ApiFormat;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.JsonResponses;
import lib.gateway.exchange.KnownCalls;
import lib.gateway.exchange.ProxyPath;
import lib.gateway.exchange.StreamUsage;

/// The format of OpenAI's API and of compatible APIs.
///
/// @see <a href="https://platform.openai.com/docs/api-reference/introduction">OpenAI's API</a>
final class OpenAiFormat implements ApiFormat {
    private static final String VERSION = "v1/";
    /// The resources below `v1` in OpenAI's API, for clients whose base URL has no `v1`.
    private static final Set<String> RESOURCES = Set.of(
            "assistants",
            "audio",
            "batches",
            "chat",
            "completions",
            "containers",
            "conversations",
            "embeddings",
            "evals",
            "files",
            "fine_tuning",
            "images",
            "models",
            "moderations",
            "realtime",
            "responses",
            "threads",
            "uploads",
            "vector_stores",
            "videos");

    private static final KnownCalls CALLS = KnownCalls.of("v1", """
            POST   chat/completions               BODY
            POST   completions                    BODY
            POST   responses                      BODY
            POST   responses/compact              BODY
            POST   responses/input_tokens         BODY
            POST   embeddings                     BODY
            POST   moderations                    BODY
            POST   rerank                         BODY
            POST   images/generations             BODY
            POST   audio/speech                   BODY
            POST   audio/transcriptions           FORM
            POST   audio/translations             FORM
            POST   images/edits                   FORM
            POST   images/variations              FORM
            GET    chat/completions               NOWHERE
            GET    chat/completions/*             NOWHERE
            GET    chat/completions/*/messages    NOWHERE
            POST   chat/completions/*             NOWHERE
            DELETE chat/completions/*             NOWHERE
            GET    responses/*                    NOWHERE
            GET    responses/*/input_items        NOWHERE
            POST   responses/*/cancel             NOWHERE
            DELETE responses/*                    NOWHERE
            GET    models                         NOWHERE
            GET    models/**                      NOWHERE
            POST   files                          FILE
            GET    files                          NOWHERE
            GET    files/*                        NOWHERE
            GET    files/*/content                NOWHERE
            DELETE files/*                        NOWHERE
            POST   batches                        HIDDEN
            GET    batches                        NOWHERE
            GET    batches/*                      NOWHERE
            POST   batches/*/cancel               NOWHERE""");

    @Override
    public KnownCalls.Call call(Exchange exchange) {
        return CALLS.find(exchange.method(), exchange.target().everySegment());
    }

    /// Returns the upstream URL. As for OpenAI's own clients, a base URL stands for `https://api.openai.com/v1`.
    /// Paths may begin with that `v1` or not, and a bare host may omit it.
    @Override
    public URI upstream(URI baseUrl, ProxyPath target) {
        var base = baseUrl.getRawPath().endsWith("/")
                ? URI.create(baseUrl.toString().replaceAll("/+$", ""))
                : baseUrl;
        var path = target.path();
        var isBare = base.getRawPath().isEmpty();
        if (!isBare && path.startsWith(VERSION)) return target.below(base, path.substring(VERSION.length()));
        if (isBare && RESOURCES.contains(path.split("/", 2)[0])) return target.below(base, VERSION + path);
        return target.below(base);
    }

    @Override
    public void adapt(Exchange exchange) throws IOException {
        if (exchange.provider().requestStreamUsage()) StreamUsage.ask(exchange);
    }

    @Override
    public ObjectNode error(GatewayError refusal) {
        var json = JsonNodeFactory.instance.objectNode();
        var error = json.putObject("error")
                .put("message", refusal.getMessage())
                .put("type", refusal.kind().type())
                .putNull("param")
                .put("code", refusal.kind().type());
        // With any other error type Codex waits silently for as long as Retry-After says.
        refusal.reset()
                .ifPresent(reset -> error.put("type", "usage_limit_reached")
                        .put("code", "insufficient_quota")
                        .put("resets_at", reset.getEpochSecond()));
        return json;
    }

    /// Returns the headers whose text Codex inserts into its own message about a reached limit.
    @Override
    public Map<String, String> errorHeaders(GatewayError refusal) {
        return refusal.reset().isPresent()
                ? Map.of("x-codex-promo-message", JsonResponses.ascii(capitalized(refusal.getMessage())))
                : Map.of();
    }

    private static String capitalized(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
