package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;
import lib.api.Provider;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;

/// Serves the demo model in Google's Gemini API.
///
/// @param demo the model that decides what is said
record GoogleDemo(DemoModel demo) {
    private static final List<String> MODELS = List.of("gemini-demo");

    void answer(Exchange exchange) throws IOException {
        var path = exchange.target().path().replaceFirst("^v1(beta)?/", "");
        var operation = exchange.method() + " " + path.replaceFirst("^models/[^/:]+(:|%3[Aa])", "models/*:");
        switch (operation) {
            case "POST models/*:generateContent" -> {
                var request = request(exchange);
                exchange.answer(new GoogleReply(request, demo.reply(request)).whole());
            }
            case "POST models/*:streamGenerateContent" -> stream(exchange);
            case "POST models/*:countTokens" ->
                exchange.answer(JsonNodeFactory.instance
                        .objectNode()
                        .put("totalTokens", request(exchange).inputTokens()));
            case "GET models" -> exchange.answer(models(exchange.provider()));
            default -> throw DemoModel.nothingAt(exchange.target());
        }
    }

    private void stream(Exchange exchange) throws IOException {
        if (!exchange.request().query().all("alt", List::of).contains("sse")) {
            throw GatewayError.invalid("the demo model streams only with alt=sse");
        }
        var request = request(exchange);
        var parts = new GoogleReply(request, demo.reply(request)).parts();
        demo.stream(
                DemoModel.EVENTS,
                parts.stream().map(part -> new DemoModel.Piece("part", "data: %s\r\n\r\n".formatted(part))),
                exchange);
    }

    private static DemoRequest request(Exchange exchange) throws IOException {
        return GoogleRequest.read(
                DemoModel.json(exchange),
                exchange.wire().modelInPath(exchange.target()).orElse(""));
    }

    private static JsonNode models(Provider provider) {
        var json = JsonNodeFactory.instance.objectNode();
        var models = json.putArray("models");
        for (var name : provider.models().isEmpty() ? MODELS : provider.models()) {
            models.addObject()
                    .put("name", "models/" + name)
                    .put("displayName", name)
                    .putArray("supportedGenerationMethods")
                    .add("generateContent")
                    .add("countTokens");
        }
        return json;
    }
}
