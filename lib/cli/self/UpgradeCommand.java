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
        description = "Upgrades the installed command, or returns to the previous version.",
        footer = {"", "The previous version is kept.", "", "Examples:", "  rpkai upgrade", "  rpkai upgrade --rollback"
        })
public final class UpgradeCommand implements Callable<Integer> {
    @Option(names = "--rollback", description = "Return to the previous version.")
    boolean rollback;

    @Option(
            names = "--from",
            paramLabel = "REF",
            description =
                    "Where to get the new version, as a JBang reference (default: where this " + "version came from).")
    String from;

    private final Context context;

    public UpgradeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (rollback && from != null)
            throw UserError.usage("--rollback and --from exclude each other", "use one of them");
        var host = context.host();
        var installation = Installation.of(host);
        var state = installation.state().orElseThrow(Installation::missing);
        if (rollback) {
            var back = installation.rollback();
            host.out().println("rpkai %s is active again: %s".formatted(back.version(), back.command()));
            return 0;
        }
        var source = Optional.ofNullable(from)
                .or(state::source)
                .orElseThrow(() -> UserError.usage(
                        "the source of this installation is not known", "run rpkai upgrade --from rpkai@org once"));
        return Upgrader.install(source, state.command().getParent(), host);
    }
}
