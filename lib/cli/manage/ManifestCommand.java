package lib.cli.manage;

import java.util.List;
import java.util.concurrent.Callable;
import lib.api.ConnectClient;
import lib.api.ResourceDiff.Omitted;
import lib.api.ResourceKind;
import lib.cli.base.Context;
import lib.cli.manage.Reconciliation.Step;
import picocli.CommandLine.Option;

/// A command that compares manifests with the gateway's resources.
abstract class ManifestCommand extends KindCommand implements Callable<Integer> {
    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE",
            description = "A file, a folder, or - for standard input; repeatable.")
    List<String> files;

    @Option(names = "--keep-omitted", description = "Keep fields that a manifest omits, instead of clearing them.")
    boolean keepOmitted;

    ManifestCommand(Context context, ResourceKind kind) {
        super(context, kind);
    }

    final List<Step> plan(ConnectClient connect) {
        return Reconciliation.plan(context, files, connect, kind, keepOmitted ? Omitted.KEPT : Omitted.CLEARED);
    }
}
