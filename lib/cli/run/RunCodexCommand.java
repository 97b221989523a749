package lib.cli.run;

import java.util.concurrent.Callable;
import lib.agents.LaunchOption;
import lib.agents.LaunchRequest;
import lib.agents.codex.Codex;
import lib.cli.base.Context;
import lib.cli.base.Flag;
import picocli.CommandLine.Model.CommandSpec;

/// `rpkai run codex`.
public final class RunCodexCommand implements Callable<Integer> {
    private final CodexOptions options = new CodexOptions();
    private boolean printConfig;
    private boolean installAgent;
    private boolean allowOldAgent;
    private final Context context;

    private RunCodexCommand(Context context) {
        this.context = context;
    }

    public static CommandSpec spec(Context context) {
        var command = new RunCodexCommand(context);
        var spec = command.options
                .addTo(CommandSpec.wrapWithoutInspection(command))
                .name("codex");
        spec.addOption(Flag.yes(
                        "Print the config.toml of the launch instead of launching.",
                        value -> command.printConfig = value,
                        "--print-config")
                .build());
        spec.addOption(Flag.yes(
                        "Install Codex with npm if it is not on the PATH or too old.",
                        value -> command.installAgent = value,
                        "--install-agent")
                .build());
        spec.addOption(Flag.yes(
                        "Launch Codex with a warning even if it is too old to be safe.",
                        value -> command.allowOldAgent = value,
                        "--allow-old-agent")
                .build());
        spec.usageMessage()
                .description("Launches Codex through the AI Gateway.")
                .footer(
                        "",
                        "Everything after -- is passed to Codex unchanged; arguments that would bypass "
                                + "the gateway are refused.",
                        "",
                        "Examples:",
                        "  rpkai run codex -L openai",
                        "  rpkai run codex -L openai -m gpt-6.1-sol -e high -- exec \"Say hello\"",
                        "  rpkai run codex -L openai --codex-home ~/codex-work -- resume");
        return spec;
    }

    @Override
    public Integer call() {
        var agent = options.agent();
        var request = request();
        var launching = context.launching(agent, request);
        var settings = launching.settings(context.flags().flags(options.embedded));
        if (!printConfig) return launching.run(settings);
        context.host().out().print(Codex.configuration(agent.unasked(request, settings, context.host())));
        return 0;
    }

    private LaunchRequest request() {
        var request = options.request(installAgent);
        return allowOldAgent ? request.withOption(LaunchOption.ALLOW_OLD_AGENT) : request;
    }
}
