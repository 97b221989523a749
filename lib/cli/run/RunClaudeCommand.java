package lib.cli.run;

import java.util.concurrent.Callable;
import lib.agents.LaunchOption;
import lib.agents.LaunchRequest;
import lib.cli.base.Context;
import lib.cli.base.Flag;
import picocli.CommandLine.Model.CommandSpec;

/// `rpkai run claude`.
public final class RunClaudeCommand implements Callable<Integer> {
    private final ClaudeOptions options = new ClaudeOptions();
    private boolean printSettings;
    private boolean installAgent;
    private boolean allowOldAgent;
    private final Context context;

    private RunClaudeCommand(Context context) {
        this.context = context;
    }

    public static CommandSpec spec(Context context) {
        var command = new RunClaudeCommand(context);
        var spec = command.options
                .addTo(CommandSpec.wrapWithoutInspection(command))
                .name("claude");
        spec.addOption(Flag.yes(
                        "Print the settings and the environment of the launch instead of launching.",
                        value -> command.printSettings = value,
                        "--print-settings")
                .build());
        spec.addOption(Flag.yes(
                        "Install Claude Code with npm if it is not on the PATH or too old.",
                        value -> command.installAgent = value,
                        "--install-agent")
                .build());
        spec.addOption(Flag.yes(
                        "Launch Claude Code with a warning even if it is too old to be safe.",
                        value -> command.allowOldAgent = value,
                        "--allow-old-agent")
                .build());
        spec.usageMessage()
                .description("Launches Claude Code through the AI Gateway.")
                .footer(
                        "",
                        "Everything after -- is passed to Claude Code unchanged.",
                        "",
                        "Examples:",
                        "  rpkai run claude -L anthropic",
                        "  rpkai run claude -L anthropic -m claude-sonnet-5-5 -- -p \"Say hello\"");
        return spec;
    }

    @Override
    public Integer call() {
        var launching = context.launching(options.agent(), request());
        var settings = launching.settings(context.flags().flags(options.embedded));
        if (!printSettings) return launching.run(settings);
        context.host()
                .out()
                .println(launching.show(launching.plan(settings, true)).toPrettyString());
        return 0;
    }

    private LaunchRequest request() {
        var request = options.request(installAgent);
        return allowOldAgent ? request.withOption(LaunchOption.ALLOW_OLD_AGENT) : request;
    }
}
