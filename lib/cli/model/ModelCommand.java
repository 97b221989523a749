package lib.cli.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import lib.api.ProviderType;
import lib.api.resource.Models;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.manage.ListFlags;
import lib.cli.manage.TypeFlag;
import lib.config.OutputFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai model`: the gateway's catalogue of models, which is read-only.
public abstract sealed class ModelCommand {
    private static final java.util.List<String> COLUMNS = java.util.List.of("NAME", "TYPE", "LABEL", "CONTEXT");
    private static final java.util.List<String> WIDE =
            java.util.List.of("NAME", "TYPE", "LABEL", "CONTEXT", "OUTPUT", "USD IN", "USD OUT", "CAPABILITIES");

    @Command(
            name = "list",
            aliases = "ls",
            description = "Lists the models of the catalogue; -o wide adds limits, prices per million tokens "
                    + "and capabilities.",
            footer = {"", "Example:", "  rpkai model list --provider-type anthropic -o wide"})
    public static final class List extends ModelCommand implements Runnable {
        @Option(
                names = {"--region", "--aws-region"},
                paramLabel = "REGION",
                description = "For Bedrock: only models that this AWS region offers.")
        String region;

        private final ListFlags flags = new ListFlags();

        private List(Context context) {
            super(context, "Only models of this provider type.");
        }

        public static CommandSpec spec(Context context) {
            var command = new List(context);
            var spec = command.typed(CommandSpec.forAnnotatedObject(command));
            command.flags.addTo(spec);
            return spec;
        }

        @Override
        public void run() {
            var type = type();
            var query = flags.query();
            context.asking((connect, settings) -> {
                var wide = settings.format() == OutputFormat.WIDE;
                var listing = new Models(connect).list(type, Optional.ofNullable(region), query);
                var rows =
                        listing.items().stream().map(model -> row(model, wide)).toList();
                Output.list(context, settings.format(), wide ? WIDE : COLUMNS, rows, listing.json());
                ListFlags.sayNext(context, listing);
            });
        }
    }

    @Command(
            name = "get",
            description = "Shows one model of the catalogue.",
            footer = {"", "Example:", "  rpkai model get claude-sonnet-5-5 -o yaml"})
    public static final class Get extends ModelCommand implements Runnable {
        @Parameters(paramLabel = "MODEL", description = "The model.")
        String name;

        private Get(Context context) {
            super(context, "The provider type, if several types offer the model.");
        }

        public static CommandSpec spec(Context context) {
            var command = new Get(context);
            return command.typed(CommandSpec.forAnnotatedObject(command));
        }

        @Override
        public void run() {
            var type = type();
            context.asking((connect, settings) ->
                    Output.object(context, settings.format(), new Models(connect).get(name, type)));
        }
    }

    final Context context;
    private final TypeFlag type;

    private ModelCommand(Context context, String description) {
        this.context = context;
        this.type = new TypeFlag("--provider-type", description);
    }

    final CommandSpec typed(CommandSpec spec) {
        return spec.addOption(type.option());
    }

    final Optional<ProviderType> type() {
        return type.value();
    }

    private static java.util.List<String> row(JsonNode model, boolean wide) {
        var row = new ArrayList<>(java.util.List.of(
                model.path("name").asText(),
                ProviderType.of(model.path("providerType").asText()).label(),
                model.path("label").asText(),
                tokens(model.path("maxInputTokens"))));
        if (wide) {
            var pricing = model.path("defaultPricing");
            row.addAll(java.util.List.of(
                    tokens(model.path("maxOutputTokens")),
                    dollars(pricing.path("inputPerMillion")),
                    dollars(pricing.path("outputPerMillion")),
                    capabilities(model.path("capabilities"))));
        }
        return row;
    }

    /// Returns a limit as text. A missing limit is shown as unknown, never as none.
    private static String tokens(JsonNode limit) {
        return limit.asText("").isEmpty() ? "?" : limit.asText();
    }

    private static String dollars(JsonNode microcents) {
        var text = microcents.asText("");
        return text.matches("\\d{1,19}")
                ? new BigDecimal(text).movePointLeft(8).stripTrailingZeros().toPlainString()
                : "?";
    }

    private static String capabilities(JsonNode capabilities) {
        var names = new ArrayList<String>();
        capabilities.properties().forEach(capability -> {
            if (capability.getValue().asBoolean())
                names.add(capability.getKey() + (capability.getKey().equals("reasoning") ? efforts(capabilities) : ""));
        });
        return String.join(", ", names);
    }

    /// Returns efforts such as ` (low, high)`, from the newer or the older spelling of the field.
    private static String efforts(JsonNode capabilities) {
        var list = capabilities.has("reasoningEfforts")
                ? capabilities.path("reasoningEfforts")
                : capabilities.path("supportedReasoningEfforts");
        return list.isEmpty()
                ? ""
                : " (%s)"
                        .formatted(String.join(
                                ", ",
                                list.valueStream()
                                        .map(effort -> effort.asText()
                                                .replaceFirst("^REASONING_EFFORT_", "")
                                                .toLowerCase(Locale.ROOT))
                                        .toList()));
    }
}
