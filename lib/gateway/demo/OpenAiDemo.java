package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import lib.api.Provider;
import lib.gateway.exchange.Exchange;

/// Serves the demo model in OpenAI's API: responses, which Codex uses, and chat completions, which other clients
/// use.
///
/// @param demo the model that decides what is said
record OpenAiDemo(DemoModel demo) {
    private static final List<String> MODELS = List.of("gpt-demo", "gpt-demo-small");

    void answer(Exchange exchange) throws IOException {
        switch (exchange.method() + " " + exchange.target().path()) {
            case "POST v1/responses" -> respond(exchange, ResponsesRequest.read(DemoModel.json(exchange)));
            case "POST v1/chat/completions" -> chat(exchange, DemoModel.json(exchange));
            case "GET v1/models" -> exchange.answer(models(exchange.provider()));
            default -> throw DemoModel.nothingAt(exchange.target());
        }
    }

    private void respond(Exchange exchange, ResponsesRequest request) throws IOException {
        var response = new ResponsesReply(request, demo.reply(request.demo()));
        if (request.demo().stream()) {
            demo.stream(DemoModel.EVENTS, response.events().stream().map(DemoModel.Piece::event), exchange);
        } else {
            exchange.answer(response.response());
        }
    }

    private void chat(Exchange exchange, JsonNode json) throws IOException {
        var request = ChatRequest.read(json);
        var completion = new ChatCompletion(request, demo.reply(request));
        if (!request.stream()) {
            exchange.answer(completion.completion());
            return;
        }
        var withUsage = json.path("stream_options").path("include_usage").asBoolean();
        var chunks = Stream.concat(completion.chunks(withUsage).stream().map(Object::toString), Stream.of("[DONE]"));
        demo.stream(
                DemoModel.EVENTS,
                chunks.map(data -> new DemoModel.Piece("chunk", "data: %s\n\n".formatted(data))),
                exchange);
    }

    private static JsonNode models(Provider provider) {
        var json = JsonNodeFactory.instance.objectNode().put("object", "list");
        var data = json.putArray("data");
        for (var name : provider.models().isEmpty() ? MODELS : provider.models()) {
            data.addObject()
                    .put("id", name)
                    .put("object", "model")
                    .put("created", DemoModel.CREATED)
                    .put("owned_by", "rpkai");
        }
        // Codex expects a list under this name, and complains if it is missing.
        json.putArray("models");
        return json;
    }
}
