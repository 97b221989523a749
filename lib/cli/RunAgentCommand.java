package lib.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import lib.agents.Agents;
import lib.agents.Asked;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai run NAME` for an agent of [Agents].
@Command
final class RunAgentCommand implements Callable<Integer> {
    @Option(names = {"-L", "--llmprovider"}, paramLabel = "PROVIDER", description = "The provider (required), of a type that the agent speaks.")
    String providerName;

    @Option(names = {"-m", "--model"}, paramLabel = "MODEL", description = "The model. Default: the first that the provider allows, else the agent's own.")
    String model;

    @Option(names = "--embedded", description = "Use a gateway in this process in spite of a configured environment.")
    boolean embedded;

    @Option(names = "--install-agent", description = "Install the agent with npm when it is not on the PATH.")
    boolean installAgent;

    @Option(names = "--print-plan", description = "Print the command line and the environment of the launch, then exit.")
    boolean printPlan;

    @Parameters(paramLabel = "-- ARGS", description = "The agent's own arguments, behind --.")
    List<String> args = new ArrayList<>();

    private final Context context;
    private final Agents.Entry entry;

    private RunAgentCommand(Context context, Agents.Entry entry) {
        this.context = context;
        this.entry = entry;
    }

    static CommandSpec spec(Context context, Agents.Entry entry) {
        var spec = CommandSpec.forAnnotatedObject(new RunAgentCommand(context, entry)).name(entry.name());
        spec.usageMessage().description(entry.summary()).footer(
                "", "What stands behind -- goes to it as it is. It gets a key that is good for a relay on this machine alone, which puts the gateway's token, always fresh, on each request.", "", "Example:", "  " + entry.example());
        return spec;
    }

    @Override
    public Integer call() {
        var launching = context.launching(entry.agent().get(), Asked.of(providerName, model, embedded, false, installAgent, args));
        var settings = launching.settings(context.flags().flags(embedded));
        if (!printPlan) return launching.run(settings);
        context.host().out().println(launching.plan(settings, true).toJson().toPrettyString());
        return 0;
    }
}
