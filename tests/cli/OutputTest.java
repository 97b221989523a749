package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.FakeGateway;
import tests.support.Machine;
import tests.support.ProviderJson;

/// The formats, by way of the commands that print in them.
class OutputTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"5", "1.5", "1e3", "0x1F", "true", "null", "~", "no", "", " x ", "a: b", "# c", "- d", "\u00fc\ud83d\ude42", "a\tb", "\"q\"", "'q'", "2026-01-01", "*a", "!b", "a|b", "007", "[x]"})
    void aTextIsTheSameTextInJsonAndInYaml(String text) throws IOException {
        try (var gateway = FakeGateway.start()) {
            gateway.provider(ProviderJson.anthropic("p", "m", text.isEmpty() ? "x" : text).put("displayName", text));
            var machine = new Machine(temp).profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url())).with("RPAI_TOKEN", "t");

            var json = new ObjectMapper().readTree(machine.run("llm", "get", "p", "-o", "json").out());
            var yaml = new YAMLMapper().readTree(machine.run("llm", "get", "p", "-o", "yaml").out());

            assertEquals(text, json.path("displayName").asText());
            assertEquals(json, yaml);
        }
    }

    @Test
    void aCellOfAMarkdownTableCannotEndItsCell() {
        var machine = new Machine(temp);
        machine.run("env", "add", "a|b", "--ai-gateway-url", "http://a");

        assertTrue(machine.run("env", "list", "--local", "-o", "markdown").out().endsWith("| * | a\\|b | http://a | device |\n"));
    }

    @Test
    void anObjectInMarkdownIsATableOfItsFields() {
        var out = new Machine(temp).run("auth", "status", "-o", "markdown").out();

        assertEquals("| FIELD | VALUE |\n| --- | --- |\n| LOGGED IN | false |\n| AUTH MODE | device |\n", out);
    }

    @Test
    void anEmptyListIsAHeaderOrAnEmptyList() {
        var machine = new Machine(temp);

        assertEquals("CURRENT  NAME  AI GATEWAY  AUTH\n", machine.run("env", "list", "-o", "wide").out());
        assertEquals("[ ]\n", machine.run("env", "list", "-o", "json").out());
        assertEquals("[]\n", machine.run("env", "list", "-o", "yaml").out());
    }

    @Test
    void fieldNamesAreTheSameInEveryLanguage() throws Exception {
        var machine = new Machine(temp).profile("prod", "ai_gateway_url: http://a\n");
        var command = Machine.command("env", "show");
        command.addAll(1, List.of("-Duser.language=tr", "-Duser.country=TR"));

        var process = machine.process(command).redirectErrorStream(true).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor(), out);
        assertTrue(out.contains("AI GATEWAY URL  http://a\n"), out);
    }

    @Test
    void aTokenIsPrintedAloneOnItsLineInEveryFormat() {
        for (var format : new String[] {"table", "wide", "json", "yaml", "markdown"}) {
            assertEquals("t\n", new Machine(temp).run("auth", "token", "--token", "t", "-o", format).out());
        }
    }
}
