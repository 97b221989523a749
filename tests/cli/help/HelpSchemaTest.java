package tests.cli.help;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import lib.cli.help.CommandPage;
import lib.cli.help.HelpSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

/// `--help -o json`: the same help for programs.
class HelpSchemaTest {
    @TempDir
    Path temp;

    @Test
    void aCommandIsDescribedWithItsWordsItsFlagsAndItsExamples() throws IOException {
        var schema = help("llm", "create", "--help", "-o", "json");

        assertEquals("rpkai llm create", schema.path("name").asText());
        assertEquals("NAME", schema.at("/arguments/0/name").asText());
        assertFalse(schema.at("/arguments/0/required").asBoolean());
        assertEquals(
                json(("{'names': ['-f', '--filename'], 'section': 'Options', 'value': 'FILE', "
                                + "'valueOptional': false, 'description': '%s', 'type': 'string', 'required': "
                                + "false, 'repeatable': false}")
                        .formatted(
                                option(schema, "--filename").path("description").asText())),
                option(schema, "--filename"));
        assertEquals("boolean", option(schema, "--enabled").path("type").asText());
        assertTrue(option(schema, "--provider-models").path("repeatable").asBoolean());
        assertEquals(
                List.of("openai", "anthropic", "google", "bedrock", "openai_compatible"),
                option(schema, "--type")
                        .path("choices")
                        .valueStream()
                        .map(JsonNode::asText)
                        .toList());
        assertTrue(schema.path("examples").get(0).asText().startsWith("rpkai llm create"));
    }

    @Test
    void aDefaultThatIsASentenceIsNotGivenAsAValue() throws IOException {
        assertTrue(option(help("run", "codex", "--help", "-o", "json"), "--model")
                .path("default")
                .isMissingNode());
        assertEquals(
                "streamable_http",
                option(help("mcp", "create", "--help", "-o", "json"), "--transport")
                        .path("default")
                        .asText());
    }

    @Test
    void requiredFlagsDefaultsAndVariablesAreIncluded() throws IOException {
        assertTrue(option(help("-o", "json", "budget", "set", "--help"), "--period")
                .path("required")
                .asBoolean());
        var warn = option(help("budget", "set", "-h", "-o=json"), "--warn");
        assertEquals(
                "integer 80",
                warn.path("type").asText() + " " + warn.path("default").asText());
        var config =
                help("version", "--help", "-o", "json").path("globalOptions").get(0);
        assertEquals(
                "RPAI_CONFIG ~/.rpai/config",
                config.path("env").asText() + " " + config.path("default").asText());
    }

    @Test
    void theRootHasEveryCommandBelowIt() throws IOException {
        var root = help("--help", "-o", "json");

        assertEquals(
                HelpTextTest.all().map(CommandPage::of).map(CommandPage::name).toList(),
                names(root).toList());
        assertEquals(
                List.of("llm-provider", "llm-providers", "provider", "lp"),
                root.path("subcommands")
                        .valueStream()
                        .filter(each -> each.path("name").asText().equals("rpkai llm"))
                        .findFirst()
                        .orElseThrow()
                        .path("aliases")
                        .valueStream()
                        .map(JsonNode::asText)
                        .toList());
    }

    @Test
    void everyFlagOfTheHelpIsInTheSchemaToo() {
        HelpTextTest.all().forEach(spec -> {
            var schema = HelpSchema.of(spec);
            CommandPage.of(spec).options().values().stream()
                    .flatMap(List::stream)
                    .forEach(item -> assertEquals(
                            item.text(),
                            option(schema, item.names().getLast())
                                    .path("description")
                                    .asText(),
                            item.toString()));
        });
    }

    @Test
    void aVariableAloneDoesNotTurnTheHelpIntoJson() {
        assertTrue(new Machine(temp)
                .with("RPAI_FORMAT", "json")
                .run("version", "--help")
                .out()
                .startsWith("Prints the version"));
    }

    private JsonNode help(String... args) throws IOException {
        var result = new Machine(temp).run(args);
        assertEquals(0, result.exitCode(), result.err());
        return new ObjectMapper().readTree(result.out());
    }

    private static java.util.stream.Stream<String> names(JsonNode command) {
        return java.util.stream.Stream.concat(
                java.util.stream.Stream.of(command.path("name").asText()),
                command.path("subcommands").valueStream().flatMap(HelpSchemaTest::names));
    }

    private static JsonNode option(JsonNode schema, String name) {
        return schema.path("options")
                .valueStream()
                .filter(option -> option.path("names")
                        .valueStream()
                        .anyMatch(each -> each.asText().equals(name)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + schema));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
