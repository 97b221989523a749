package lib.cli.manage;

import lib.api.ResourceKind;
import lib.cli.base.Context;
import picocli.CommandLine.Model.CommandSpec;

/// A command that is the same for every kind of resource. Its help uses [HelpVariables] for the words of the
/// kind.
abstract class KindCommand {
    final Context context;
    final ResourceKind kind;

    KindCommand(Context context, ResourceKind kind) {
        this.context = context;
        this.kind = kind;
    }

    final CommandSpec spec() {
        return HelpVariables.in(CommandSpec.forAnnotatedObject(this), kind);
    }
}
