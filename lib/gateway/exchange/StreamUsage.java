package lib.gateway.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Obtains the usage of a streamed chat. An OpenAI-compatible upstream sends it in a separate chunk, and only if
/// the request asks for it. For providers with `requestStreamUsage` the gateway asks, and removes the chunk from
/// the answer.
///
///     StreamUsage.ask(exchange);                       // "stream_options":{"include_usage":true}
///     StreamUsage.without("data: {\"choices\":[],\"usage\":{…}}\n\n".getBytes());   // nothing
///
/// @see <a
///
/// href="https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options">`stream_options`</a>
public final class StreamUsage {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OPTIONS = "stream_options";
    private static final String INCLUDE = "include_usage";

    private StreamUsage() {}

    /// Changes a streamed chat request so that it asks for usage, unless it does already. All other bytes, and
    /// all other requests, stay unchanged.
    @SuppressWarnings("ReferenceEquality") // whether it was changed
    public static void ask(Exchange exchange) throws IOException {
        var encoding = exchange.request().headers().all(HeaderNames.CONTENT_ENCODING, List::of);
        if (!exchange.method().equals("POST")
                || !exchange.target().path().endsWith("completions")
                || !encoding.isEmpty()) return;
        var body = exchange.body().bytes();
        var asking = asking(body);
        if (asking != body) exchange.body().replaceAskingForUsage(asking);
    }

    /// Returns the body with the request for usage; unchanged if it asks already or does not stream.
    static byte[] asking(byte[] body) {
        try (var parser = FACTORY.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) return body;
            int begin = (int) parser.currentLocation().getByteOffset();
            var streams = false;
            ObjectNode options = null;
            int from = begin, to = begin;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var field = parser.currentName();
                var value = parser.nextToken();
                if (field.equals("stream")) streams = value == JsonToken.VALUE_TRUE;
                if (!field.equals(OPTIONS)) {
                    parser.skipChildren();
                    continue;
                }
                from = (int) parser.currentTokenLocation().getByteOffset();
                options = JSON.readTree(parser) instanceof ObjectNode object ? object : JSON.createObjectNode();
                to = (int) parser.currentLocation().getByteOffset();
            }
            // The body is not UTF-8 text, so that byte offsets would be wrong.
            if (!streams
                    || from < 0
                    || to < from
                    || options != null && options.path(INCLUDE).asBoolean()) return body;
            var more = options == null
                    ? "\"%s\":{\"%s\":true},".formatted(OPTIONS, INCLUDE)
                    : options.put(INCLUDE, true).toString();
            var out = new ByteArrayOutputStream(body.length + more.length());
            out.write(body, 0, from);
            out.writeBytes(more.getBytes(StandardCharsets.UTF_8));
            out.write(body, to, body.length - to);
            return out.toByteArray();
        } catch (IOException noJson) {
            return body;
        }
    }

    /// Returns whether an answer may contain a usage chunk that its client did not request.
    ///
    /// @param headers the answer's headers, with names in lower case
    public static boolean isIn(Map<String, List<String>> headers, Exchange exchange) {
        if (!exchange.body().asksForUsage()) return false;
        var type = headers.getOrDefault("content-type", List.of("")).getFirst().toLowerCase(Locale.ROOT);
        var encoding =
                headers.getOrDefault("content-encoding", List.of("identity")).getFirst();
        return type.startsWith("text/event-stream") && encoding.equalsIgnoreCase("identity");
    }

    /// Returns a stream without the usage chunk.
    public static byte[] without(byte[] events) {
        var out = new ByteArrayOutputStream(events.length);
        try {
            var filter = new Without(out);
            filter.write(events, 0, events.length);
            filter.end();
        } catch (IOException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
        return out.toByteArray();
    }

    /// Removes the usage chunk from the stream that is written to it. An event is forwarded when it is complete;
    /// an event that is larger than any such chunk is forwarded as it arrives.
    public static final class Without extends FilterOutputStream {
        private static final int LARGEST = 64 * 1024;

        private final ByteArrayOutputStream event = new ByteArrayOutputStream(1024);
        private boolean isLarge;
        private boolean isBlank = true;

        public Without(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            int begin = from;
            for (int i = from; i < from + count; i++) {
                if (!endsEvent(bytes[i])) continue;
                add(bytes, begin, i + 1 - begin);
                endEvent();
                begin = i + 1;
            }
            add(bytes, begin, from + count - begin);
        }

        /// Returns whether a blank line ends at this byte.
        private boolean endsEvent(byte b) {
            if (b == '\r') return false;
            var ends = b == '\n' && isBlank;
            isBlank = b == '\n';
            return ends;
        }

        private void add(byte[] bytes, int from, int count) throws IOException {
            event.write(bytes, from, count);
            if (!isLarge && event.size() <= LARGEST) return;
            isLarge = true;
            pass();
        }

        private void endEvent() throws IOException {
            if (isLarge || !isUsage(event.toString(StandardCharsets.UTF_8))) pass();
            event.reset();
            isLarge = false;
        }

        private void pass() throws IOException {
            if (event.size() > 0) out.write(event.toByteArray());
            event.reset();
        }

        /// Ends the stream and forwards the rest of an incomplete event.
        public void end() throws IOException {
            pass();
            flush();
        }

        private static boolean isUsage(String event) {
            if (!event.contains("\"prompt_tokens\"")) return false;
            var data = event.lines()
                    .filter(line -> line.startsWith("data:"))
                    .map(line -> line.substring("data:".length()))
                    .collect(Collectors.joining("\n"));
            try {
                var chunk = JSON.readTree(data);
                return chunk.path("usage").isObject()
                        && chunk.path("choices").isArray()
                        && chunk.path("choices").isEmpty();
            } catch (JsonProcessingException noChunk) {
                return false;
            }
        }
    }
}
