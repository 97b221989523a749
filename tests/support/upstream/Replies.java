package tests.support.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import tests.support.TestJson;
import tests.support.gateway.FakeUsage;

/// Answers of an Anthropic upstream. Those that depend on the request (streamed or not, which model) are
/// functions.
///
///     upstream.next(Replies.toolUse("Bash", Map.of("command", "ls")), Replies.text("Two files."));
///     upstream.next(Replies.text("a b c").andThen(reply -> reply.cutAfter(4)));
///
/// A script that skips the agent's side calls, which offer no tools:
///
///     var script = Replies.script(Replies.toolUse("Read", Map.of("file_path", "/a")), Replies.text("done"));
///     upstream.handle(call -> call.json().path("tools").isEmpty() ? upstream.standard(call) : script.apply(call));
public final class Replies {

    private static final FakeUsage SOME = FakeUsage.of(25, 12);

    private Replies() {}

    /// A text, streamed word by word where the request asks for a stream.
    public static Function<Recorded, Reply> text(String text) {
        return text(text, SOME);
    }

    /// A text and its usage.
    public static Function<Recorded, Reply> text(String text, FakeUsage usage) {
        return message(List.of(AnthropicReply.textBlock(text)), "end_turn", usage);
    }

    /// A call of a tool, its input streamed in slices where the request asks for a stream.
    public static Function<Recorded, Reply> toolUse(String name, Map<String, ?> input) {
        return toolUse(name, input, SOME);
    }

    /// A tool call and its usage.
    public static Function<Recorded, Reply> toolUse(String name, Map<String, ?> input, FakeUsage usage) {
        return call -> {
            var blocks = List.of(
                    AnthropicReply.textBlock("I'll use " + name + "."),
                    AnthropicReply.toolBlock(name, TestJson.object(input)));
            return message(blocks, "tool_use", usage).apply(call);
        };
    }

    /// An error in Anthropic's format, such as 529 `overloaded_error`.
    public static Reply error(int status, String type, String message) {
        return Reply.json(status, errorBody(type, message));
    }

    /// A stream that starts well and then carries an error event instead of its second half.
    public static Function<Recorded, Reply> errorInStream(String text, String type, String message) {
        return call -> {
            var whole = text(text).apply(call).parts();
            var events = whole.subList(0, whole.size() / 2).stream()
                    .map(part -> new String(((Reply.Part.Bytes) part).bytes(), StandardCharsets.UTF_8));
            var error = AnthropicReply.event(errorBody(type, message));
            return Reply.events(Stream.concat(events, Stream.of(error)).toList());
        };
    }

    /// These answers in turn; a request after the last one fails the fixture.
    @SafeVarargs
    public static Function<Recorded, Reply> script(Function<Recorded, Reply>... answers) {
        var next = new AtomicInteger();
        return call -> {
            var turn = next.getAndIncrement();
            if (turn >= answers.length) {
                throw new AssertionError(
                        "the script has " + answers.length + " answers and is over, but there came " + call);
            }
            return answers[turn].apply(call);
        };
    }

    private static Function<Recorded, Reply> message(List<ObjectNode> content, String stopReason, FakeUsage usage) {
        return call -> {
            var request = call.json();
            var model = request.path("model").asText("unknown-model");
            return new AnthropicReply(model, content, stopReason, usage)
                    .reply(request.path("stream").asBoolean());
        };
    }

    private static ObjectNode errorBody(String type, String message) {
        var body = TestJson.object().put("type", "error");
        body.putObject("error").put("type", type).put("message", message);
        return body;
    }
}
