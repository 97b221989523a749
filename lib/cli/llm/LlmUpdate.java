package lib.cli.llm;

import java.util.List;
import java.util.function.Supplier;
import lib.UserError;
import lib.cli.Context;
import lib.config.Settings;
import lib.providers.LlmProvider;
import lib.providers.LlmProviders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai llm update`.
@Command(name = "update", description = "Changes a provider: what the flags say, and nothing else of it.",
        footer = {"", "Lists and tags replace those that are there; a model that stays keeps its price.", "", "Examples:",
            "  rpkai llm update anthropic --enabled=false",
            "  rpkai llm update anthropic --provider-models claude-sonnet-5-5,claude-opus-5",
            "  rpkai llm update gpt --pricing model=gpt-6,input=1.25,output=10 --dry-run",
            "  rpkai llm update gpt --clear openaiConfig.baseUrl"})
public final class LlmUpdate implements Runnable {
    @Parameters(arity = "0..1", paramLabel = "PROVIDER", description = "The provider.")
    String name;

    @Option(names = {"-f", "--filename"}, paramLabel = "FILE", description = "A manifest that says what changes (YAML or JSON; - for stdin); flags win.")
    String file;

    @Option(names = "--clear", split = ",", paramLabel = "PATH", description = "A field to clear, such as description or anthropicConfig.baseUrl; repeatable.")
    List<String> clear = List.of();

    @Option(names = "--update-mask", split = ",", paramLabel = "PATH", description = "Exactly the fields to change, instead of those that the flags say; what is not given is cleared.")
    List<String> updateMask = List.of();

    @Option(names = "--dry-run", description = "Print the request with its mask, and send nothing.")
    boolean dryRun;

    private final Context context;
    private ProviderFlags flags;

    private LlmUpdate(Context context) {
        this.context = context;
    }

    public static CommandSpec spec(Context context) {
        var command = new LlmUpdate(context);
        var spec = CommandSpec.forAnnotatedObject(command);
        command.flags = ProviderFlags.addTo(spec);
        return spec;
    }

    @Override
    public void run() {
        var settings = context.settings();
        var manifest = LlmCreate.manifest(context, file);
        var provider = LlmCreate.name(name, flags, manifest);
        var cleared = clear.stream().map(path -> ProviderDraft.path(path, "--clear")).toList();
        var mask = updateMask.stream().map(path -> ProviderDraft.path(path, "--update-mask")).toList();
        var live = new Live(context, settings, provider);
        var draft = ProviderDraft.update(provider, flags, manifest, live).clearing(cleared);
        if (!mask.isEmpty()) draft = draft.masked(mask);
        if (draft.mask().isEmpty()) throw UserError.usage("nothing to change", manifest.isPresent() ? "the provider is as the manifest says" : "pass at least one flag, such as --enabled=false, or -f");
        if (dryRun) {
            Outcome.dryRun(context, settings, LlmProviders.updateRequest(draft.provider(), draft.mask()));
            return;
        }
        var updated = live.providers().update(draft.provider(), draft.mask());
        Outcome.print(context, settings, updated, draft.mask().equals(List.of("enabled")) ? updated.provider().enabled() ? "is enabled" : "is disabled" : "updated: " + String.join(", ", draft.mask()));
    }

    /// The provider as it is, read once where somebody asks: most updates need not know.
    private static final class Live implements Supplier<LlmProvider> {
        private final Context context;
        private final Settings settings;
        private final String name;
        private LlmProvider read;

        Live(Context context, Settings settings, String name) {
            this.context = context;
            this.settings = settings;
            this.name = name;
        }

        @Override
        public LlmProvider get() {
            if (read == null) read = providers().get(name);
            return read;
        }

        LlmProviders providers() {
            return new LlmProviders(context.writable(settings));
        }
    }
}
