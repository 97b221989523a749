package lib.cli.manage;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.Map;
import lib.api.ResourceKind;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Inserts the words of a kind into a command's help, since the commands of all kinds are the same: `{one}`
/// becomes `a provider` or `an MCP server`.
final class HelpVariables {
    private final Map<String, String> words;

    private HelpVariables(Map<String, String> words) {
        this.words = words;
    }

    static CommandSpec in(CommandSpec spec, ResourceKind kind) {
        var isLlm = kind.equals(ResourceKind.LLM);
        var words = new HelpVariables(Map.ofEntries(
                entry("{cmd}", kind.command()),
                entry("{noun}", kind.noun()),
                entry("{one}", kind.one()),
                entry(
                        "{Noun}",
                        Character.toUpperCase(kind.noun().charAt(0))
                                + kind.noun().substring(1)),
                entry("{LABEL}", isLlm ? "PROVIDER" : "SERVER"),
                entry("{name}", isLlm ? "openai" : "github"),
                entry("{folder}", isLlm ? "providers" : "servers"),
                entry("{others}", isLlm ? "MCP servers" : "providers"),
                entry("{path}", isLlm ? "anthropicConfig.baseUrl" : "remote.authConfig"),
                entry("{filled}", isLlm ? " and transcripts" : "")));
        var message = spec.usageMessage();
        message.description(words.put(message.description())).footer(words.put(message.footer()));
        for (var word : spec.positionalParameters().toArray(PositionalParamSpec[]::new)) {
            spec.remove(word);
            spec.add(PositionalParamSpec.builder(word)
                    .paramLabel(words.put(word.paramLabel()))
                    .description(words.put(word.description()))
                    .build());
        }
        for (var option : spec.options().toArray(OptionSpec[]::new)) {
            spec.remove(option);
            spec.add(OptionSpec.builder(option)
                    .description(words.put(option.description()))
                    .build());
        }
        return spec;
    }

    private String[] put(String[] lines) {
        return Arrays.stream(lines).map(this::put).toArray(String[]::new);
    }

    private String put(String line) {
        var text = line;
        for (var word : words.entrySet()) text = text.replace(word.getKey(), word.getValue());
        return text;
    }
}
