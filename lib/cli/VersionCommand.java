package lib.cli;

import java.util.Optional;
import lib.Rpkai;
import picocli.CommandLine.Model.CommandSpec;

/// `rpkai version`.
final class VersionCommand implements Runnable {
    static final String SUMMARY = "Prints the version and the commit it was built from.";

    private final Context context;

    private VersionCommand(Context context) {
        this.context = context;
    }

    /// Without annotations: it is the command that installers and prompts call.
    static CommandSpec spec(Context context) {
        var spec = CommandSpec.wrapWithoutInspection(new VersionCommand(context)).name("version");
        spec.usageMessage().description(SUMMARY).footer("", "Example:", "  rpkai version");
        return spec;
    }

    @Override
    public void run() {
        // Run from source there is no build that could have noted a commit.
        var commit = Optional.ofNullable(Rpkai.class.getPackage().getImplementationVersion()).orElse("source");
        context.host().out().println("rpkai %s (%s)".formatted(Rpkai.VERSION, commit));
    }
}
