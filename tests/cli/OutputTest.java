package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;

/// The formats, by way of the commands that print in them.
class OutputTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "1.5",
                "1e3",
                "0x1F",
                "true",
                "null",
                "~",
                "no",
                "",
                " x ",
                "a: b",
                "# c",
                "- d",
                "\u00fc\ud83d\ude42",
                "a\tb",
                "\"q\"",
                "'q'",
                "2026-01-01",
                "*a",
                "!b",
                "a|b",
                "007",
                "[x]"
            })
    void aTextIsTheSameTextInJsonAndInYaml(String text) throws IOException {
        try (var gateway = FakeGateway.start()) {
            gateway.provider(ProviderJson.anthropic("p", "m", text.isEmpty() ? "x" : text)
                    .put("displayName", text));
            var machine = new Machine(temp)
                    .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                    .with("RPAI_TOKEN", "t");

            var json = new ObjectMapper()
                    .readTree(machine.run("llm", "get", "p", "-o", "json").out());
            var yaml = new YAMLMapper()
                    .readTree(machine.run("llm", "get", "p", "-o", "yaml").out());

            assertEquals(text, json.path("displayName").asText());
            assertEquals(json, yaml);
        }
    }

    @Test
    void aCellOfAMarkdownTableCannotEndItsCell() {
        var machine = new Machine(temp);
        machine.run("env", "add", "a|b", "--ai-gateway-url", "http://a");

        assertTrue(machine.run("env", "list", "--local", "-o", "markdown")
                .out()
                .endsWith("| * | a\\|b | http://a | device |\n"));
    }

    @Test
    void everyFieldOfAnObjectIsALineIncludingNestedOnes() {
        try (var gateway = FakeGateway.start()) {
            var provider = ProviderJson.anthropic("p", "a", "b", "c")
                    .put("displayName", "x|y")
                    .put("url", "");
            provider.putObject("tags").put("Team_a", "1").put("b", "");
            gateway.provider(provider);

            var out = at(gateway).run("llm", "get", "p").out();

            assertTrue(out.contains("\nTAGS                            Team_a=1, b=\n"), out);
            assertTrue(out.contains("\nANTHROPIC CONFIG / API KEY REF  ANTHROPIC_API_KEY\n"), out);
            assertTrue(out.contains("\nPROVIDER MODELS                 b, c\n"), out);
            assertTrue(out.contains("\nCREATED AT                      2026-09-01T08:00:00Z\n"), out);
        }
    }

    @Test
    void aTableIsAsWideAsTheTerminalAndNothingIsLost() {
        try (var gateway = FakeGateway.start()) {
            gateway.provider(ProviderJson.anthropic("claude", "claude-sonnet-5-5", "claude-opus-5", "claude-haiku-5"))
                    .provider(ProviderJson.openai("a-provider-with-a-long-name", "x".repeat(36)));
            var machine = at(gateway).typing("").with("NO_COLOR", "1");

            assertEquals("""
                    NAME                         TYPE       ENABLED  MODELS
                    a-provider-with-a-long-name  openai     yes      xxxxxxxxxxxxxx
                                                                     xxxxxxxxxxxxxx
                                                                     xxxxxxxx
                    claude                       anthropic  yes      claude-sonnet-
                                                                     5-5,
                                                                     claude-opus-5,
                                                                     claude-haiku-5
                    """, machine.with("COLUMNS", "63").run("llm", "list").out());
            assertTrue(machine.run("llm", "list", "-o", "wide").out().lines().anyMatch(line -> line.length() > 80));
            assertTrue(
                    machine.with("COLUMNS", "50")
                            .run("llm", "list")
                            .out()
                            .startsWith("NAME     a-provider-with-a-long-name\nTYPE     openai\nENABLED  yes\nMODELS   "
                                    + "x".repeat(36) + "\n\nNAME     claude\n"),
                    machine.run("llm", "list").out());
            assertTrue(machine.with("COLUMNS", "20").run("llm", "list").out().contains("a-prov"));
            assertTrue(
                    at(gateway).with("COLUMNS", "20").run("llm", "list").out().contains("x".repeat(36)),
                    "in a pipe nothing is broken");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "日本語,6",
        "ＡＢ,4",
        "ﾊﾝ,2",
        "e\u0301,1",
        "\uD83D\uDE42,2",
        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67,2",
        "\uD83C\uDDE9\uD83C\uDDEA,2",
        "\u2764\uFE0F,2",
        "\u2764,1",
        "한국,4",
        "\u00FC,1",
        "\u200B,0",
        "、,2",
        "\u2026,1"
    })
    void aColumnIsAsWideAsItsLettersAre(String text, int cells) {
        try (var gateway = FakeGateway.start()) {
            gateway.provider(ProviderJson.anthropic("p", "m").put("displayName", text));

            var line = at(gateway)
                    .run("llm", "list", "-o", "wide")
                    .out()
                    .lines()
                    .toList()
                    .get(1);

            var gap = Math.max(cells, "DISPLAY NAME".length()) - cells + 2;
            assertTrue(line.contains("  " + text + " ".repeat(gap) + "http"), line);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,,,true", "true,1,,false", "true,,dumb,false", "false,,,false"})
    void colourIsForTerminalsThatWantIt(boolean terminal, String noColor, String term, boolean colored) {
        try (var gateway = FakeGateway.start()) {
            gateway.provider(ProviderJson.anthropic("p"));
            var machine = at(gateway);
            if (terminal) machine.typing("");
            if (noColor != null) machine.with("NO_COLOR", noColor);
            if (term != null) machine.with("TERM", term);

            assertEquals(colored, machine.run("llm", "list").out().contains("\u001b"));
            assertEquals(colored, machine.run("llm", "check", "p").out().contains("\u001b"));
            assertFalse(machine.run("--no-color", "llm", "list").out().contains("\u001b"));
            assertFalse(machine.run("llm", "list", "-o", "json").out().contains("\u001b"));
        }
    }

    private Machine at(FakeGateway gateway) {
        return new Machine(temp)
                .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", "t");
    }

    @Test
    void anObjectInMarkdownIsATableOfItsFields() {
        var out = new Machine(temp).run("auth", "status", "-o", "markdown").out();

        assertEquals("| FIELD | VALUE |\n| --- | --- |\n| LOGGED IN | false |\n| AUTH MODE | device |\n", out);
    }

    @Test
    void anEmptyListIsAHeaderOrAnEmptyList() {
        var machine = new Machine(temp);

        assertEquals(
                "CURRENT  NAME  AI GATEWAY  AUTH  ID  ORGANIZATION  DESCRIPTION\n",
                machine.run("env", "list", "-o", "wide").out());
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
            assertEquals(
                    "t\n",
                    new Machine(temp)
                            .run("auth", "token", "--token", "t", "-o", format)
                            .out());
        }
    }
}
