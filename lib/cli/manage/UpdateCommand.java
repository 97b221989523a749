package lib.cli.manage;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import lib.api.Resource;
import lib.api.ResourceKind;
import lib.api.resource.Resources;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai llm update`, `rpkai mcp update`.
@Command(name = "update", description = "Changes {one}; fields without a flag keep their values.")
public final class UpdateCommand extends DraftCommand {
    @Parameters(arity = "0..1", paramLabel = "{LABEL}", description = "The {noun}.")
    String name;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "A manifest with the changes (YAML or JSON; - for standard input); flags " + "override it.")
    String file;

    @Option(
            names = "--clear",
            split = ",",
            paramLabel = "PATH",
            description = "A field to clear, such as description or {path}; repeatable.")
    List<String> clear = List.of();

    @Option(
            names = "--update-mask",
            split = ",",
            paramLabel = "PATH",
            description = "The exact fields to change; a field in the mask without a value is cleared.")
    List<String> updateMask = List.of();

    @Option(names = "--dry-run", description = "Print the request and its mask, but do not send it.")
    boolean dryRun;

    private UpdateCommand(Context context, ResourceKind kind) {
        super(context, kind);
    }

    /// @param flags adds the kind's own flags to a command
    public static CommandSpec spec(Context context, ResourceKind kind, Function<CommandSpec, DraftFlags> flags) {
        return new UpdateCommand(context, kind).spec(flags);
    }

    @Override
    public void run() {
        var settings = context.settings();
        var manifest = manifest(file);
        var chosen = name(name, manifest);
        var cleared =
                clear.stream().map(path -> Draft.path(kind, path, "--clear")).toList();
        var mask = updateMask.stream()
                .map(path -> Draft.path(kind, path, "--update-mask"))
                .toList();
        var live = new Live(context, settings, kind, chosen);
        var draft = flags.update(chosen, manifest, live).clearing(cleared);
        if (!mask.isEmpty()) draft = draft.masked(mask);
        if (draft.mask().isEmpty())
            throw UserError.usage(
                    "nothing to change",
                    manifest.isPresent()
                            ? "the %s already matches the manifest".formatted(kind.noun())
                            : "pass at least one flag, such as --enabled=false, or -f");
        if (dryRun) {
            Outcome.dryRun(context, settings, Resources.updateRequest(draft.resource(), draft.mask()));
            return;
        }
        var updated = live.resources().update(draft.resource(), draft.mask());
        Outcome.print(
                context,
                settings,
                updated,
                draft.mask().equals(List.of("enabled"))
                        ? updated.enabled() ? "is enabled" : "is disabled"
                        : "updated: " + String.join(", ", draft.mask()));
    }

    /// The existing resource, read once and only if needed, since most updates don't need it.
    private static final class Live implements Supplier<Resource> {
        private final Context context;
        private final Settings settings;
        private final ResourceKind kind;
        private final String name;
        private Resource read;

        Live(Context context, Settings settings, ResourceKind kind, String name) {
            this.context = context;
            this.settings = settings;
            this.kind = kind;
            this.name = name;
        }

        @Override
        public Resource get() {
            if (read == null) read = resources().get(name);
            return read;
        }

        Resources resources() {
            return new Resources(context.writable(settings), kind);
        }
    }
}
