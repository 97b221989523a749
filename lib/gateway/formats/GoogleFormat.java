package lib.gateway.formats;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import lib.gateway.exchange.ApiFormat;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.KnownCalls;
import lib.gateway.exchange.ProxyPath;
import lib.gateway.exchange.UpstreamProbe;

/// The format of Google's Gemini API. The path names the model, `v1beta/models/<model>:generateContent`, and some
/// bodies name it too.
///
/// @see <a href="https://ai.google.dev/api">The Gemini API</a>
final class GoogleFormat implements ApiFormat {
    private static final String MODELS = "models/";
    private static final Set<String> SYSTEM = Set.of("$alt", "$fields", "$prettyprint");
    private static final List<String> VERSIONS = List.of("v1", "v1beta", "v1alpha");

    private static final KnownCalls CALLS = KnownCalls.of("v1|v1beta|v1alpha", """
            POST   models/{model}:generateContent          PATH
            POST   models/{model}:streamGenerateContent    PATH
            POST   models/{model}:countTokens              PATH
            POST   models/{model}:embedContent             PATH
            POST   models/{model}:batchEmbedContents       PATH
            POST   models/{model}:predict                  PATH
            POST   models/{model}:predictLongRunning       PATH
            GET    models                                  NOWHERE
            GET    models/{model}                          PATH
            GET    models/{model}/operations/*             PATH
            POST   cachedContents                          BODY
            GET    cachedContents                          NOWHERE
            GET    cachedContents/*                        NOWHERE
            PATCH  cachedContents/*                        NOWHERE
            DELETE cachedContents/*                        NOWHERE
            GET    files                                   NOWHERE
            GET    files/*                                 NOWHERE
            DELETE files/*                                 NOWHERE
            POST   openai/chat/completions                 BODY
            POST   openai/embeddings                       BODY
            POST   openai/images/generations               BODY
            GET    openai/models                           NOWHERE
            GET    openai/models/**                        NOWHERE""");

    @Override
    public KnownCalls.Call call(Exchange exchange) {
        return CALLS.find(exchange.method(), exchange.target().everySegment());
    }

    @Override
    public String modelName(String asked) {
        return asked.startsWith(MODELS) ? asked.substring(MODELS.length()) : asked;
    }

    /// Returns `gemini-x` for `v1beta/models/gemini-x:countTokens`; empty for other paths.
    @Override
    public Optional<String> modelInPath(ProxyPath target) {
        var segments = target.segments();
        if (segments.size() < 3 || !segments.get(1).equals("models")) return Optional.empty();
        return Optional.of(segments.get(2).split(":", 2)[0]);
    }

    @Override
    public ObjectNode error(GatewayError refusal) {
        var json = JsonNodeFactory.instance.objectNode();
        json.putObject("error")
                .put("code", refusal.kind().status())
                .put("message", refusal.getMessage())
                .put(
                        "status",
                        switch (refusal.kind()) {
                            case INVALID, NO_METHOD, TOO_LARGE, UNREADABLE, NO_UPGRADE, LARGE_HEAD ->
                                "INVALID_ARGUMENT";
                            case UNAUTHENTICATED, SIGNED_OUT -> "UNAUTHENTICATED";
                            case DISABLED, FOREIGN, MODEL_NOT_ALLOWED -> "PERMISSION_DENIED";
                            case NO_PROVIDER, NOT_FOUND -> "NOT_FOUND";
                            case OVER_BUDGET -> "RESOURCE_EXHAUSTED";
                            case BROKEN -> "INTERNAL";
                            case UNAVAILABLE, STATE_UNAVAILABLE, BUSY, UNREACHABLE, MISCONFIGURED -> "UNAVAILABLE";
                            case LATE -> "DEADLINE_EXCEEDED";
                        })
                .put("type", refusal.kind().type());
        return json;
    }

    /// Rejects a key in the query, which Google would use instead of the stored one.
    @Override
    public void check(ProxyPath target) {
        target.refuseEncodedSlashes();
        for (var parameter : target.query().replaceFirst("^\\?", "").split("&")) {
            var name = parameter.split("=", 2)[0].toLowerCase(Locale.ROOT);
            if (name.equals("key") || name.equals("access_token") || name.equals("oauth_token") || name.contains("%")) {
                throw GatewayError.invalid("keys are not allowed in the URL: send the gateway token in x-goog-api-key");
            }
            // Google's servers take headers, a method and a content type from parameters such as $httpHeaders.
            if (name.startsWith("$") && !SYSTEM.contains(name))
                throw GatewayError.invalid("the URL has a parameter that sets a header");
        }
    }

    @Override
    public URI upstream(URI baseUrl, ProxyPath target) {
        return target.below(baseUrl, VERSIONS);
    }

    @Override
    public UpstreamProbe probe(List<String> models) {
        return UpstreamProbe.models("v1beta/models", "?pageSize=1");
    }
}
