package lib.cli.run;

import java.util.concurrent.Callable;
import lib.agents.registry.Agents;
import lib.cli.base.Context;
import lib.cli.base.Flag;
import lib.cli.base.LaunchOptions;
import picocli.CommandLine.Model.CommandSpec;

/// `rpkai run NAME` for an agent of [Agents].
public final class RunAgentCommand implements Callable<Integer> {
    private final LaunchOptions options = new LaunchOptions();
    private boolean installAgent;
    private boolean printPlan;
    private final Context context;
    private final Agents.Entry entry;

    private RunAgentCommand(Context context, Agents.Entry entry) {
        this.context = context;
        this.entry = entry;
    }

    public static CommandSpec spec(Context context, Agents.Entry entry) {
        var command = new RunAgentCommand(context, entry);
        var spec = command.options
                .addTo(CommandSpec.wrapWithoutInspection(command))
                .name(entry.name());
        spec.addOption(Flag.yes(
                        "Install the agent with npm if it is not on the PATH.",
                        value -> command.installAgent = value,
                        "--install-agent")
                .build());
        spec.addOption(Flag.yes(
                        "Print the command line and the environment of the launch instead of launching.",
                        value -> command.printPlan = value,
                        "--print-plan")
                .build());
        spec.usageMessage()
                .description(entry.summary())
                .footer(
                        "",
                        "Everything after -- is passed to the agent unchanged. The agent gets a key for "
                                + "a local relay; the relay adds a fresh gateway token to every request.",
                        "",
                        "Example:",
                        "  " + entry.example());
        return spec;
    }

    @Override
    public Integer call() {
        var launching = context.launching(entry.agent().get(), options.request(installAgent));
        var settings = launching.settings(context.flags().flags(options.embedded));
        if (!printPlan) return launching.run(settings);
        context.host()
                .out()
                .println(launching.show(launching.plan(settings, true)).toPrettyString());
        return 0;
    }
}
