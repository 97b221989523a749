package lib.doctor;

import java.util.Optional;
import java.util.stream.Stream;
import lib.agents.LaunchRequest;
import lib.base.Remedy;

/// The launch that is looked into, and the commands that belong to it.
///
///     new InspectedLaunch(DoctorAgent.CLAUDE, Optional.of("anthropic"), Optional.empty(), "", "").run("aws",
/// Optional.empty())   // rpkai run claude -L aws
///
/// @param agent what is to be launched
/// @param provider `-L`
/// @param model `-m`
/// @param config `--config FILE`, where it was given: every command then needs it
/// @param gateway the flags that chose the gateway, such as `-p staging`: every command that asks the gateway
///     needs them
public record InspectedLaunch(
        DoctorAgent agent, Optional<String> provider, Optional<String> model, String config, String gateway) {
    private static final String RPKAI = "rpkai ";

    /// What a launch would be asked for.
    LaunchRequest request() {
        var request = LaunchRequest.empty();
        if (provider.isPresent()) request = request.withProvider(provider.get());
        return model.isPresent() ? request.withModel(model.get()) : request;
    }

    /// The same for that provider.
    InspectedLaunch on(String name) {
        return new InspectedLaunch(agent, Optional.of(name), model, config, gateway);
    }

    /// A launch of this agent with another provider, or another model.
    String run(String name, Optional<String> otherModel) {
        return run(agent, name, otherModel);
    }

    /// A launch of any agent.
    String run(DoctorAgent any, String name, Optional<String> otherModel) {
        return asking("run %s -L %s%s"
                .formatted(any.label(), name, otherModel.map(m -> " -m " + m).orElse("")));
    }

    /// The same look again.
    String again() {
        return asking("doctor %s%s%s"
                .formatted(
                        agent.label(),
                        provider.map(p -> " -L " + p).orElse(""),
                        model.map(m -> " -m " + m).orElse("")));
    }

    /// The same look again, after a while.
    String later(long seconds) {
        return "sleep %d && %s".formatted(seconds, again());
    }

    /// A command that asks the gateway.
    String asking(String command) {
        return join("rpkai", command, config, gateway);
    }

    /// A command that only needs the config file.
    String plain(String command) {
        return join("rpkai", command, config);
    }

    /// What a remedy comes to here: the bare command where it is one, the same look again where waiting helps, else
    /// the sentence.
    String step(Remedy remedy) {
        return switch (remedy) {
            case Remedy.Run run
            when run.command().startsWith(RPKAI) -> plain(run.command().substring(RPKAI.length()));
            case Remedy.Run run -> run.command();
            case Remedy.Retry _ -> later(60);
            case Remedy.Edit(var file, var key, var _) -> "edit %s and remove %s".formatted(file, key);
            case Remedy.Advice(var text) -> text;
        };
    }

    private static String join(String... words) {
        return String.join(" ", Stream.of(words).filter(word -> !word.isEmpty()).toList());
    }
}
