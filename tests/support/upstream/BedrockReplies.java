package tests.support.upstream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.CRC32;
import tests.support.TestJson;

/// Answers of Bedrock's invoke methods: Anthropic's message, or its events in AWS event-stream frames.
///
///     gateway.handle(BedrockReplies.of(Replies.text("hello")));
///
/// @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html">the event
///     stream's frames</a>
public final class BedrockReplies {
    private BedrockReplies() {}

    /// The Anthropic answer as Bedrock gives it: framed for `invoke-with-response-stream`, plain for `invoke`.
    public static Function<Recorded, Reply> of(Function<Recorded, Reply> anthropic) {
        return call -> {
            if (!call.path().endsWith("/invoke-with-response-stream")) return anthropic.apply(call);
            var streaming = TestJson.object().put("stream", true).put("model", "on-bedrock");
            var asked = new Recorded(
                    call.method(),
                    call.target(),
                    call.headers(),
                    TestJson.write(streaming).getBytes(StandardCharsets.UTF_8));
            var frames = new ArrayList<Reply.Part>();
            for (var part : anthropic.apply(asked).parts()) {
                if (part instanceof Reply.Part.Bytes(var event))
                    data(event).ifPresent(json -> frames.add(new Reply.Part.Bytes(frame(json))));
            }
            return new Reply(200, headers(), List.copyOf(frames), true);
        };
    }

    private static Map<String, List<String>> headers() {
        var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Content-Type", List.of("application/vnd.amazon.eventstream"));
        return headers;
    }

    private static Optional<String> data(byte[] event) {
        return new String(event, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .findFirst();
    }

    /// A frame that carries an event's JSON.
    public static byte[] frame(String json) {
        var payload = TestJson.write(TestJson.object()
                        .put("bytes", Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8))))
                .getBytes(StandardCharsets.UTF_8);
        var headers = new ByteArrayOutputStream();
        header(headers, ":event-type", "chunk");
        header(headers, ":content-type", "application/json");
        header(headers, ":message-type", "event");
        var total = 12 + headers.size() + payload.length + 4;
        var frame = ByteBuffer.allocate(total).putInt(total).putInt(headers.size());
        frame.putInt(crc(frame.array(), 8)).put(headers.toByteArray()).put(payload);
        return frame.putInt(crc(frame.array(), total - 4)).array();
    }

    private static void header(ByteArrayOutputStream out, String name, String value) {
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        out.write(7);
        out.write(value.length() >> 8);
        out.write(value.length());
        out.writeBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    private static int crc(byte[] bytes, int length) {
        var crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
