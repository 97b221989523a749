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
                        "The provider (required), of a type that the agent speaks.",
                        value -> providerName = value,
                        "-L",
                        "--llmprovider")
                .build());
        spec.addOption(Flag.text(
                        "MODEL",
                        "The model. Default: the first that the provider allows, else the agent's own.",
                        value -> model = value,
                        "-m",
                        "--model")
                .build());
        spec.addOption(Flag.yes(
                        "Refuse a model that the provider is known not to allow, instead of warning.",
                        value -> strictModel = value,
                        "--strict-model")
                .build());
        spec.addOption(Flag.yes(
                        "Use a gateway in this process in spite of a configured environment.",
                        value -> embedded = value,
                        "--embedded")
                .build());
        spec.addOption(Flag.texts(
                        "NAME",
                        "Let the agent inherit this variable although it is withheld, such as "
                                + "OPENAI_API_KEY; repeatable.",
                        value -> passed = value,
                        "--pass-env")
                .build());
        spec.addPositional(Flag.words("-- ARGS", "The agent's own arguments, behind --.", value -> args = value));
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
