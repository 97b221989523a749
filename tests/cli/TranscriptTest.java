package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import lib.cli.Cli;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;
import tests.support.Repository;

/// Compares the output of every command, in every format on a terminal of 80 columns, with `transcripts/*.txt`.
/// Each line `$ rpkai …` there is run on a machine and against a gateway of its own ([Scene]); its output follows
/// it. To add a command, add such a line and run `tests/RunTests.java --filter TranscriptTest --update`.
class TranscriptTest {
    private static final Path FOLDER = Repository.root().resolve("tests/cli/transcripts");
    private static final List<String> FORMATS = List.of("wide", "json", "yaml", "markdown");
    /// The output of these commands has only one form: a token, a script, a page's address, a server's log, a
    /// launch.
    private static final Set<String> UNFORMATTED = Set.of(
            "auth login",
            "auth logout",
            "auth token",
            "cloud login",
            "cloud logout",
            "env use",
            "env add",
            "env rename",
            "env delete",
            "llm delete",
            "mcp delete",
            "run claude",
            "run codex",
            "run opencode",
            "run gemini",
            "run qwen",
            "run exec",
            "gateway",
            "gateway user update",
            "gateway user remove",
            "gateway client update",
            "gateway client remove",
            "ui",
            "secret set",
            "secret remove",
            "secret create",
            "secret update",
            "secret delete",
            "secret rotate-key",
            "alias",
            "new",
            "budget set",
            "budget create",
            "budget update",
            "budget delete",
            "install",
            "upgrade",
            "uninstall",
            "completion",
            "version");

    private static final List<String> COMMANDS = leaves(Cli.commands()).toList();
    private static final Scene SCENE = new Scene();

    @AfterAll
    static void end() {
        SCENE.close();
    }

    static Stream<String> transcripts() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void theOutputOfEveryCommandMatchesItsTranscript(String name) throws IOException {
        var file = FOLDER.resolve(name);
        var written = Files.readString(file);
        var now = new StringBuilder();
        var parsed = new HashMap<String, JsonNode>();
        for (var line : lines(written)) {
            var result = SCENE.run(line);
            now.append("$ ").append(line).append('\n').append(result.out());
            if (!result.err().isEmpty()) now.append("[stderr]\n").append(result.err());
            if (result.exitCode() != 0)
                now.append("[exit ").append(result.exitCode()).append("]\n");
            now.append('\n');
            checkForm(line, result.out(), parsed);
        }
        if (Boolean.getBoolean("rpkai.update")) Files.writeString(file, now);

        assertIterableEquals(
                Files.readAllLines(file),
                now.toString().lines().toList(),
                "look at the difference, then run tests/RunTests.java --filter TranscriptTest --update");
    }

    @Test
    void everyCommandIsThereInEveryFormat() throws IOException {
        var lines = new ArrayList<String>();
        for (var name : transcripts().toList()) lines.addAll(lines(Files.readString(FOLDER.resolve(name))));
        var missing = new ArrayList<String>();
        for (var command : COMMANDS) {
            var runs = lines.stream()
                    .map(line -> last(line) + " ")
                    .filter(line -> line.startsWith("rpkai " + command + " "))
                    .toList();
            if (runs.stream().noneMatch(line -> !line.contains(" -o "))) missing.add(command);
            if (!UNFORMATTED.contains(command))
                FORMATS.stream()
                        .filter(format -> runs.stream().noneMatch(line -> line.contains(" -o " + format + " ")))
                        .forEach(format -> missing.add(command + " -o " + format));
        }

        assertEquals(List.of(), missing, "add a line $ rpkai … to a file in tests/cli/transcripts");
    }

    /// A table fits the terminal; JSON and YAML are valid and have the same content.
    private static void checkForm(String line, String out, Map<String, JsonNode> parsed) throws IOException {
        var words = last(line).split(" -o ");
        var command = COMMANDS.stream()
                .filter(leaf -> words[0].concat(" ").startsWith("rpkai " + leaf + " "))
                .max(Comparator.comparingInt(String::length))
                .orElse("");
        if (UNFORMATTED.contains(command)) return;
        switch (words.length == 1 ? "table" : words[1]) {
            case "table" -> {
                if (command.equals("connect")) return; // what is pasted is not broken
                out.lines().forEach(each -> assertTrue(each.length() <= Scene.COLUMNS, line + ": " + each));
            }
            case "json" ->
                parsed.put(line.replace(" -o json", ""), out.isEmpty() ? null : new ObjectMapper().readTree(out));
            case "yaml" ->
                assertEquals(
                        parsed.get(line.replace(" -o yaml", "")),
                        out.isEmpty() ? null : new YAMLMapper().readTree(out),
                        line);
            default -> {}
        }
    }

    /// The command that a line is about.
    private static String last(String line) {
        return line.replaceFirst(".* (&&|\\|) ", "");
    }

    private static List<String> lines(String transcript) {
        return transcript
                .lines()
                .filter(line -> line.startsWith("$ rpkai "))
                .map(line -> line.substring(2))
                .toList();
    }

    private static Stream<String> leaves(CommandSpec command) {
        var below = command.subcommands().values().stream().distinct().flatMap(line -> leaves(line.getCommandSpec()));
        var isRun = command.subcommands().isEmpty()
                || command.userObject() instanceof Runnable
                || command.userObject() instanceof Callable;
        return isRun && command.parent() != null
                ? Stream.concat(Stream.of(command.qualifiedName().replaceFirst("^rpkai ", "")), below)
                : below;
    }
}
