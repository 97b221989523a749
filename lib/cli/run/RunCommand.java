package lib.cli.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import lib.agents.LaunchOption;
import lib.agents.LaunchPlan;
import lib.agents.registry.Agents;
import lib.cli.base.Context;
import lib.cli.base.Flag;
import picocli.CommandLine.Model.CommandSpec;

/// `rpkai run NAME`, for every agent of [Agents].
public final class RunCommand implements Callable<Integer> {
    private final Context context;
    private final LaunchFlags flags;
    private boolean printPlan;

    private RunCommand(Context context, Agents.Entry entry) {
        this.context = context;
        flags = new LaunchFlags(entry);
    }

    public static CommandSpec spec(Context context, Agents.Entry entry) {
        var command = new RunCommand(context, entry);
        var flags = command.flags;
        var spec = flags.addTo(CommandSpec.wrapWithoutInspection(command)).name(entry.name());
        var agent = flags.agent();
        spec.addOption(Flag.yes(
                        "Print %s of the launch instead of launching."
                                .formatted(agent.planFlag().prints()),
                        value -> command.printPlan = value,
                        agent.planFlag().name())
                .build());
        var title = agent.binary().title();
        var hasOldest = agent.oldest().isPresent();
        spec.addOption(flags.option(
                LaunchOption.INSTALL_AGENT,
                hasOldest
                        ? "Install %s with npm if it is not on the PATH or too old.".formatted(title)
                        : "Install the agent with npm if it is not on the PATH.",
                "--install-agent"));
        if (hasOldest)
            spec.addOption(flags.option(
                    LaunchOption.ALLOW_OLD_AGENT,
                    "Launch %s with a warning even if it is too old to be safe.".formatted(title),
                    "--allow-old-agent"));
        var examples = entry.examples();
        var footer =
                new ArrayList<>(List.of("", agent.argsHelp(), "", examples.size() == 1 ? "Example:" : "Examples:"));
        examples.forEach(example -> footer.add("  " + example));
        spec.usageMessage().description(entry.summary()).footer(footer.toArray(String[]::new));
        return spec;
    }

    @Override
    public Integer call() {
        var runner = context.launchRunner(flags.agent(), flags.request());
        var settings = runner.settings(context.flags().flags(flags.isEmbedded()));
        if (!printPlan) return runner.run(settings);
        var plan = runner.preview(settings);
        print(plan, runner.show(plan).toPrettyString());
        return 0;
    }

    /// Prints the file that the agent's own flag names, or the plan as a whole.
    private void print(LaunchPlan plan, String whole) {
        var out = context.host().out();
        flags.agent()
                .planFlag()
                .file()
                .flatMap(name -> plan.files().entrySet().stream()
                        .filter(file -> file.getKey().endsWith(name))
                        .findFirst())
                .ifPresentOrElse(file -> out.print(file.getValue()), () -> out.println(whole));
    }
}
