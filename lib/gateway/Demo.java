package lib.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.providers.Provider;

/// The `demo` upstream: an Anthropic API whose model is a script.
final class Demo {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> MODELS = List.of("claude-demo", "claude-demo-small");

    private final DemoScript script;
    private final Runnable pace;

    Demo(DemoScript script, Runnable pace) {
        this.script = script;
        this.pace = pace;
    }

    /// Answers one request.
    ///
    /// @throws Refusal for what the real API would refuse too
    /// @throws IOException where the client goes away
    void answer(RoutingRequest request, RequestBody body, ProxyPath target, Provider provider, RoutingResponse response)
            throws IOException {
        switch (request.prologue().method().text() + " " + target.path()) {
            case "POST v1/messages" -> converse(DemoRequest.of(json(body)), response);
            case "POST v1/messages/count_tokens" -> Answers.json(response, 200,
                    JsonNodeFactory.instance.objectNode().put("input_tokens", DemoRequest.inputTokens(json(body))));
            case "GET v1/models" -> Answers.json(response, 200,
                    models(provider, request.query().all("limit", List::of)));
            default -> throw Refusal.notFound("the demo model has no " + target.path());
        }
    }

    private void converse(DemoRequest request, RoutingResponse response) throws IOException {
        var message = new DemoMessage(request.model(), request.inputTokens(), DemoReply.to(request, script));
        if (request.stream()) stream(message.events(), response);
        else Answers.json(response, 200, message.message());
    }

    private void stream(List<ObjectNode> events, RoutingResponse response) throws IOException {
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        var out = response.outputStream();
        var previous = "";
        for (var event : events) {
            var type = event.path("type").asText();
            if (type.equals(previous)) pace.run();
            previous = type;
            out.write("event: %s\ndata: %s\n\n".formatted(type, event).getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private static JsonNode models(Provider provider, List<String> limit) {
        var names = provider.models().isEmpty() ? MODELS : provider.models();
        var shown = limit.stream().filter(text -> text.matches("[1-9][0-9]{0,3}")).mapToInt(Integer::parseInt)
                .reduce(names.size(), Math::min);
        var json = JsonNodeFactory.instance.objectNode();
        var data = json.putArray("data");
        for (var name : names.subList(0, shown)) {
            data.addObject().put("type", "model").put("id", name).put("display_name", name)
                    .put("created_at", "2026-01-01T00:00:00Z");
        }
        return json.put("has_more", shown < names.size())
                .put("first_id", names.getFirst()).put("last_id", names.get(shown - 1));
    }

    private static JsonNode json(RequestBody body) throws IOException {
        try {
            return JSON.readTree(body.bytes());
        } catch (JsonProcessingException e) {
            throw Refusal.invalid("the request body is not JSON");
        }
    }
}
