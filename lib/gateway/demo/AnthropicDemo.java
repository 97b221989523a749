package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;
import lib.api.Provider;
import lib.gateway.exchange.Exchange;

/// Serves the demo model in Anthropic's API.
///
/// @param demo the model that decides what is said
record AnthropicDemo(DemoModel demo) {
    private static final List<String> MODELS = List.of("claude-demo", "claude-demo-small");

    void answer(Exchange exchange) throws IOException {
        switch (exchange.method() + " " + exchange.target().path()) {
            case "POST v1/messages" -> converse(exchange, AnthropicRequest.read(DemoModel.json(exchange)));
            case "POST v1/messages/count_tokens" ->
                exchange.answer(JsonNodeFactory.instance
                        .objectNode()
                        .put("input_tokens", AnthropicRequest.inputTokens(DemoModel.json(exchange))));
            case "GET v1/models" ->
                exchange.answer(
                        models(exchange.provider(), exchange.request().query().all("limit", List::of)));
            default -> throw DemoModel.nothingAt(exchange.target());
        }
    }

    private void converse(Exchange exchange, DemoRequest request) throws IOException {
        var message = new AnthropicMessage(request.model(), request.inputTokens(), demo.reply(request));
        if (request.stream()) {
            demo.stream(DemoModel.EVENTS, message.events().stream().map(DemoModel.Piece::event), exchange);
        } else {
            exchange.answer(message.message());
        }
    }

    private static JsonNode models(Provider provider, List<String> limit) {
        var names = provider.models().isEmpty() ? MODELS : provider.models();
        var shown = limit.stream()
                .filter(text -> text.matches("[1-9][0-9]{0,3}"))
                .mapToInt(Integer::parseInt)
                .reduce(names.size(), Math::min);
        var json = JsonNodeFactory.instance.objectNode();
        var data = json.putArray("data");
        for (var name : names.subList(0, shown)) {
            data.addObject()
                    .put("type", "model")
                    .put("id", name)
                    .put("display_name", name)
                    .put("created_at", "2026-01-01T00:00:00Z");
        }
        return json.put("has_more", shown < names.size())
                .put("first_id", names.getFirst())
                .put("last_id", names.get(shown - 1));
    }
}
