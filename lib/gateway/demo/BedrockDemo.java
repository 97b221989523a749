package lib.gateway.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.JsonResponses;
import lib.gateway.formats.EventStream;

/// Serves the demo model in Bedrock's API: Anthropic's messages, plain or in event-stream frames, and Bedrock's
/// own Converse.
///
/// @param demo the model that decides what is said
record BedrockDemo(DemoModel demo) {
    void answer(Exchange exchange) throws IOException {
        var segments = exchange.target().segments();
        var model = segments.get(1);
        switch (exchange.method() + " " + segments.get(2)) {
            case "POST invoke" ->
                exchange.answer(message(exchange, model, false).message());
            case "POST invoke-with-response-stream" -> {
                var events = message(exchange, model, true).events();
                demo.stream(EventStream.MEDIA_TYPE, events.stream().map(BedrockDemo::chunk), exchange);
            }
            case "POST converse" ->
                exchange.answer(conversation(exchange, model).whole());
            case "POST converse-stream" -> {
                var events = conversation(exchange, model).events();
                demo.stream(EventStream.MEDIA_TYPE, events.stream(), exchange);
            }
            default -> throw DemoModel.nothingAt(exchange.target());
        }
    }

    private AnthropicMessage message(Exchange exchange, String model, boolean stream) throws IOException {
        var request = AnthropicRequest.read(DemoModel.json(exchange), model, stream);
        return new AnthropicMessage(model, request.inputTokens(), demo.reply(request));
    }

    private ConverseReply conversation(Exchange exchange, String model) throws IOException {
        var request = ConverseRequest.read(DemoModel.json(exchange), model);
        return new ConverseReply(request, demo.reply(request));
    }

    /// Wraps an event of Anthropic's API in a frame of Bedrock's event stream.
    private static DemoModel.Piece chunk(ObjectNode event) {
        var payload = JsonNodeFactory.instance.objectNode().put("bytes", JsonResponses.bytes(event));
        return new DemoModel.Piece(event.path("type").asText(), EventStream.frame("chunk", payload));
    }
}
