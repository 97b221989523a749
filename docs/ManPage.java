package docs;

import java.util.List;
import java.util.Locale;
import lib.cli.help.CommandPage;
import lib.cli.help.CommandPage.Item;

/// A command's man page.
///
/// @see <a href="https://man7.org/linux/man-pages/man7/groff_man.7.html">The macros of man pages</a>
final class ManPage {
    private final StringBuilder text = new StringBuilder();

    private ManPage() {}

    /// `rpkai-llm-list`.
    static String title(String name) {
        return name.replace(' ', '-');
    }

    static String of(CommandPage page) {
        var man = new ManPage();
        man.macro(
                ".TH %s 1 \"\" \"rpkai\" \"rpkai\"".formatted(title(page.name()).toUpperCase(Locale.ROOT)));
        man.heading("NAME")
                .line(title(page.name()) + " \\- "
                        + escaped(lowerFirst(page.summary().replaceFirst("\\.$", ""))));
        man.heading("SYNOPSIS").bold(page.synopsis());
        man.heading("DESCRIPTION").line(escaped(page.summary()));
        page.prose().forEach(prose -> man.macro(".PP").line(escaped(prose)));
        if (!page.aliases().isEmpty()) man.macro(".PP").line("Aliases: " + escaped(String.join(", ", page.aliases())));
        man.items("ARGUMENTS", page.arguments());
        page.options().forEach((heading, items) -> man.items(heading.toUpperCase(Locale.ROOT), items));
        if (!page.commands().isEmpty()) man.heading("COMMANDS");
        page.commands()
                .forEach(below -> man.macro(".TP")
                        .bold(title(page.name() + " " + below.name()) + "(1)")
                        .line(escaped(below.summary())));
        man.items("GLOBAL OPTIONS", page.globals());
        man.heading("EXAMPLES").macro(".nf");
        page.examples().forEach(example -> man.line(escaped(example)));
        man.macro(".fi")
                .heading("EXIT STATUS")
                .line("0 when all is well, 1 for a failure or a refusal, 2 for bad usage; of an agent "
                        + "that was started, its own.");
        if (page.name().contains(" "))
            man.heading("SEE ALSO")
                    .line(escaped(title(page.name().substring(0, page.name().lastIndexOf(' ')))) + "(1)");
        return man.text.toString();
    }

    private void items(String heading, List<Item> items) {
        if (items.isEmpty()) return;
        heading(heading);
        items.forEach(item -> macro(".TP").bold(item.usage().strip()).line(escaped(item.description())));
    }

    private ManPage heading(String heading) {
        return macro(".SH " + (heading.contains(" ") ? "\"" + heading + "\"" : heading));
    }

    private ManPage bold(String words) {
        return macro(".B " + escaped(words));
    }

    private ManPage macro(String macro) {
        text.append(macro).append('\n');
        return this;
    }

    /// A line that begins like a macro is none.
    private ManPage line(String line) {
        text.append(line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line)
                .append('\n');
        return this;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("~", "\\(ti")
                .replace("\"", "\\(dq");
    }

    private static String lowerFirst(String text) {
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
