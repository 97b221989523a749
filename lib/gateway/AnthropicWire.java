package lib.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Anthropic's own API.
///
/// @see <a href="https://docs.anthropic.com/en/api/overview">Anthropic's API</a>
final class AnthropicWire implements Wire {
    @Override
    public Set<String> models(Exchange exchange) throws IOException {
        return RequestedModels.in(exchange.body().bytes());
    }

    @Override
    public boolean needsModel(Exchange exchange) {
        // Messages and batches of them have theirs in the body, or are refused upstream.
        return false;
    }

    @Override
    public URI upstream(URI baseUrl, ProxyPath target) {
        return target.below(baseUrl, List.of("v1"));
    }

    @Override
    public Probe probe(List<String> models) {
        return new Probe("GET", "v1/models", "?limit=1", Map.of("anthropic-version", "2023-06-01"));
    }

    @Override
    public ObjectNode error(Refusal refusal) {
        var json = JsonNodeFactory.instance.objectNode().put("type", "error");
        json.putObject("error").put("type", refusal.kind().type()).put("message", refusal.getMessage());
        return json;
    }

    @Override
    public void demo(Exchange exchange, Demo demo) throws IOException {
        new AnthropicDemo(demo).answer(exchange);
    }
}
