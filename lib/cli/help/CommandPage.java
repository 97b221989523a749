package lib.cli.help;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/// The documentation of one command, derived from the command itself. It is the source of `--help`, the man
/// page, the reference and completion.
///
///     CommandPage.of(spec).examples()   // [rpkai llm list -o json]
///
/// @param name the full name, such as `rpkai llm list`
/// @param aliases alternatives for its last word
/// @param summary one sentence
/// @param prose further paragraphs
/// @param arguments the command's arguments
/// @param options its own flags, by heading
/// @param globals the flags of every command
/// @param commands the commands below it
/// @param examples command lines that run
public record CommandPage(
        String name,
        List<String> aliases,
        String summary,
        List<String> prose,
        List<Item> arguments,
        Map<String, List<Item>> options,
        List<Item> globals,
        List<Below> commands,
        List<String> examples) {

    /// A flag or an argument.
    ///
    /// @param names the flag's names: the short one, the preferred one, then others; empty for an argument
    /// @param value its value
    /// @param optional whether it may be left out; of a flag, whether its value may be left out
    /// @param repeated whether it may be given several times
    /// @param required whether a flag must be given
    public record Item(
            List<String> names, Value value, String text, boolean optional, boolean repeated, boolean required) {
        /// See [Value].
        public String label() {
            return value.label();
        }

        /// The usage as it is typed: `-c, --config FILE`.
        public String usage() {
            var shown = new ArrayList<String>();
            names.stream().filter(name -> !name.startsWith("--")).findFirst().ifPresent(shown::add);
            names.stream().filter(name -> name.startsWith("--")).findFirst().ifPresent(shown::add);
            var flags =
                    (shown.size() == 1 && shown.getFirst().startsWith("--") ? "    " : "") + String.join(", ", shown);
            if (names.isEmpty()) return label();
            if (label().isEmpty()) return flags;
            return optional ? flags + "[=" + label() + "]" : flags + " " + label();
        }

        /// The description, with its other names.
        public String description() {
            var others =
                    names.stream().filter(name -> name.startsWith("--")).skip(1).toList();
            return others.isEmpty() ? text : text + " Also " + String.join(", ", others) + ".";
        }

        String synopsis() {
            var word = label() + (repeated ? "..." : "");
            return optional ? "[" + word + "]" : word;
        }
    }

    /// The value of a flag or an argument.
    ///
    /// @param label its label, such as `FILE`, or its choices, such as `claude|codex`; empty for a flag without
    ///     a value
    /// @param type the Java type as which it is read
    /// @param byDefault the default value; empty if there is none, or if only the description states it
    public record Value(String label, Class<?> type, Optional<String> byDefault) {
        static Value of(ArgSpec arg, String label) {
            var types = arg.auxiliaryTypes();
            return new Value(
                    label,
                    arg.isMultiValue() && types.length > 0 ? types[0] : arg.type(),
                    Optional.ofNullable(arg.defaultValue()));
        }
    }

    /// A command below this one.
    public record Below(String name, String summary) {}

    /// The page of a command.
    public static CommandPage of(CommandSpec spec) {
        var footer = Arrays.asList(spec.usageMessage().footer());
        var from = footer.stream()
                .filter(line -> line.matches("Examples?:"))
                .findFirst()
                .map(footer::indexOf)
                .orElse(footer.size());
        var described = Arrays.asList(spec.usageMessage().description());
        var prose = Stream.concat(described.stream().skip(1), paragraphs(footer.subList(0, from)).stream())
                .toList();
        var examples = footer.stream()
                .skip(from + 1)
                .filter(line -> !line.isBlank())
                .map(String::strip)
                .toList();
        return new CommandPage(
                spec.qualifiedName(),
                List.of(spec.aliases()),
                described.isEmpty() ? "" : described.getFirst(),
                prose,
                spec.positionalParameters().stream()
                        .filter(word -> !word.hidden())
                        .map(CommandPage::word)
                        .toList(),
                options(spec),
                spec.options().stream()
                        .filter(CommandPage::isGlobal)
                        .map(CommandPage::flag)
                        .toList(),
                below(spec),
                examples.isEmpty() ? examplesBelow(spec) : examples);
    }

    /// The syntax, in one line.
    public String synopsis() {
        var words = new ArrayList<>(List.of(name));
        if (!commands.isEmpty()) words.add(options.isEmpty() ? "COMMAND" : "[COMMAND]");
        options.values().stream()
                .flatMap(List::stream)
                .filter(Item::required)
                .forEach(flag -> words.add(flag.usage().strip().replaceFirst("^-., ", "")));
        var behind = arguments.stream().map(Item::synopsis).toList();
        behind.stream().filter(word -> !word.startsWith("[--")).forEach(words::add);
        words.add("[OPTIONS]");
        behind.stream().filter(word -> word.startsWith("[--")).forEach(words::add);
        return String.join(" ", words);
    }

    private static Map<String, List<Item>> options(CommandSpec spec) {
        var sections = new LinkedHashMap<String, List<Item>>();
        var grouped = spec.argGroups().stream()
                .flatMap(group -> group.args().stream())
                .toList();
        var alone = spec.options().stream()
                .filter(option -> !option.hidden() && !isGlobal(option) && !grouped.contains(option))
                .map(CommandPage::flag)
                .sorted(byName())
                .toList();
        if (!alone.isEmpty()) sections.put("Options", alone);
        spec.argGroups()
                .forEach(group -> sections.put(
                        group.heading().strip().replaceFirst("(:|%n)+$", "").replaceFirst("^%n", ""),
                        group.args().stream()
                                .filter(OptionSpec.class::isInstance)
                                .map(OptionSpec.class::cast)
                                .map(CommandPage::flag)
                                .toList()));
        return sections;
    }

    private static Comparator<Item> byName() {
        return Comparator.comparing(item -> item.names().stream()
                .filter(name -> name.startsWith("--"))
                .findFirst()
                .orElse(item.names().getFirst()));
    }

    private static boolean isGlobal(OptionSpec option) {
        return option.scopeType() == ScopeType.INHERIT;
    }

    private static Item flag(OptionSpec option) {
        var names = new ArrayList<String>();
        for (var name : option.names()) if (!name.startsWith("--")) names.add(name);
        for (var name : option.names()) if (name.startsWith("--")) names.add(name);
        var takesValue = option.arity().max() > 0;
        return new Item(
                List.copyOf(names),
                Value.of(option, takesValue ? option.paramLabel() : ""),
                text(option),
                takesValue && option.arity().min() == 0,
                option.isMultiValue(),
                option.required());
    }

    private static Item word(PositionalParamSpec word) {
        return new Item(
                List.of(),
                Value.of(word, word.paramLabel()),
                text(word),
                word.arity().min() == 0,
                word.isMultiValue(),
                word.arity().min() > 0);
    }

    private static String text(ArgSpec arg) {
        return String.join(" ", arg.description())
                .replace("${DEFAULT-VALUE}", arg.defaultValue() == null ? "" : arg.defaultValue());
    }

    private static List<Below> below(CommandSpec spec) {
        return spec.subcommands().values().stream()
                .map(line -> line.getCommandSpec())
                .distinct()
                .filter(command -> !command.usageMessage().hidden())
                .map(command -> new Below(command.name(), command.usageMessage().description()[0]))
                .toList();
    }

    /// Examples for a command that does nothing by itself: those of the commands below it.
    private static List<String> examplesBelow(CommandSpec spec) {
        return spec.subcommands().values().stream()
                .distinct()
                .map(line -> of(line.getCommandSpec()))
                .flatMap(page -> page.examples().stream().limit(1))
                .limit(3)
                .toList();
    }

    private static List<String> paragraphs(List<String> lines) {
        return Arrays.stream(String.join("\n", lines).split("\n\\s*\n"))
                .map(paragraph -> paragraph.replaceAll("\\s*\\R\\s*", " ").strip())
                .filter(paragraph -> !paragraph.isEmpty())
                .toList();
    }
}
