package tests.support.upstream;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import tests.support.TestJson;

/// The answers of an Anthropic upstream: messages from a queue, everything else as the API does, all of it
/// replaceable.
public final class Answers {

    private final Queue<Function<Recorded, Reply>> queue = new ConcurrentLinkedQueue<>();
    private volatile Function<Recorded, Reply> handler = this::standard;

    public void next(Function<Recorded, Reply> answer) {
        queue.add(answer);
    }

    public void handle(Function<Recorded, Reply> other) {
        handler = other;
    }

    Reply answer(Recorded call) {
        return handler.apply(call);
    }

    public Reply standard(Recorded call) {
        if (call.method().equals("HEAD")) {
            return Reply.of(200, "application/json", "");
        }
        return switch (call.method() + " " + call.path()) {
            case "POST /v1/messages" ->
                Optional.ofNullable(queue.poll())
                        .orElse(Replies.text("Hello from upstream."))
                        .apply(call);
            case "POST /v1/messages/count_tokens" ->
                Reply.json(200, TestJson.object().put("input_tokens", Math.max(1, call.body().length / 4)));
            case "GET /v1/models" -> models();
            default -> Replies.error(404, "not_found_error", "no such path: " + call.path());
        };
    }

    private static Reply models() {
        var body = TestJson.object();
        var list = body.putArray("data");
        for (var id : new String[] {"claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"}) {
            list.addObject()
                    .put("type", "model")
                    .put("id", id)
                    .put("display_name", id)
                    .put("created_at", "2025-10-01T00:00:00Z");
        }
        return Reply.json(
                200,
                body.put("has_more", false).put("first_id", "claude-opus-4-5").put("last_id", "claude-haiku-4-5"));
    }
}
