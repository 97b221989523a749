package lib.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `rpkai run claude`.
@Command(name = "claude", description = "Launches Claude Code through the AI Gateway.",
        footer = {"", "What stands behind -- goes to Claude Code as it is.", "", "Examples:", "  rpkai run claude -L anthropic", "  rpkai run claude -L anthropic -m claude-sonnet-5-5 -- -p \"Say hello\""})
final class RunClaudeCommand implements Callable<Integer> {
    @Mixin
    ClaudeOptions options = new ClaudeOptions();

    @Option(names = "--print-settings", description = "Print the settings and the environment of the launch, then exit.")
    boolean printSettings;

    @Option(names = "--install-agent", description = "Install Claude Code with npm when it is not on the PATH.")
    boolean installAgent;

    private final Context context;

    RunClaudeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var launching = context.launching(options.agent(), options.asked(installAgent));
        var settings = launching.settings(context.flags().flags(options.embedded));
        if (!printSettings) return launching.run(settings);
        context.host().out().println(launching.plan(settings, true).toJson().toPrettyString());
        return 0;
    }
}
