package lib.cli.completion;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.cli.help.CommandPage;
import lib.cli.help.CommandPage.Item;
import picocli.CommandLine.Model.CommandSpec;

/// A command as completion sees it.
///
/// @param path its words without `rpkai`, such as `llm list`; empty for the root
/// @param names the name and aliases of its last word
/// @param page the command's help page
/// @param below the commands below it
record CompletedCommand(String path, List<String> names, CommandPage page, List<CompletedCommand> below) {
    static CompletedCommand of(CommandSpec spec) {
        var page = CommandPage.of(spec);
        var names = new ArrayList<>(List.of(spec.name()));
        names.addAll(page.aliases());
        var below = spec.subcommands().values().stream()
                .distinct()
                .map(line -> of(line.getCommandSpec()))
                .toList();
        return new CompletedCommand(page.name().replaceFirst("^rpkai ?", ""), names, page, below);
    }

    /// This command and all commands below it.
    Stream<CompletedCommand> all() {
        return Stream.concat(Stream.of(this), below.stream().flatMap(CompletedCommand::all));
    }

    /// Its own flags.
    List<Item> flags() {
        return page.options().values().stream().flatMap(List::stream).toList();
    }

    /// The labels of its arguments, in their order.
    List<String> words() {
        return page.arguments().stream()
                .map(Item::label)
                .filter(label -> !label.startsWith("--"))
                .toList();
    }

    /// Returns whether the last argument may be repeated.
    boolean repeats() {
        return !page.arguments().isEmpty() && page.arguments().getLast().repeated();
    }

    /// The agent with which a provider must be usable here: the one that the command launches.
    String agent() {
        return path.matches("(run|explain) .*") ? names.getFirst() : "";
    }

    /// Flags that take a value, grouped by the label of the value.
    static Map<String, List<String>> byLabel(List<Item> flags) {
        var map = new LinkedHashMap<String, List<String>>();
        flags.stream()
                .filter(flag -> !flag.label().isEmpty())
                .forEach(
                        flag -> map.computeIfAbsent((flag.optional() ? "=" : "") + flag.label(), _ -> new ArrayList<>())
                                .addAll(flag.names()));
        return map;
    }
}
