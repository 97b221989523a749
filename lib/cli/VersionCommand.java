package lib.cli;

import java.util.Optional;
import lib.Rpkai;

/// `rpkai version`.
final class VersionCommand implements Runnable {
    private final Context context;

    VersionCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        // Run from source there is no build that could have noted a commit.
        var commit = Optional.ofNullable(Rpkai.class.getPackage().getImplementationVersion()).orElse("source");
        context.host().out().println("rpkai " + Rpkai.VERSION + " (" + commit + ")");
    }
}
