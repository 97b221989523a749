package tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import lib.base.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same trees and the same text as Jackson's own mapper makes.
class JsonTest {
    private final ObjectMapper jackson = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "\"\"",
                "7",
                " {\"a\" : [1, -2, 2147483648, 9223372036854775808, 1.50, 1e3, 1E400, -0.0], \"b\": "
                        + "{\"c\": null, \"d\": false}} ",
                "[[], {}, [[{\"x\": []}]]]",
                "{\"a\": 1, \"a\": 2}",
                "{\"\": \"\\u0000 \\ud83d\\ude42 \\\" \\\\ \\n ünïcode 🙂 \\u007f\"}",
                "{} and more",
                "1 2"
            })
    void itReadsAndWritesAsJacksonDoes(String text) throws IOException {
        var expected = jackson.readTree(text);

        assertEquals(expected, Json.read(text));
        assertEquals(expected, Json.read(text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(expected.toString(), Json.text(expected));
        assertEquals(expected.toPrettyString(), Json.pretty(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "[1,", "{\"a\"}", "{\"a\":}", "[1,]", "nul", "\"", "'a'", "01", "NaN", "]", "{\"a\":1,}"})
    void invalidJsonIsRejected(String text) {
        assertThrows(JsonProcessingException.class, () -> jackson.readTree(text));
        assertThrows(JsonProcessingException.class, () -> Json.read(text));
        assertThrows(JsonProcessingException.class, () -> Json.readWhole(text));
    }

    @Test
    void nothingIsAMissingNode() throws IOException {
        assertTrue(Json.read("  ").isMissingNode());
        assertTrue(Json.readWhole("").isMissingNode());
    }

    @Test
    void behindAWholeTextNothingFollows() throws IOException {
        assertEquals("{}", Json.text(Json.readWhole(" {} \n")));
        assertThrows(JsonProcessingException.class, () -> Json.readWhole("{} {}"));
        assertThrows(JsonProcessingException.class, () -> Json.readWhole("{} x"));
    }

    @Test
    void noDepthIsTooMuchForTheStack() {
        assertThrows(JsonProcessingException.class, () -> Json.read("[".repeat(100_000)));
    }
}
