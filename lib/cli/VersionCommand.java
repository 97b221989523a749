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
        context.host().out().println(line());
    }

    static String line() {
        // Run from source there is no build that could have noted a commit.
        var commit = Optional.ofNullable(Rpkai.class.getPackage().getImplementationVersion()).orElse("source");
        return "rpkai " + Rpkai.VERSION + " (" + commit + ")";
    }
}
