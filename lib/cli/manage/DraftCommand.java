package lib.cli.manage;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import lib.api.Manifest;
import lib.api.ProxyUrl;
import lib.api.Resource;
import lib.api.ResourceKind;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.ManifestInput;
import picocli.CommandLine.Model.CommandSpec;

/// A command that sends what flags, and a manifest below them, describe.
abstract class DraftCommand extends KindCommand implements Runnable {
    DraftFlags flags;

    DraftCommand(Context context, ResourceKind kind) {
        super(context, kind);
    }

    /// @param flags adds those of the kind to a command
    final CommandSpec spec(Function<CommandSpec, DraftFlags> flags) {
        var spec = spec();
        this.flags = flags.apply(spec);
        return spec;
    }

    /// The one manifest that `-f` names.
    final Optional<Resource> manifest(String file) {
        if (file == null) return Optional.empty();
        var manifests = ManifestInput.read(context.host(), List.of(file));
        if (manifests.size() > 1)
            throw UserError.usage(
                    "%s contains %d manifests".formatted(file, manifests.size()),
                    "to apply several, run rpkai %s apply -f".formatted(kind.command()));
        var manifest = Manifest.read(
                kind, manifests.getFirst().object(), manifests.getFirst().where());
        if (!manifest.kind().equals(kind))
            throw UserError.usage(
                    "%s is %s".formatted(file, manifest.kind().one()),
                    "use rpkai %s".formatted(manifest.kind().command()));
        return Optional.of(manifest);
    }

    /// The name that the word, `--name` or the manifest gives; they may not differ.
    final String name(String word, Optional<Resource> manifest) {
        var names = Stream.of(Optional.ofNullable(word), flags.name(), manifest.map(Resource::name))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        if (names.isEmpty())
            throw UserError.usage(
                    "the %s's name is missing".formatted(kind.noun()),
                    "run rpkai %s create NAME".formatted(kind.command()));
        if (names.size() > 1)
            throw UserError.usage(
                    "two different names are given, %s".formatted(String.join(" and ", names)), "use one of them");
        return ProxyUrl.checked(kind, names.getFirst());
    }
}
