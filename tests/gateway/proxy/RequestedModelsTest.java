package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import lib.gateway.exchange.GatewayError;
import lib.gateway.formats.RequestedModels;
import org.junit.jupiter.api.Test;

/// The reader of a request's models accepts and finds what Jackson does, whatever the pieces in which a body
/// arrives. Bodies come from a seed, as in [AllowlistPropertyTest].
class RequestedModelsTest {
    private static final int COUNT = 20 * Integer.getInteger("rpkai.fuzz", 3000);
    private static final long SEED = Long.getLong("rpkai.fuzz.seed", 1);
    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> TEXTS = List.of(
            "model",
            "m",
            "\u00e9",
            "\u4f60\u597d",
            "\ud83d\ude00",
            "\\n",
            "\\\"",
            "\\\\",
            "\\u0041",
            "\\ud83d",
            "\\/",
            "a much longer text without anything special in it",
            " ",
            "x",
            "\\t{",
            "]",
            "}");
    private static final List<String> SCALARS =
            List.of("0", "-1", "12.5", "1e9", "1E-7", "-0.0e+1", "true", "false", "null", "\"\"", "[]", "{}");
    /// What makes JSON wrong, in one place or another.
    private static final List<String> WRONG = List.of(
            "", ",", ":", "\"", "\\", "{", "}", "[", "]", "01", "1.", "-", "1e", "+1", ".5", "nul", "tru", "truee",
            "'x'", "\u0001", "\t", "/**/", "NaN", "\\x", "\\u12", "\ufeff", "\u00a0", "\u0000", "1 2", "\n");

    @Test
    void jsonIsAcceptedAndReadAsJacksonDoes() throws Exception {
        int accepted = 0;
        for (int i = 0; i < COUNT; i++) {
            var random = new Random(SEED * COUNT + i);
            var body = body(random);
            var expected = byJackson(body);
            var found = byPieces(body, random);
            assertEquals(expected, found, () -> HexFormat.of().formatHex(body));
            if (expected.isPresent()) accepted++;
        }
        assertTrue(accepted > COUNT / 10 && accepted < COUNT * 9 / 10, accepted + " of " + COUNT + " were accepted");
    }

    @Test
    void nestingThatNoServerReadsIsRefused() {
        var deep = ("{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}").getBytes(StandardCharsets.US_ASCII);
        assertThrows(GatewayError.class, () -> RequestedModels.in(new ByteArrayInputStream(deep)));
    }

    @Test
    void anEndlessNameIsRefused() {
        var body = ("{\"" + "x".repeat(1 << 20) + "\":1,\"model\":\"m\"}").getBytes(StandardCharsets.US_ASCII);
        assertThrows(GatewayError.class, () -> RequestedModels.in(new ByteArrayInputStream(body)));
    }

    /// The texts at the top-level key `model`, in order; empty if the body is refused.
    private static Optional<List<String>> byPieces(byte[] body, Random random) {
        var found = new ArrayList<String>();
        var models = new RequestedModels(found::add);
        try {
            for (int at = 0; at < body.length; ) {
                int count = Math.min(body.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 40));
                models.accept(body, at, count);
                at += count;
            }
            models.end();
            return Optional.of(found);
        } catch (GatewayError refused) {
            return Optional.empty();
        }
    }

    /// All values of `model`, at any depth but in messages.
    private static Optional<List<String>> byJackson(byte[] body) {
        var found = new ArrayList<String>();
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            try (var parser = JSON.createParser(new String(body, StandardCharsets.UTF_8))) {
                if (parser.nextToken() != JsonToken.START_OBJECT) return Optional.empty();
                for (int depth = 1; depth > 0; ) {
                    var token = parser.nextToken();
                    if (token == JsonToken.FIELD_NAME && isMessages(parser.currentName())) {
                        parser.nextToken();
                        parser.skipChildren();
                    } else if (token == JsonToken.FIELD_NAME && isModel(parser.currentName())) {
                        if (parser.nextToken() == JsonToken.VALUE_STRING) found.add(whole(parser.getText()));
                        else if (depth == 1 || parser.currentToken() != JsonToken.VALUE_NULL) return Optional.empty();
                    } else if (token.isStructStart()) {
                        depth++;
                    } else if (token.isStructEnd()) {
                        depth--;
                    }
                }
                return parser.nextToken() == null ? Optional.of(found) : Optional.empty();
            }
        } catch (IOException | RuntimeException malformed) {
            return Optional.empty();
        }
    }

    /// Servers ignore case, and strip what cannot be part of a name.
    private static boolean isModel(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").equalsIgnoreCase("model");
    }

    private static boolean isMessages(String name) {
        return name.replaceAll("[_-]", "").equalsIgnoreCase("messages");
    }

    /// Half a pair is refused in the name of a model, which Jackson accepts.
    private static String whole(String text) {
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))
            throw new IllegalArgumentException();
        return text;
    }

    private static byte[] body(Random random) {
        var json = new StringBuilder(space(random));
        object(json, random, 0);
        json.append(space(random));
        int wrongs = random.nextInt(3) == 0 ? 0 : random.nextInt(3);
        for (int i = 0; i < wrongs; i++) {
            int at = random.nextInt(json.length());
            if (random.nextBoolean()) json.deleteCharAt(at);
            else json.insert(at, WRONG.get(random.nextInt(WRONG.size())));
        }
        var bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(8) == 0)
            bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0x80);
        if (random.nextInt(10) == 0) {
            var cut = new ByteArrayOutputStream();
            cut.write(bytes, 0, random.nextInt(bytes.length + 1));
            return cut.toByteArray();
        }
        return bytes;
    }

    private static void object(StringBuilder json, Random random, int depth) {
        json.append('{').append(space(random));
        int fields = random.nextInt(4);
        for (int i = 0; i < fields; i++) {
            if (i > 0) json.append(',').append(space(random));
            json.append('"')
                    .append(name(random))
                    .append('"')
                    .append(space(random))
                    .append(':');
            value(json.append(space(random)), random, depth + 1);
            json.append(space(random));
        }
        json.append('}');
    }

    private static String name(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> "model";
            case 1 -> "messages";
            case 2 -> "m\\u006fdel";
            // Servers differ in how they read half a pair in a name.
            default -> "key" + text(random).replace("\\ud83d", "\\u4f60");
        };
    }

    private static void value(StringBuilder json, Random random, int depth) {
        int kind = random.nextInt(depth > 4 ? 2 : 4);
        switch (kind) {
            case 0 -> json.append('"').append(text(random)).append('"');
            case 1 -> json.append(SCALARS.get(random.nextInt(SCALARS.size())));
            case 2 -> object(json, random, depth);
            default -> {
                json.append('[').append(space(random));
                int items = random.nextInt(4);
                for (int i = 0; i < items; i++) {
                    if (i > 0) json.append(',').append(space(random));
                    value(json, random, depth + 1);
                }
                json.append(space(random)).append(']');
            }
        }
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        int parts = random.nextInt(4);
        for (int i = 0; i < parts; i++) text.append(TEXTS.get(random.nextInt(TEXTS.size())));
        return text.toString();
    }

    private static String space(Random random) {
        return random.nextInt(4) > 0 ? "" : " \t\r\n".substring(0, random.nextInt(5));
    }
}
