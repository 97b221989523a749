package lib.cli.help;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.cli.help.CommandPage.Item;
import picocli.CommandLine.Model.CommandSpec;

/// The output of `--help`: the summary first, then the details, and the flags of every command last. Text is
/// wrapped at 80 columns; examples are never wrapped.
///
///     System.out.print(HelpText.of(spec));
public final class HelpText {
    private static final int WIDTH = 80;
    /// The column at which descriptions begin; a longer flag gets a line of its own.
    private static final int COLUMN = 27;
    private static final String NO_BREAK = "\u00a0";
    private static final Map<String, List<String>> SECTIONS = sections();

    private final StringBuilder text = new StringBuilder();

    private HelpText() {}

    /// The help of a command.
    public static String of(CommandSpec spec) {
        var page = CommandPage.of(spec);
        var help = new HelpText();
        help.paragraph(page.summary());
        page.prose().forEach(prose -> help.line("").paragraph(prose));
        help.line("").wrapped("Usage: " + page.synopsis(), "  ");
        if (!page.aliases().isEmpty()) help.wrapped("Aliases: " + String.join(", ", page.aliases()), "  ");
        if (spec.parent() == null) help.overview(page);
        else help.commands("Commands", page.commands());
        help.items("Arguments", page.arguments());
        page.options().forEach(help::items);
        help.examples(page.examples());
        if (spec.parent() == null) help.items("Global options", page.globals());
        else help.globals(page.globals());
        return help.text.toString();
    }

    /// The top-level commands, grouped by purpose.
    private static Map<String, List<String>> sections() {
        var sections = new LinkedHashMap<String, List<String>>();
        sections.put("Launch an agent", List.of("run", "explain", "doctor", "connect", "alias", "new"));
        sections.put("Sign in and choose a gateway", List.of("auth", "env", "cloud"));
        sections.put("Manage a gateway's resources", List.of("llm", "model", "mcp", "usage", "budget", "ui"));
        sections.put("Run a gateway", List.of("gateway", "secret"));
        sections.put("Manage rpkai itself", List.of("install", "upgrade", "uninstall", "completion", "version"));
        return sections;
    }

    private void overview(CommandPage page) {
        SECTIONS.forEach((heading, names) -> commands(
                heading,
                page.commands().stream()
                        .filter(command -> names.contains(command.name()))
                        .sorted(Comparator.comparingInt(command -> names.indexOf(command.name())))
                        .toList()));
        commands(
                "More",
                page.commands().stream()
                        .filter(command ->
                                SECTIONS.values().stream().noneMatch(names -> names.contains(command.name())))
                        .toList());
    }

    private void commands(String heading, List<CommandPage.Below> commands) {
        if (commands.isEmpty()) return;
        line("").line(heading + ":");
        commands.forEach(command -> entry(command.name(), command.summary(), 14));
    }

    private void items(String heading, List<Item> items) {
        if (items.isEmpty()) return;
        line("").line(heading + ":");
        items.forEach(item -> entry(item.usage(), item.description(), COLUMN));
    }

    private void examples(List<String> examples) {
        if (examples.isEmpty()) return;
        line("").line(examples.size() == 1 ? "Example:" : "Examples:");
        examples.forEach(example -> line("  " + example));
    }

    /// Lists the global flags in short form; the overview explains them.
    private void globals(List<Item> globals) {
        var names = globals.stream()
                .map(item -> item.names().getFirst() + (item.label().isEmpty() ? "" : NO_BREAK + item.label()))
                .toList();
        line("").wrapped("Global options (see rpkai --help): " + String.join(", ", names), "  ");
    }

    private void entry(String name, String description, int column) {
        var lines = wrap(description, WIDTH - column);
        var rest = lines.stream();
        if (2 + name.length() + 2 > column) line("  " + name);
        else {
            line("  " + name + " ".repeat(column - 2 - name.length()) + lines.getFirst());
            rest = rest.skip(1);
        }
        // A flag that is longer than its column still ends at the page's right edge.
        rest.forEach(more -> line(" ".repeat(Math.clamp(WIDTH - more.length(), 0, column)) + more));
    }

    private void paragraph(String prose) {
        wrap(prose, WIDTH).forEach(this::line);
    }

    private void wrapped(String words, String indent) {
        var lines = wrap(words, WIDTH - indent.length());
        line(lines.getFirst());
        lines.stream().skip(1).forEach(more -> line(indent + more));
    }

    private HelpText line(String line) {
        text.append(line.replace(NO_BREAK, " ").stripTrailing()).append('\n');
        return this;
    }

    private static List<String> wrap(String prose, int width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : prose.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            if (!line.isEmpty()) line.append(' ');
            line.append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
