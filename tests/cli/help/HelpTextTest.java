package tests.cli.help;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import lib.cli.Cli;
import lib.cli.help.CommandPage;
import lib.cli.help.HelpText;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import tests.support.Repository;

/// Tests the `--help` text of every command.
class HelpTextTest {
    /// All help texts are in one file, so that a diff shows each change. To update it, run `tests/RunTests.java
    /// --filter HelpTextTest --update`.
    @Test
    void theHelpOfEveryCommandMatchesTheGoldenFile() throws IOException {
        var golden = Repository.root().resolve("tests/cli/help.txt");
        var text = new StringBuilder();
        all().forEach(command -> text.append("$ ")
                .append(command.qualifiedName())
                .append(" --help\n")
                .append(HelpText.of(command))
                .append('\n'));
        if (Boolean.getBoolean("rpkai.update")) Files.writeString(golden, text);

        assertEquals(
                Files.readString(golden),
                text.toString(),
                "look at the difference, then run tests/RunTests.java --filter HelpTextTest --update");
    }

    @Test
    void everyCommandOpensWithOneSentence() {
        var wrong = all().map(CommandPage::of)
                .filter(page -> !page.summary().matches("[A-Z][^\\n]{10,}\\.")
                        || page.summary().contains(". "))
                .map(CommandPage::name)
                .toList();

        assertEquals(List.of(), wrong);
    }

    @Test
    void everyCommandShowsItselfAtWork() {
        var wrong = all().map(CommandPage::of)
                .filter(page -> page.commands().isEmpty()
                        && page.examples().stream()
                                .noneMatch(example -> example.contains(page.name())
                                        || example.contains(page.name().replaceFirst("^rpkai", "jbang rpkai@org"))))
                .map(CommandPage::name)
                .toList();

        assertEquals(List.of(), wrong);
        assertEquals(
                List.of(),
                all().map(CommandPage::of)
                        .filter(page -> page.examples().isEmpty())
                        .map(CommandPage::name)
                        .toList());
    }

    @Test
    void nothingIsWiderThanEightyColumns() {
        all().flatMap(command -> HelpText.of(command).lines()).forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @Test
    void everyCommandHasItsPlaceInTheOverview() {
        assertTrue(!HelpText.of(Cli.commands()).contains("\nMore:\n"), "name it among HelpText's sections");
    }

    static Stream<CommandSpec> all() {
        return below(Cli.commands());
    }

    private static Stream<CommandSpec> below(CommandSpec command) {
        return Stream.concat(
                Stream.of(command),
                command.subcommands().values().stream().distinct().flatMap(line -> below(line.getCommandSpec())));
    }
}
