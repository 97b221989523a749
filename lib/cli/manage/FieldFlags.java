package lib.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.api.Manifest;
import lib.api.ResourceKind;
import lib.api.type.ConfigField;
import lib.api.type.FieldKind;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Flags for the fields of a kind, one for each, named after the field's path.
///
///     var flags = new FieldFlags(ResourceKind.LLM);
///     FieldFlags.section(spec, "For every type", List.of(flags.add("displayName", "TEXT", "Its name for people.")));
///     flags.given()   // {displayName="Claude", anthropicConfig.apiKeyRef="ANTHROPIC_API_KEY"}
public final class FieldFlags {
    private final ResourceKind kind;
    private final Map<String, OptionSpec> byPath = new LinkedHashMap<>();

    public FieldFlags(ResourceKind kind) {
        this.kind = kind;
    }

    /// Makes the flag of the field at that path.
    ///
    /// @param label the label of its value, unless that is `true` or `false`
    /// @param others further names, which come before its long name
    public OptionSpec add(String path, String label, String description, String... others) {
        var names = Stream.concat(Stream.of(others), Stream.of(ConfigField.flag(path)))
                .toArray(String[]::new);
        var option = switch (kind.fields().get(path)) {
            case FLAG, MESSAGE -> flag(description, names);
            case TEXTS -> list(label, description, names);
            default -> text(label, description, names);
        };
        byPath.put(path, option);
        return option;
    }

    /// The fields that were given, including empty texts, which clear a field.
    public Map<String, JsonNode> given() {
        var given = new LinkedHashMap<String, JsonNode>();
        var nodes = JsonNodeFactory.instance;
        byPath.forEach((path, option) -> {
            switch (option.<Object>getValue()) {
                case String text ->
                    given.put(
                            path,
                            nodes.textNode(
                                    kind.is(path, FieldKind.REFERENCE)
                                            ? Manifest.reference(text, option.longestName())
                                            : text));
                // An empty message is enough: its presence is the setting.
                case Boolean yes
                when kind.is(path, FieldKind.MESSAGE) -> given.put(path, yes ? nodes.objectNode() : nodes.nullNode());
                case Boolean yes -> given.put(path, nodes.booleanNode(yes));
                case List<?> texts -> {
                    var list = nodes.arrayNode();
                    texts.stream()
                            .flatMap(text -> Stream.of(text.toString().split(",")))
                            .map(String::strip)
                            .filter(text -> !text.isEmpty())
                            .forEach(list::add);
                    given.put(path, list);
                }
                case null, default -> {}
            }
        });
        return given;
    }

    /// Adds flags to a command, under a heading.
    public static void section(CommandSpec spec, String heading, List<OptionSpec> options) {
        var group = ArgGroupSpec.builder().heading("%n" + heading + ":%n").validate(false);
        options.forEach(group::addArg);
        spec.addArgGroup(group.build());
    }

    public static OptionSpec text(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    public static OptionSpec list(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    public static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names)
                .type(Boolean.class)
                .arity("0..1")
                .fallbackValue("true")
                .paramLabel("true|false")
                .description(description)
                .build();
    }
}
