package lib.cli.self;

import lib.base.BuildInfo;
import lib.cli.base.Context;

/// `rpkai version`.
public final class VersionCommand implements Runnable {
    private final Context context;

    public VersionCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        context.host().out().println(BuildInfo.line());
    }
}
