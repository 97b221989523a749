package tests.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import lib.usage.extract.ModelReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "{\"model\":\"claude-sonnet-5-5\",\"messages\":[]} | claude-sonnet-5-5",
                "{\"messages\":[{\"model\":\"inner\",\"content\":\"a\\\\\"model\\\\\":\"}],"
                        + "\"tools\":{\"model\":\"inner\"},\"model\" : \"outer\"} | outer",
                "{\"model\":\"first\",\"model\":\"last\"} | last",
                "{\"model\":\"deepseek\\/deepseek-v4\"} | deepseek/deepseek-v4",
                "{\"model\":[\"a\"],\"x\":\"model\",\"y\":{\"z\":[[{\"model\":\"no\"}]]}} | ``",
                "{\"modelo\":\"no\",\"mode\":\"no\"} | ``",
                "[{\"model\":\"in an array\"}] | in an array",
                "{\"a\":\"ends in a backslash \\\\\\\\\",\"model\":\"behind it\"} | behind it"
            })
    void itIsTheOutermostObjectsModelWhereverTheRequestIsCut(String request, String model) {
        var bytes = request.replace("\\\\", "\\").getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) assertEquals(model, read(bytes, size), "in pieces of " + size);
    }

    @Test
    void aNameThatIsTooLongIsIgnored() {
        assertEquals("", read(("{\"model\":\"" + "m".repeat(513) + "\"}").getBytes(StandardCharsets.UTF_8), 100));
        assertEquals(
                "m".repeat(512),
                read(("{\"model\":\"" + "m".repeat(512) + "\"}").getBytes(StandardCharsets.UTF_8), 100));
    }

    /// Whatever surrounds the name, a parser finds the same one.
    @Test
    void aParserFindsTheSame() throws IOException {
        var random = new Random(7);
        var json = new ObjectMapper();
        for (int i = 0; i < 2_000; i++) {
            var request = json.createObjectNode();
            for (int j = random.nextInt(5); j > 0; j--) add(request, random, 0);
            if (random.nextBoolean()) request.put("model", "m" + random.nextInt(100));
            for (int j = random.nextInt(5); j > 0; j--) add(request, random, 0);
            var bytes = json.writeValueAsBytes(request);
            var expected =
                    request.path("model").isTextual() ? request.path("model").asText() : "";
            assertEquals(
                    expected,
                    read(bytes, 1 + random.nextInt(bytes.length)),
                    () -> new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static void add(ObjectNode node, Random random, int depth) {
        var key = random.nextInt(4) == 0 && depth > 0 ? "model" : "k\"" + random.nextInt(20);
        switch (random.nextInt(depth > 5 ? 3 : 5)) {
            case 0 -> node.put(key, random.nextLong());
            case 1 -> node.put(key, random.nextBoolean() ? "\"model\":\"x\"" : "}{][\\");
            case 2 -> node.putNull(key);
            case 3 -> add(node.putObject(key), random, depth + 1);
            default -> add(node.putArray(key).add("model").add(1.5e3).addObject(), random, depth + 1);
        }
    }

    private static String read(byte[] bytes, int size) {
        var reader = new ModelReader();
        for (int i = 0; i < bytes.length; i += size) reader.accept(bytes, i, Math.min(size, bytes.length - i));
        return reader.model();
    }
}
