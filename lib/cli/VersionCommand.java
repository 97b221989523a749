package lib.cli;

import lib.BuildInfo;

/// `rpkai version`.
final class VersionCommand implements Runnable {
    private final Context context;

    VersionCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        context.host().out().println(BuildInfo.line());
    }
}
