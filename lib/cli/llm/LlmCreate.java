package lib.cli.llm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.UserError;
import lib.cli.Context;
import lib.cli.Manifests;
import lib.providers.LlmManifest;
import lib.providers.LlmProvider;
import lib.providers.LlmProviders;
import lib.providers.ProxyUrl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai llm create`.
@Command(name = "create", description = "Creates a provider.",
        footer = {"", "Its type is that of the flags that configure it. Keys are never given here: a reference names a secret that the gateway keeps.", "", "Examples:",
            "  rpkai llm create claude --anthropic-config.api-key-ref ANTHROPIC_API_KEY",
            "  rpkai llm create mine --anthropic-config.authorization-passthrough",
            "  rpkai llm create aws --region eu-west-1",
            "  rpkai llm create gpt -f gpt.yaml --dry-run"})
public final class LlmCreate implements Runnable {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The provider's name: lower-case letters, digits and dashes; it stays.")
    String name;

    @Option(names = {"-f", "--filename"}, paramLabel = "FILE", description = "A manifest to begin with (YAML or JSON; - for stdin); flags win.")
    String file;

    @Option(names = "--dry-run", description = "Print the request, and send nothing.")
    boolean dryRun;

    private final Context context;
    private ProviderFlags flags;

    private LlmCreate(Context context) {
        this.context = context;
    }

    public static CommandSpec spec(Context context) {
        var command = new LlmCreate(context);
        var spec = CommandSpec.forAnnotatedObject(command);
        command.flags = ProviderFlags.addTo(spec);
        return spec;
    }

    @Override
    public void run() {
        var manifest = manifest(context, file);
        var draft = ProviderDraft.create(name(name, flags, manifest), flags, manifest).provider();
        var settings = context.settings();
        if (dryRun) {
            Outcome.dryRun(context, settings, JsonNodeFactory.instance.objectNode().set("llmProvider", draft.json()));
            return;
        }
        var created = new LlmProviders(context.writable(settings)).create(draft);
        Outcome.print(context, settings, created, created.provider().enabled() ? "created" : "created; it is disabled (rpkai llm update %s --enabled)".formatted(created.name()));
    }

    /// The one manifest that `-f` names.
    static Optional<LlmProvider> manifest(Context context, String file) {
        if (file == null) return Optional.empty();
        var manifests = Manifests.read(context.host(), List.of(file));
        if (manifests.size() > 1) throw UserError.usage("%s holds %d manifests".formatted(file, manifests.size()), "use rpkai llm apply -f for several");
        return Optional.of(LlmManifest.read(manifests.getFirst().object(), manifests.getFirst().where()));
    }

    /// The name that the word, `--name` or the manifest gives; they may not differ.
    static String name(String word, ProviderFlags flags, Optional<LlmProvider> manifest) {
        var names = Stream.of(Optional.ofNullable(word), flags.name(), manifest.map(LlmProvider::name)).flatMap(Optional::stream).distinct().toList();
        if (names.isEmpty()) throw UserError.usage("the provider's name is missing", "write it behind the command: rpkai llm create NAME");
        if (names.size() > 1) throw UserError.usage("two names are given, %s".formatted(String.join(" and ", names)), "give one");
        return ProxyUrl.checked(names.getFirst());
    }
}
