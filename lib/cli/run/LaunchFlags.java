package lib.cli.run;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import lib.agents.Agent;
import lib.agents.AgentFlag;
import lib.agents.AgentOptions;
import lib.agents.AgentVariables;
import lib.agents.LaunchOption;
import lib.agents.LaunchRequest;
import lib.agents.registry.Agents;
import lib.api.ProviderType;
import lib.cli.base.Flag;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What decides a launch: the flags of `run NAME`, which `explain NAME` takes too. Every agent of [Agents] has these,
/// and its own besides.
public final class LaunchFlags {
    private final AgentOptions options;
    private final Set<LaunchOption> on = EnumSet.noneOf(LaunchOption.class);
    private String providerName;
    private String model;
    private List<String> inherited = List.of();
    private List<String> args = List.of();

    /// The flags of that agent, none of them given.
    public LaunchFlags(Agents.Entry entry) {
        options = entry.options().get();
    }

    /// The agent with the options that were given.
    public Agent agent() {
        return options.agent();
    }

    /// What the flags ask for.
    public LaunchRequest request() {
        var request = LaunchRequest.empty()
                .withVariables(AgentVariables.NONE.withInherited(inherited))
                .withArgs(args);
        for (var option : on) request = request.withOption(option);
        if (providerName != null) request = request.withProvider(providerName);
        return model == null ? request : request.withModel(model);
    }

    /// Whether the gateway in this process is asked for, `--embedded`.
    public boolean isEmbedded() {
        return on.contains(LaunchOption.EMBEDDED_GATEWAY);
    }

    /// Gives a command these flags.
    public CommandSpec addTo(CommandSpec spec) {
        var agent = agent();
        spec.addOption(Flag.text(
                        "PROVIDER",
                        "The provider (required): %s.".formatted(types(agent)),
                        value -> providerName = value,
                        "-L",
                        "--llmprovider")
                .build());
        spec.addOption(Flag.text("MODEL", agent.modelHelp(), value -> model = value, "-m", "--model")
                .build());
        options.flags().forEach(flag -> spec.addOption(own(flag)));
        spec.addOption(option(
                LaunchOption.STRICT_MODEL,
                "Refuse a model that the provider does not allow, instead of warning.",
                "--strict-model"));
        spec.addOption(option(
                LaunchOption.EMBEDDED_GATEWAY,
                "Use the embedded gateway even if an environment is configured.",
                "--embedded"));
        if (!agent.needsRelay())
            spec.addOption(option(
                    LaunchOption.BROKER,
                    "Keep the gateway token in rpkai. A local relay adds a fresh token to every "
                            + "request; programs that the agent starts cannot read it.",
                    "--broker"));
        spec.addOption(Flag.texts(
                        "NAME",
                        "Pass a withheld variable, such as OPENAI_API_KEY, on to the agent; repeatable.",
                        value -> inherited = value,
                        "--pass-env")
                .build());
        var hasOwn = !options.flags().isEmpty();
        var name = agent.binary().name().toUpperCase(Locale.ROOT);
        spec.addPositional(Flag.words(
                hasOwn ? "-- %s_ARGS".formatted(name) : "-- ARGS",
                "Arguments for %s, after --.".formatted(hasOwn ? agent.binary().title() : "the agent"),
                value -> args = value));
        return spec;
    }

    /// A flag that turns an option of the launch on.
    OptionSpec option(LaunchOption option, String description, String name) {
        return Flag.yes(
                        description,
                        value -> {
                            if (value) on.add(option);
                            else on.remove(option);
                        },
                        name)
                .build();
    }

    private static OptionSpec own(AgentFlag flag) {
        var names = flag.names().toArray(String[]::new);
        // No switch over types: a process's first one takes the JVM milliseconds to make.
        if (flag instanceof AgentFlag.Text text)
            return Flag.text(text.label(), text.description(), text.value(), names)
                    .build();
        return Flag.yes(flag.description(), ((AgentFlag.Switch) flag).value(), names)
                .build();
    }

    /// `anthropic, google or openai`.
    private static String types(Agent agent) {
        var labels = agent.types().stream().map(ProviderType::label).sorted().toList();
        var last = labels.getLast();
        return labels.size() == 1
                ? last
                : labels.subList(0, labels.size() - 1).stream().collect(Collectors.joining(", ")) + " or " + last;
    }
}
