package lib.cli.self;

import java.util.Optional;
import java.util.concurrent.Callable;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.install.Installation;
import lib.install.Upgrader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `rpkai upgrade`.
@Command(
        name = "upgrade",
        description = "Replaces the installed command by the newest, or goes back.",
        footer = {"", "The version before is kept.", "", "Examples:", "  rpkai upgrade", "  rpkai upgrade --rollback"})
public final class UpgradeCommand implements Callable<Integer> {
    @Option(names = "--rollback", description = "Go back to the version before.")
    boolean rollback;

    @Option(
            names = "--from",
            paramLabel = "REF",
            description = "Where the newest is, as JBang takes it (default: where this one came from).")
    String from;

    private final Context context;

    public UpgradeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (rollback && from != null)
            throw UserError.usage("--rollback and --from exclude each other", "pass one of them");
        var host = context.host();
        var installation = Installation.of(host);
        var state = installation.state().orElseThrow(Installation::missing);
        if (rollback) {
            var back = installation.rollback();
            host.out().println("rpkai %s is in use again: %s".formatted(back.version(), back.command()));
            return 0;
        }
        var source = Optional.ofNullable(from)
                .or(state::source)
                .orElseThrow(() -> UserError.usage(
                        "where rpkai came from was not noted when it was installed",
                        "name it once: rpkai upgrade --from rpkai@org"));
        return Upgrader.install(source, state.command().getParent(), host);
    }
}
