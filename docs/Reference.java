///usr/bin/env jbang "$0" "$@" ; exit $?
package docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.cli.Cli;
import lib.cli.help.CommandPage;
import lib.cli.help.CommandPage.Item;
import picocli.CommandLine.Model.CommandSpec;

//JAVA 25+
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED
//SOURCES ../rpkai.java
//SOURCES ManPage.java

/// Writes down what the commands say of themselves: `docs/commands.md`, and a man page for each in `docs/man`. A
/// test holds them to what is true.
///
///     ./jbang docs/Reference.java
public final class Reference {
    private Reference() {}

    public static void main(String... args) throws IOException {
        var docs = Path.of(args.length > 0 ? args[0] : "docs");
        if (!Files.exists(docs.resolve("Reference.java"))) {
            System.err.println("Reference: run it from the repository's top folder");
            System.exit(2);
        }
        var files = files();
        if (Files.exists(docs.resolve("man"))) {
            try (var old = Files.list(docs.resolve("man"))) {
                for (var file : old.filter(file -> !files.containsKey("man/" + file.getFileName()))
                        .toList()) Files.delete(file);
            }
        }
        for (var file : files.entrySet()) {
            var path = docs.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    /// Every file by its path below `docs`.
    public static Map<String, String> files() {
        var pages = all(Cli.commands()).map(CommandPage::of).toList();
        var files = new TreeMap<String, String>();
        for (var page : pages) files.put("man/" + ManPage.title(page.name()) + ".1", ManPage.of(page));
        var text = new StringBuilder("""
                # Commands

                Made from the commands themselves by `./jbang docs/Reference.java`; `rpkai COMMAND --help` says the \
                same.

                """);
        for (var page : pages)
            text.append("- [%s](#%s): %s\n".formatted(page.name(), page.name().replace(' ', '-'), page.summary()));
        pages.forEach(page -> section(page, text));
        files.put("commands.md", text.toString());
        return files;
    }

    private static void section(CommandPage page, StringBuilder text) {
        text.append("\n## ")
                .append(page.name())
                .append("\n\n")
                .append(plain(page.summary()))
                .append('\n');
        page.prose().forEach(prose -> text.append('\n').append(plain(prose)).append('\n'));
        text.append("\n```\n").append(page.synopsis()).append("\n```\n");
        if (!page.aliases().isEmpty())
            text.append("\nAliases: `")
                    .append(String.join("`, `", page.aliases()))
                    .append("`\n");
        if (!page.commands().isEmpty()) {
            text.append("\n| command | |\n| --- | --- |\n");
            page.commands()
                    .forEach(below -> text.append("| [%s](#%s) | %s |\n"
                            .formatted(
                                    below.name(),
                                    (page.name() + " " + below.name()).replace(' ', '-'),
                                    cell(below.summary()))));
        }
        var sections = new ArrayList<Map.Entry<String, List<Item>>>();
        if (!page.arguments().isEmpty()) sections.add(Map.entry("Arguments", page.arguments()));
        sections.addAll(page.options().entrySet());
        if (!page.name().contains(" ")) sections.add(Map.entry("Global options", page.globals()));
        for (var each : sections) {
            text.append("\n| ").append(each.getKey().toLowerCase(Locale.ROOT)).append(" | |\n| --- | --- |\n");
            each.getValue()
                    .forEach(item -> text.append(
                            "| `%s` | %s |\n".formatted(cell(item.usage().strip()), cell(item.description()))));
        }
        if (!page.examples().isEmpty())
            text.append("\n```sh\n").append(String.join("\n", page.examples())).append("\n```\n");
    }

    private static String cell(String text) {
        return plain(text.replace("|", "\\|"));
    }

    private static String plain(String text) {
        return text.replace("<", "&lt;");
    }

    private static Stream<CommandSpec> all(CommandSpec command) {
        return Stream.concat(
                Stream.of(command),
                command.subcommands().values().stream().distinct().flatMap(line -> all(line.getCommandSpec())));
    }
}
