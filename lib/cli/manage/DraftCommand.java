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

/// A command that sends a resource made from flags and a manifest below them.
abstract class DraftCommand extends KindCommand implements Runnable {
    DraftFlags flags;

    DraftCommand(Context context, ResourceKind kind) {
        super(context, kind);
    }

    /// @param flags adds the kind's own flags to a command
    final CommandSpec spec(Function<CommandSpec, DraftFlags> flags) {
        var spec = spec();
        this.flags = flags.apply(spec);
        return spec;
    }

    /// The single manifest in the file of `-f`.
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

    /// The name from the argument, `--name` or the manifest; they must not differ.
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
