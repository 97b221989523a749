package lib.cli.base;

import java.util.List;
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

    public LaunchRequest asked(boolean install) {
        var asked = LaunchRequest.of(providerName, model, embedded, false, install, args)
                .passing(passed);
        return strictModel ? asked.refusingDeniedModels() : asked;
    }
}
