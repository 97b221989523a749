package lib.cli.help;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.cli.help.CommandPage.Item;
import picocli.CommandLine.Model.CommandSpec;

/// The output of `--help -o json`: a command, its arguments and flags and all commands below it, for programs.
/// It has the same content as [HelpText], from the same page.
///
///     HelpSchema.of(spec).path("options").path(0).path("names")   // ["-f", "--filename"]
public final class HelpSchema {
    private static final Pattern VARIABLE = Pattern.compile("\\b(RPAI_[A-Z_]+|NO_COLOR)\\b");
    private static final Pattern DEFAULT =
            Pattern.compile("\\bdefault ([^ ;,)]+)[;,)]|\\bDefault: ([^ ;,]+?)([.,;]( |$)|$)");
    private static final Pattern CHOICES = Pattern.compile("[a-z0-9_-]+(\\|[a-z0-9_-]+)+");
    private static final Map<Class<?>, String> TYPES = Map.of(
            boolean.class,
            "boolean",
            Boolean.class,
            "boolean",
            int.class,
            "integer",
            Integer.class,
            "integer",
            long.class,
            "integer",
            Duration.class,
            "duration");

    private HelpSchema() {}

    /// The schema of a command. The flags that every command takes are listed once, at the top.
    public static ObjectNode of(CommandSpec spec) {
        var schema = command(spec);
        schema.set("globalOptions", options(Map.of("", CommandPage.of(spec).globals())));
        return schema;
    }

    private static ObjectNode command(CommandSpec spec) {
        var page = CommandPage.of(spec);
        var schema = JsonNodeFactory.instance.objectNode().put("name", page.name());
        texts(schema, "aliases", page.aliases());
        schema.put("summary", page.summary());
        texts(schema, "description", page.prose());
        schema.put("usage", page.synopsis());
        var arguments = schema.putArray("arguments");
        page.arguments().forEach(word -> described(arguments.addObject().put("name", word.label()), word));
        schema.set("options", options(page.options()));
        texts(schema, "examples", page.examples());
        var below = schema.putArray("subcommands");
        spec.subcommands().values().stream()
                .map(line -> line.getCommandSpec())
                .distinct()
                .filter(each -> !each.usageMessage().hidden())
                .forEach(each -> below.add(command(each)));
        return schema;
    }

    private static ArrayNode options(Map<String, List<Item>> sections) {
        var options = JsonNodeFactory.instance.arrayNode();
        sections.forEach((section, items) -> items.forEach(item -> {
            var option = options.addObject();
            texts(option, "names", item.names());
            if (!section.isEmpty()) option.put("section", section);
            if (!item.label().isEmpty()) option.put("value", item.label()).put("valueOptional", item.optional());
            described(option, item);
        }));
        return options;
    }

    private static void described(ObjectNode schema, Item item) {
        schema.put("description", item.text())
                .put("type", type(item))
                .put("required", item.required())
                .put("repeatable", item.repeated());
        if (CHOICES.matcher(item.label()).matches() && !type(item).equals("boolean"))
            texts(schema, "choices", List.of(item.label().split("\\|")));
        byDefault(item).ifPresent(value -> schema.put("default", value));
        var variable = VARIABLE.matcher(item.text());
        if (variable.find()) schema.put("env", variable.group(1));
    }

    private static String type(Item item) {
        return item.names().isEmpty() || !item.label().isEmpty()
                ? TYPES.getOrDefault(item.value().type(), "string").toLowerCase(Locale.ROOT)
                : "boolean";
    }

    /// The default value of the flag itself, else the one that the description names.
    private static Optional<String> byDefault(Item item) {
        if (item.value().byDefault().isPresent()) return item.value().byDefault();
        var said = DEFAULT.matcher(item.text());
        return said.find() ? Optional.of(said.group(1) != null ? said.group(1) : said.group(2)) : Optional.empty();
    }

    private static void texts(ObjectNode to, String field, Collection<String> texts) {
        var list = to.putArray(field);
        texts.forEach(list::add);
    }
}
