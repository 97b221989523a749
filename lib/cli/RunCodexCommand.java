package lib.cli;

import java.util.concurrent.Callable;
import lib.agents.codex.Codex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `rpkai run codex`.
@Command(name = "codex", description = "Launches Codex through the AI Gateway.",
        footer = {"", "What stands behind -- goes to Codex, unless it would leave the gateway.", "", "Examples:", "  rpkai run codex -L openai", "  rpkai run codex -L openai -m gpt-6.1-sol -e high -- exec \"Say hello\"",
                "  rpkai run codex -L openai --codex-home ~/codex-work -- resume"})
final class RunCodexCommand implements Callable<Integer> {
    @Mixin
    CodexOptions options = new CodexOptions();

    @Option(names = "--print-config", description = "Print the config.toml of the launch, then exit.")
    boolean printConfig;

    @Option(names = "--install-agent", description = "Install Codex with npm when it is not on the PATH, or too old.")
    boolean installAgent;

    private final Context context;

    RunCodexCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var agent = options.agent();
        var asked = options.asked(installAgent);
        var launching = context.launching(agent, asked);
        var settings = launching.settings(context.flags().flags(options.embedded));
        if (!printConfig) return launching.run(settings);
        context.host().out().print(Codex.configuration(agent.unasked(asked, settings, context.host())));
        return 0;
    }
}
