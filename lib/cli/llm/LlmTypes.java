package lib.cli.llm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import lib.api.LlmProviders;
import lib.api.ResourceKind;
import lib.api.type.ConfigField;
import lib.cli.base.Context;
import lib.cli.base.Output;
import picocli.CommandLine.Command;

/// `rpkai llm types`.
@Command(
        name = "types",
        description = "Lists the provider types that the gateway supports.",
        footer = {"", "Example:", "  rpkai llm types"})
public final class LlmTypes implements Runnable {
    private final Context context;

    public LlmTypes(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        context.asking((connect, settings) -> {
            var types = new LlmProviders(connect).types();
            var objects = JsonNodeFactory.instance.arrayNode();
            types.forEach(type -> objects.add(type.wire()));
            var rows = types.stream()
                    .map(type -> List.of(
                            type.label(),
                            ResourceKind.LLM
                                    .config(type.wire())
                                    .map(ConfigField::flag)
                                    .map(flag -> flag + ".*")
                                    .orElse("")))
                    .toList();
            Output.list(context, settings.format(), List.of("TYPE", "FLAGS OF LLM CREATE"), rows, objects);
        });
    }
}
