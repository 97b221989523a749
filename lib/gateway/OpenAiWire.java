package lib.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/// OpenAI's API, and that of everyone who is compatible with it.
///
/// @see <a href="https://platform.openai.com/docs/api-reference/introduction">OpenAI's API</a>
final class OpenAiWire implements Wire {
    private static final String VERSION = "v1/";

    @Override
    public Set<String> models(Exchange exchange) throws IOException {
        return RequestedModels.in(exchange.body().bytes());
    }

    /// A base URL is what OpenAI's own clients take for one: it stands for `https://api.openai.com/v1`, and the paths of
    /// this proxy begin with that `v1`. A bare host is forgiven its missing one.
    @Override
    public URI upstream(URI baseUrl, ProxyPath target) {
        var base = baseUrl.toString();
        while (base.endsWith("/")) base = base.substring(0, base.length() - 1);
        var path = target.path();
        if (base.endsWith("/v1")) base = base.substring(0, base.length() - "/v1".length());
        else if (base.lastIndexOf('/') > "https:/".length() && path.startsWith(VERSION)) path = path.substring(VERSION.length());
        return URI.create(base + "/" + path + target.query());
    }

    /// An upstream that could send clients elsewhere could send their credentials there.
    @Override
    public boolean passesRedirects() {
        return false;
    }

    @Override
    public ObjectNode error(Refusal refusal) {
        var json = JsonNodeFactory.instance.objectNode();
        var error = json.putObject("error").put("message", refusal.getMessage()).put("type", refusal.kind().type())
                .putNull("param").put("code", refusal.kind().type());
        // At any other type Codex waits for as long as Retry-After says, and shows nothing meanwhile.
        refusal.reset().ifPresent(reset -> error.put("type", "usage_limit_reached").put("code", "insufficient_quota").put("resets_at", reset.getEpochSecond()));
        return json;
    }

    /// Codex has its own words for a limit that is reached; these it puts between them.
    @Override
    public Map<String, String> errorHeaders(Refusal refusal) {
        return refusal.reset().isPresent() ? Map.of("x-codex-promo-message", Answers.ascii(capitalized(refusal.getMessage()))) : Map.of();
    }

    private static String capitalized(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    @Override
    public void demo(Exchange exchange, Demo demo) throws IOException {
        new OpenAiDemo(demo).answer(exchange);
    }
}
