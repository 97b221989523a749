package tests.support.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tests.support.Gate;
import tests.support.TestJson;

/// A fixture's answer: a status, headers, and a body in parts that can be held, cut or go on for ever.
///
///     upstream.next(Reply.of(200, "text/plain", "hello").header("X-Extra", "1"));
///     upstream.next(Replies.text("one two three").andThen(reply -> reply.holdAfter(4, gate)));
///
/// @param streamed chunked and flushed after every part; otherwise the body has a Content-Length
public record Reply(int status, Map<String, List<String>> headers, List<Part> parts, boolean streamed) {

    /// A piece of a body, or something that happens between two pieces.
    public sealed interface Part {
        /// Bytes to send.
        record Bytes(byte[] bytes) implements Part {}

        /// A wait for the test.
        record Held(Gate gate) implements Part {}

        /// The end of the connection, in the middle of the body.
        record Cut() implements Part {}

        /// The same bytes again and again until the client has gone.
        record UntilGone(byte[] beat) implements Part {}
    }

    /// A plain answer with a Content-Length.
    public static Reply of(int status, String contentType, String body) {
        return new Reply(status, headers("Content-Type", contentType), List.of(bytes(body)), false);
    }

    /// A JSON answer.
    public static Reply json(int status, JsonNode body) {
        return of(status, "application/json", TestJson.write(body));
    }

    /// Server-sent events, a part each; every event is given whole, with its empty line.
    public static Reply events(List<String> events) {
        var parts = events.stream().map(Reply::bytes).toList();
        return new Reply(200, headers("Content-Type", "text/event-stream; charset=utf-8"), parts, true)
                .header("Cache-Control", "no-cache");
    }

    /// A body in these pieces, each sent at once.
    public static Reply pieces(int status, String contentType, List<byte[]> pieces) {
        return new Reply(
                status,
                headers("Content-Type", contentType),
                pieces.stream().<Part>map(Part.Bytes::new).toList(),
                true);
    }

    /// No answer: the connection is closed before the status line.
    public static Reply dropped() {
        return new Reply(0, Map.of(), List.of(), false);
    }

    public boolean isDropped() {
        return status == 0;
    }

    /// The same with another status.
    public Reply status(int other) {
        return new Reply(other, headers, parts, streamed);
    }

    /// The same with one more header value.
    public Reply header(String name, String value) {
        var more = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        var values = new ArrayList<>(more.getOrDefault(name, List.of()));
        values.add(value);
        more.put(name, List.copyOf(values));
        return new Reply(status, more, parts, streamed);
    }

    /// Holds the body after its first `n` parts; 0 is after the headers.
    public Reply holdAfter(int n, Gate gate) {
        return insert(n, new Part.Held(gate));
    }

    /// Cuts the connection after the first `n` parts of the body.
    public Reply cutAfter(int n) {
        return insert(n, new Part.Cut());
    }

    /// After the first `n` parts sends comments, which readers of events ignore, until the client has gone.
    public Reply endlessAfter(int n) {
        return insert(n, new Part.UntilGone(": still here\n\n".getBytes(StandardCharsets.UTF_8)));
    }

    /// All bytes of the body.
    public byte[] bytes() {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            if (part instanceof Part.Bytes(var bytes)) {
                all.writeBytes(bytes);
            }
        }
        return all.toByteArray();
    }

    /// The same with a body of these bytes.
    public Reply body(byte[] bytes) {
        return new Reply(status, headers, List.of(new Part.Bytes(bytes)), streamed);
    }

    private Reply insert(int n, Part part) {
        var more = new ArrayList<>(parts);
        more.add(Math.min(n, more.size()), part);
        return new Reply(status, headers, List.copyOf(more), true);
    }

    private static Part bytes(String text) {
        return new Part.Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, List<String>> headers(String name, String value) {
        return Map.of(name, List.of(value));
    }
}
