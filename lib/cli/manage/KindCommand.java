package lib.cli.manage;

import lib.api.ResourceKind;
import lib.cli.base.Context;
import picocli.CommandLine.Model.CommandSpec;

/// A command that is the same for every kind of resource: its help names the kind in place of [HelpVariables].
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
