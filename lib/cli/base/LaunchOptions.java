package lib.cli.base;

import java.util.List;
import lib.agents.AgentVariables;
import lib.agents.LaunchOption;
import lib.agents.LaunchRequest;
import picocli.CommandLine.Model.CommandSpec;

/// What decides a launch of an agent without flags of its own: those of `run NAME`, which `explain NAME` takes
/// too.
public final class LaunchOptions {
    public String providerName;
    String model;
    boolean strictModel;
    public boolean embedded;
    List<String> passed = List.of();
    List<String> args = List.of();

    /// Gives a command these flags.
    public CommandSpec addTo(CommandSpec spec) {
        spec.addOption(Flag.text(
                        "PROVIDER",
                        "The provider (required); the agent must support its type.",
                        value -> providerName = value,
                        "-L",
                        "--llmprovider")
                .build());
        spec.addOption(Flag.text(
                        "MODEL",
                        "The model. Default: the first model that the provider allows, or else the " + "agent's own.",
                        value -> model = value,
                        "-m",
                        "--model")
                .build());
        spec.addOption(Flag.yes(
                        "Refuse a model that the provider does not allow, instead of warning.",
                        value -> strictModel = value,
                        "--strict-model")
                .build());
        spec.addOption(Flag.yes(
                        "Use the embedded gateway even if an environment is configured.",
                        value -> embedded = value,
                        "--embedded")
                .build());
        spec.addOption(Flag.texts(
                        "NAME",
                        "Pass a withheld variable, such as OPENAI_API_KEY, on to the agent; repeatable.",
                        value -> passed = value,
                        "--pass-env")
                .build());
        spec.addPositional(Flag.words("-- ARGS", "Arguments for the agent, after --.", value -> args = value));
        return spec;
    }

    public LaunchRequest request(boolean install) {
        return LaunchOptions.request(
                providerName,
                model,
                new LaunchOption[] {
                    embedded ? LaunchOption.EMBEDDED_GATEWAY : null,
                    install ? LaunchOption.INSTALL_AGENT : null,
                    strictModel ? LaunchOption.STRICT_MODEL : null
                },
                passed,
                args);
    }

    /// @param provider null where it was not given
    /// @param model null where it was not given
    public static LaunchRequest request(
            String provider, String model, LaunchOption[] options, List<String> passed, List<String> args) {
        var request = LaunchRequest.empty()
                .withVariables(AgentVariables.NONE.withInherited(passed))
                .withArgs(args);
        if (provider != null) request = request.withProvider(provider);
        if (model != null) request = request.withModel(model);
        for (var option : options) if (option != null) request = request.withOption(option);
        return request;
    }
}
