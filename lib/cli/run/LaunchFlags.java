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

/// The flags of a launch, shared by `run NAME` and `explain NAME`. Every agent of [Agents] has these as well as
/// its own.
public final class LaunchFlags {
    private final AgentOptions options;
    private final Set<LaunchOption> on = EnumSet.noneOf(LaunchOption.class);
    private String providerName;
    private String model;
    private List<String> inherited = List.of();
    private List<String> args = List.of();

    /// The flags of that agent, without values yet.
    public LaunchFlags(Agents.Entry entry) {
        options = entry.options().get();
    }

    /// The agent with the given options.
    public Agent agent() {
        return options.agent();
    }

    /// The launch request that the flags describe.
    public LaunchRequest request() {
        var request = LaunchRequest.empty()
                .withVariables(AgentVariables.NONE.withInherited(inherited))
                .withArgs(args);
        for (var option : on) request = request.withOption(option);
        if (providerName != null) request = request.withProvider(providerName);
        return model == null ? request : request.withModel(model);
    }

    /// Returns whether `--embedded` was given, for a gateway in this process.
    public boolean isEmbedded() {
        return on.contains(LaunchOption.EMBEDDED_GATEWAY);
    }

    /// Adds these flags to a command.
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

    /// A flag that turns on an option of the launch.
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
        return switch (flag) {
            case AgentFlag.Text text ->
                Flag.text(text.label(), text.description(), text.value(), names).build();
            case AgentFlag.Switch yes ->
                Flag.yes(yes.description(), yes.value(), names).build();
        };
    }

    /// The provider types as text, such as `anthropic, google or openai`.
    private static String types(Agent agent) {
        var labels = agent.types().stream().map(ProviderType::label).sorted().toList();
        var last = labels.getLast();
        return labels.size() == 1
                ? last
                : labels.subList(0, labels.size() - 1).stream().collect(Collectors.joining(", ")) + " or " + last;
    }
}
