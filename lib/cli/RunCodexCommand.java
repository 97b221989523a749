package lib.cli;

import java.util.concurrent.Callable;
import lib.agents.Launcher;
import lib.agents.ThrowawayHome;
import lib.agents.codex.Codex;
import lib.agents.codex.CodexProgram;
import lib.agents.codex.LastingHome;
import lib.auth.Tokens;
import lib.install.Self;
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
        var settings = options.settings(context);
        var host = context.host();
        if (printConfig) {
            host.out().print(Codex.configuration(options.unasked(context, settings)));
            return 0;
        }
        try (var session = options.session(context, settings)) {
            var launch = options.launch(context, settings, session);
            session.tokens().filter(Tokens::renewable).ifPresent(_ -> Self.prepare(context.host()));
            var program = CodexProgram.find(host, installAgent);
            if (options.codexHome == null) {
                try (var home = ThrowawayHome.create(host)) {
                    return launch(launch.apply(home.path()), program, Launcher.After.CLEAN_UP);
                }
            }
            var after = session.running().isPresent() ? Launcher.After.CLEAN_UP : Launcher.After.NOTHING;
            return launch(launch.apply(LastingHome.prepare(options.codexHome, host)), program, after);
        }
    }

    private int launch(Codex.Launch launch, CodexProgram program, Launcher.After after) {
        var host = context.host();
        var plan = Codex.plan(launch);
        var path = program.require(plan.environment(host.env()));
        plan.files().forEach((file, text) -> LastingHome.write(file, text).ifPresent(kept -> host.warn("%s was not made by rpkai and is now %s".formatted(file, kept))));
        return new Launcher(host, context.inheritedFiles()).launch(plan, path, after);
    }
}
