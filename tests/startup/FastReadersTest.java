package tests.startup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lib.config.ConfigFile;
import lib.startup.FastConfig;
import lib.startup.FastJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The readers that only exist to start faster, against the libraries that they stand in for: each reads the same,
/// or declines.
class FastReadersTest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final RandomInput random = new RandomInput();

    @TempDir
    Path temp;

    @Test
    void aConfigIsReadAsTheYamlParserReadsItOrNotAtAll() throws IOException {
        int read = 0;
        for (int i = 0; i < 6_000; i++) {
            var yaml = config();
            if (random.rarely(2)) yaml = random.damaged(yaml, " \t\n:#'\"{}[],&*!|>%@`-?~0aZ=\\\u00e4\r");
            var file = Files.write(temp.resolve("fast"), yaml.getBytes(StandardCharsets.UTF_8));
            var fast = FastConfig.read(file).flatMap(FastConfig::tree);
            if (fast.isEmpty()) continue;
            read++;
            assertEquals(parsed(yaml), fast.get(), random.about(yaml));
            // The full reader, which a key in quotes takes.
            var full = ConfigFile.read(
                    Files.writeString(temp.resolve("full"), yaml.stripTrailing() + "\n'not plain': x\n"));
            assertEquals(full.profiles(), ConfigFile.read(file).profiles(), random.about(yaml));
            assertEquals(full.current(), ConfigFile.read(file).current(), random.about(yaml));
        }
        assertTrue(read > 500, "only " + read);
    }

    @Test
    void jsonIsReadAsJacksonReadsItOrNotAtAll() throws IOException {
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            var text = object(0) + random.one("", " ", "x", "}", "\n{}");
            if (random.rarely(3)) text = random.damaged(text, " \t\n\f{}[]:,\"\\'/*-+.eE01tfnul\u00e4\uFEFF\u0001");
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            var fast = FastJson.object(bytes);
            if (fast.isEmpty()) continue;
            read++;
            try (var parser = JSON.createParser(bytes)) {
                assertSame(JSON.<JsonNode>readTree(parser), fast.get(), random.about(text));
            } catch (IOException e) {
                throw new AssertionError(random.about(text), e);
            }
        }
        assertTrue(read > 5_000, "only " + read);
    }

    private JsonNode parsed(String yaml) {
        try {
            var tree = YAML.readTree(yaml);
            // An empty file is an empty config.
            return tree.isMissingNode() || tree.isNull() ? YAML.createObjectNode() : tree;
        } catch (IOException e) {
            throw new AssertionError(random.about(yaml), e);
        }
    }

    private static void assertSame(JsonNode full, Object fast, String message) {
        switch (fast) {
            case String text -> assertEquals(full.isTextual() ? full.textValue() : full, text, message);
            case Long number -> assertEquals(full.isIntegralNumber() ? full.longValue() : full, number, message);
            case Map<?, ?> map -> {
                assertTrue(full.isObject(), message);
                assertEquals(full.size(), map.size(), message);
                map.forEach((name, value) -> assertSame(full.path((String) name), value, message));
            }
            case List<?> list -> {
                assertTrue(full.isArray(), message);
                assertEquals(full.size(), list.size(), message);
                IntStream.range(0, list.size()).forEach(i -> assertSame(full.path(i), list.get(i), message));
            }
            default -> assertTrue(full.isBoolean() || full.isNull(), message);
        }
    }

    private String config() {
        var yaml = new StringBuilder(random.one("", "# a note\n", "\n"));
        yaml.append(random.one("", "current: " + scalar() + "\n"));
        if (!random.rarely(5)) {
            yaml.append("profiles:")
                    .append(random.one("", "", " # picked at sign-in"))
                    .append('\n');
            for (int n = random.below(3); n >= 0; n--) {
                yaml.append("  ")
                        .append(random.one("prod", "other", "a.b", "x_1", "7", "'q'"))
                        .append(":\n");
                for (int m = random.below(4); m >= 0; m--)
                    yaml.append("    ")
                            .append(random.one(
                                    "organization", "auth_mode", "issuer", "ai_gateway_url", "description", "id"))
                            .append(": ")
                            .append(random.rarely(6) ? "{id: cl-abc, name: " + scalar() + "}" : scalar())
                            .append(random.one("", "", " # why", " "))
                            .append('\n');
            }
        }
        if (random.rarely(3)) yaml.append("cloud:\n  issuer: ").append(scalar()).append('\n');
        return yaml.toString();
    }

    private String scalar() {
        return random.one(
                "prod",
                "other",
                "device",
                "none",
                "org_123",
                "'org 1'",
                "\"org_123\"",
                "''",
                "",
                "7",
                "0x1F",
                "1e3",
                "1_000",
                "12:30:45",
                "2026-01-02",
                ".5",
                "yes",
                "True",
                "null",
                "~",
                "NaN",
                "y",
                "Off",
                "https://a.b:8443/c?d=e",
                "http://localhost:8090",
                "it's (all), here",
                "a: b",
                "a #b",
                "a#b",
                "'it''s'",
                "\"a\\tb\"",
                "@at",
                "-x",
                "- x",
                "a -b",
                "/home/ada/x",
                "infinity",
                "Null",
                "truely");
    }

    private String object(int depth) {
        var members = new StringBuilder("{");
        for (int n = random.below(4), i = 0; i < n; i++)
            members.append(i == 0 ? "" : ",")
                    .append(random.one("", " ", "\n"))
                    .append('"')
                    .append(random.one("exp", "iat", "access_token", "a", "", "\u00e4", "b\\n"))
                    .append("\":")
                    .append(random.one("", " "))
                    .append(value(depth));
        return members.append("}").toString();
    }

    private String value(int depth) {
        if (depth < 3 && random.rarely(4)) return object(depth + 1);
        if (depth < 3 && random.rarely(5)) return "[" + value(depth + 1) + random.one("", "," + value(depth + 1)) + "]";
        return random.one(
                "\"a.b.c\"",
                "\"\"",
                "\"\u00e4\"",
                "\"\\u0041\"",
                "\"\uD83D\uDE00\"",
                "0",
                "7",
                "1790000000",
                "999999999999999999",
                "9223372036854775807",
                "99999999999999999999",
                "-1",
                "01",
                "1.5",
                "1e3",
                "true",
                "false",
                "null",
                "[]",
                "nul");
    }
}
