package lib.gateway.formats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The beta features of Anthropic's API that Bedrock supports. Bedrock rejects a request that names any other,
/// and agents name those of Anthropic's own API.
///
/// @see <a
///
/// href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html">
///     `anthropic_beta` on Bedrock</a>
final class BedrockBetas {
    private static final Set<String> TAKEN = Set.of(
            "compact-2026-01-12",
            "computer-use-2024-10-22",
            "computer-use-2025-01-24",
            "computer-use-2025-11-24",
            "context-1m-2025-08-07",
            "context-management-2025-06-27",
            "dev-full-thinking-2025-05-14",
            "effort-2025-11-24",
            "fine-grained-tool-streaming-2025-05-14",
            "interleaved-thinking-2025-05-14",
            "output-128k-2025-02-19",
            "thinking-token-count-2026-05-13",
            "token-efficient-tools-2025-02-19",
            "tool-examples-2025-10-29",
            "tool-search-tool-2025-10-19");
    private static final JsonFactory JSON = new JsonFactory();

    private BedrockBetas() {}

    /// Returns the supported part of an `anthropic-beta` header; empty if nothing remains.
    static Optional<String> filtered(String header) {
        return Optional.of(Stream.of(header.split(","))
                        .map(String::strip)
                        .filter(TAKEN::contains)
                        .collect(Collectors.joining(",")))
                .filter(value -> !value.isEmpty());
    }

    /// Returns a request body with a filtered `anthropic_beta` and all other bytes unchanged. A body that is not
    /// a JSON object is left to the upstream.
    static byte[] filtered(byte[] body) {
        try (var parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) return body;
            var out = new ByteArrayOutputStream(body.length);
            var copied = 0;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var field = parser.currentName();
                if (parser.nextToken() != JsonToken.START_ARRAY || !field.equals("anthropic_beta")) {
                    parser.skipChildren();
                    continue;
                }
                var start = (int) parser.currentTokenLocation().getByteOffset();
                var kept = kept(parser);
                // The body is not UTF-8 text, so that byte offsets would be wrong.
                if (start < 0) return body;
                out.write(body, copied, start - copied);
                out.writeBytes(kept.getBytes(StandardCharsets.UTF_8));
                copied = (int) parser.currentLocation().getByteOffset();
            }
            out.write(body, copied, body.length - copied);
            return out.toByteArray();
        } catch (IOException e) {
            return body;
        }
    }

    private static String kept(JsonParser array) throws IOException {
        var kept = JsonNodeFactory.instance.arrayNode();
        while (array.nextToken() != JsonToken.END_ARRAY) {
            var taken = array.currentToken() == JsonToken.VALUE_STRING && TAKEN.contains(array.getText());
            if (taken) kept.add(array.getText());
            array.skipChildren();
        }
        return kept.toString();
    }
}
