package lib.cli;

import java.util.concurrent.Callable;
import lib.Json;
import lib.agents.Launcher;
import lib.agents.NpmInstall;
import lib.agents.claude.ClaudeCode;
import lib.auth.Tokens;
import lib.install.Self;
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
        var host = context.host();
        var settings = options.settings(context);
        try (var session = options.session(context, settings)) {
            var plan = options.prepare(context, settings, session, printSettings).plan();
            if (printSettings) {
                host.out().println(Json.pretty(plan.toJson()));
                return 0;
            }
            var program = installAgent ? NpmInstall.ensure(ClaudeCode.BINARY, host) : ClaudeCode.BINARY.require(host);
            var after = session.running().isPresent() ? Launcher.After.CLEAN_UP : Launcher.After.NOTHING;
            session.tokens().filter(Tokens::renewable).ifPresent(_ -> Self.prepare(host));
            return new Launcher(host, context.inheritedFiles()).launch(plan, program, after);
        }
    }
}
