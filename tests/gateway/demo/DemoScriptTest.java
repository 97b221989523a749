package tests.gateway.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.demo;
import static tests.gateway.TestGateway.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import lib.base.UserError;
import lib.gateway.demo.DemoScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.gateway.TestGateway;

class DemoScriptTest {
    private static final DemoScript SCRIPT = DemoScript.parse("""
            - when: tool_result
              say: "It printed {tool_result}."
            - when: (?i)^greet (\\w+)
              say: Hello {1}, says {model} to "{prompt}" {unknown}
            - when: ^read (.+)
              say: Reading.
              tool: {name: Read, input: {file_path: "{1}", lines: [1, "{0}"]}}
            - say: I know only two things.
            """);

    @Test
    void placeholdersAreFilledIn() throws Exception {
        assertEquals(
                "Hello Ada, says claude-x to \"Greet Ada please\" {unknown}",
                content("Greet Ada please", "Read").get(0).path("text").asText());
    }

    @Test
    void aRuleMaySpeakAndThenCallATool() throws Exception {
        var content = content("read a \\\"b\\\".txt", "Read");

        assertEquals("Reading.", content.get(0).path("text").asText());
        assertEquals(
                json("{\"file_path\": \"a \\\"b\\\".txt\", \"lines\": [1, \"read a \\\"b\\\".txt\"]}"),
                content.get(1).path("input"));
    }

    @Test
    void theFirstRuleThatFitsAnswers() throws Exception {
        assertEquals(
                "I know only two things.",
                content("read x", "Bash").get(0).path("text").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello                                   | not a list",
                "[]                                      | not a list",
                "- [                                     | not YAML",
                "- hello                                 | rule 1 is not a mapping",
                "[{say: a}, {when: x}]                   | rule 2 has neither say nor tool",
                "- {say: a, wehn: b}                     | rule 1 has an unknown key: wehn",
                "- {say: a, when: '('}                   | rule 1, when:",
                "- {tool: {input: {}}}                   | rule 1, tool: has no name",
                "- {tool: {name: x, input: y}}           | rule 1, tool: input is not a mapping",
                "- {tool: {name: x, inptu: {}}}          | rule 1, tool: has an unknown key: inptu",
                "- {say: a, when: [x]}                   | rule 1, when: is not a regular expression",
                "- {say: [a]}                            | rule 1, say: is not a string"
            })
    void anInvalidScriptIsReportedWithItsPosition(String yaml, String message) {
        var error = assertThrows(UserError.class, () -> DemoScript.parse(yaml));

        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @Test
    void aFileThatCannotBeUsedIsNamedInOneLine(@TempDir Path temp) throws Exception {
        var file = temp.resolve("script.yaml");
        assertEquals(
                "there is no demo script %s: check the path".formatted(file),
                assertThrows(UserError.class, () -> DemoScript.read(file)).line());

        Files.writeString(file, "- say: a\n- say: b\n  tool: {\n");
        assertTrue(assertThrows(UserError.class, () -> DemoScript.read(file))
                .line()
                .matches("the demo script cannot be used: it is not YAML at line \\d, column \\d+: .*: correct "
                        + file));

        Files.writeString(file, "- say: Moin\n");
        assertEquals(DemoScript.parse("[{say: Moin}]"), DemoScript.read(file));
    }

    private static JsonNode content(String prompt, String tool) throws Exception {
        try (var gateway = TestGateway.with(config -> config.withDemoScript(SCRIPT, () -> {}), demo())) {
            var answer = gateway.post("demo/v1/messages", """
                    {"model": "claude-x", "max_tokens": 100, "tools": [{"name": "%s"}],
                     "messages": [{"role": "user", "content": "%s"}]}""".formatted(tool, prompt));
            return json(answer.body()).path("content");
        }
    }
}
