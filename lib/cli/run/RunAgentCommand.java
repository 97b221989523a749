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
                        "Install the agent with npm when it is not on the PATH.",
                        value -> command.installAgent = value,
                        "--install-agent")
                .build());
        spec.addOption(Flag.yes(
                        "Print the command line and the environment of the launch, then exit.",
                        value -> command.printPlan = value,
                        "--print-plan")
                .build());
        spec.usageMessage()
                .description(entry.summary())
                .footer(
                        "",
                        "What stands behind -- goes to it as it is. It gets a key that is good for a "
                                + "relay on this machine alone, which puts the gateway's token, always fresh, on "
                                + "each request.",
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
