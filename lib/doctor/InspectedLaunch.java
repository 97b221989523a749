package lib.doctor;

import java.util.Optional;
import java.util.stream.Stream;
import lib.agents.LaunchRequest;
import lib.base.Remedy;

/// The launch that the doctor examines, and the commands that belong to it.
///
///     launch.runCommand("aws", Optional.empty())   // rpkai run claude -L aws
///
/// @param agent the agent to launch
/// @param provider `-L`
/// @param model `-m`
/// @param configFlag `--config FILE`, where it was given: every command then needs it
/// @param gatewayFlags the flags that chose the gateway, such as `-p staging`: every command that asks the gateway
///     needs them
public record InspectedLaunch(
        DoctorAgent agent, Optional<String> provider, Optional<String> model, String configFlag, String gatewayFlags) {
    private static final String RPKAI = "rpkai ";

    /// The request of the launch.
    LaunchRequest request() {
        var request = LaunchRequest.empty();
        if (provider.isPresent()) request = request.withProvider(provider.get());
        return model.isPresent() ? request.withModel(model.get()) : request;
    }

    /// The same launch with that provider.
    InspectedLaunch withProvider(String name) {
        return new InspectedLaunch(agent, Optional.of(name), model, configFlag, gatewayFlags);
    }

    /// A launch of this agent with another provider, or another model.
    public String runCommand(String otherProvider, Optional<String> otherModel) {
        return runCommand(agent, otherProvider, otherModel);
    }

    /// A launch of any agent.
    public String runCommand(DoctorAgent any, String otherProvider, Optional<String> otherModel) {
        return gatewayCommand("run %s -L %s%s"
                .formatted(
                        any.label(),
                        otherProvider,
                        otherModel.map(name -> " -m " + name).orElse("")));
    }

    /// This examination once more, after a while.
    public String doctorLater(long seconds) {
        var again = "doctor %s%s%s"
                .formatted(
                        agent.label(),
                        provider.map(name -> " -L " + name).orElse(""),
                        model.map(name -> " -m " + name).orElse(""));
        return "sleep %d && %s".formatted(seconds, gatewayCommand(again));
    }

    /// A command that asks the gateway.
    public String gatewayCommand(String command) {
        return join("rpkai", command, configFlag, gatewayFlags);
    }

    /// A command that needs no more than the config file.
    public String localCommand(String command) {
        return join("rpkai", command, configFlag);
    }

    /// The step that a remedy proposes: the bare command where there is one, this examination once more where
    /// waiting helps, otherwise the sentence.
    public String nextStep(Remedy remedy) {
        return switch (remedy) {
            case Remedy.Run run
            when run.command().startsWith(RPKAI) -> localCommand(run.command().substring(RPKAI.length()));
            case Remedy.Run run -> run.command();
            case Remedy.Retry _ -> doctorLater(60);
            case Remedy.Edit(var file, var key, var _) -> "edit %s and remove %s".formatted(file, key);
            case Remedy.Advice(var text) -> text;
        };
    }

    private static String join(String... words) {
        return String.join(" ", Stream.of(words).filter(word -> !word.isEmpty()).toList());
    }
}
