package lib.cli.manage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import lib.api.Manifest;
import lib.api.ProxyUrl;
import lib.api.Resource;
import lib.api.ResourceKind;
import lib.api.resource.Resources;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.ManifestInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai llm create`, `rpkai mcp create`.
@Command(name = "create", description = "Creates {one}.")
public final class CreateCommand implements Runnable {
    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "The {noun}'s name: lower-case letters, digits and dashes. It cannot be changed " + "later.")
    String name;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "A manifest (YAML or JSON; - for standard input); flags override it.")
    String file;

    @Option(names = "--dry-run", description = "Print the request, but do not send it.")
    boolean dryRun;

    private final Context context;
    private final ResourceKind kind;
    private DraftFlags flags;

    private CreateCommand(Context context, ResourceKind kind) {
        this.context = context;
        this.kind = kind;
    }

    /// @param flags adds those of the kind to a command
    public static CommandSpec spec(Context context, ResourceKind kind, Function<CommandSpec, DraftFlags> flags) {
        var command = new CreateCommand(context, kind);
        var spec = HelpVariables.in(CommandSpec.forAnnotatedObject(command), kind);
        command.flags = flags.apply(spec);
        return spec;
    }

    @Override
    public void run() {
        var manifest = manifest(context, kind, file);
        var draft = flags.create(name(kind, name, flags, manifest), manifest).resource();
        var settings = context.settings();
        if (dryRun) {
            Outcome.dryRun(
                    context, settings, JsonNodeFactory.instance.objectNode().set(kind.key(), draft.json()));
            return;
        }
        var created = new Resources(context.writable(settings), kind).create(draft);
        Outcome.print(
                context,
                settings,
                created,
                created.enabled()
                        ? "created"
                        : "created; it is disabled (rpkai %s update %s --enabled)"
                                .formatted(kind.command(), created.name()));
    }

    /// The one manifest that `-f` names.
    static Optional<Resource> manifest(Context context, ResourceKind kind, String file) {
        if (file == null) return Optional.empty();
        var manifests = ManifestInput.read(context.host(), List.of(file));
        if (manifests.size() > 1)
            throw UserError.usage(
                    "%s holds %d manifests".formatted(file, manifests.size()),
                    "use rpkai %s apply -f for several".formatted(kind.command()));
        var manifest = Manifest.read(
                kind, manifests.getFirst().object(), manifests.getFirst().where());
        if (!manifest.kind().equals(kind))
            throw UserError.usage(
                    "%s is %s".formatted(file, manifest.kind().one()),
                    "use rpkai %s".formatted(manifest.kind().command()));
        return Optional.of(manifest);
    }

    /// The name that the word, `--name` or the manifest gives; they may not differ.
    static String name(ResourceKind kind, String word, DraftFlags flags, Optional<Resource> manifest) {
        var names = Stream.of(Optional.ofNullable(word), flags.name(), manifest.map(Resource::name))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        if (names.isEmpty())
            throw UserError.usage(
                    "the %s's name is missing".formatted(kind.noun()),
                    "write it behind the command: rpkai %s create NAME".formatted(kind.command()));
        if (names.size() > 1)
            throw UserError.usage("two names are given, %s".formatted(String.join(" and ", names)), "give one");
        return ProxyUrl.checked(kind, names.getFirst());
    }
}
