package lib.agents;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What was asked for, of whichever agent.
///
///     LaunchRequest.nothing().through("anthropic").behind(List.of("-p", "hi"))
///
/// @param provider the provider's name, `-L`
/// @param model `-m`
/// @param embedded whether to use a gateway in this process in spite of a configured environment
/// @param broker whether to keep the gateway token in this process
/// @param install whether to install the agent where it is missing
/// @param strictness what is refused and what is a warning
/// @param conversation what groups the session's requests on the gateway, `X-Redpanda-Genai-Conversation`
/// @param variables variables for the agent; they don't displace those of the launch
/// @param passed variables that the agent is to inherit although a launch withholds them, `--pass-env`
/// @param args the agent's own arguments
public record LaunchRequest(
        Optional<String> provider,
        Optional<String> model,
        boolean embedded,
        boolean broker,
        boolean install,
        Strictness strictness,
        Optional<String> conversation,
        Map<String, String> variables,
        SortedSet<String> passed,
        List<String> args) {

    /// The header that groups requests into one conversation.
    public static final String CONVERSATION = "X-Redpanda-Genai-Conversation";

    public LaunchRequest {
        variables = Map.copyOf(variables);
        passed = new TreeSet<>(passed);
        args = List.copyOf(args);
    }

    /// Nothing yet.
    public static LaunchRequest nothing() {
        return new LaunchRequest(
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                Strictness.USUAL,
                Optional.empty(),
                Map.of(),
                new TreeSet<>(),
                List.of());
    }

    /// What the flags of a command say.
    ///
    /// @param provider null where it was not given
    /// @param model null where it was not given
    public static LaunchRequest of(
            String provider, String model, boolean embedded, boolean broker, boolean install, List<String> args) {
        return new LaunchRequest(
                Optional.ofNullable(provider),
                Optional.ofNullable(model),
                embedded,
                broker,
                install,
                Strictness.USUAL,
                Optional.empty(),
                Map.of(),
                new TreeSet<>(),
                args);
    }

    /// Whether the traffic takes the relay in this process: that keeps the token, and adds the header.
    public boolean isRelayed() {
        return broker || conversation.isPresent();
    }

    /// The same on that provider.
    public LaunchRequest through(String provider) {
        return new LaunchRequest(
                Optional.of(provider),
                model,
                embedded,
                broker,
                install,
                strictness,
                conversation,
                variables,
                passed,
                args);
    }

    /// The same with that model.
    public LaunchRequest on(String model) {
        return new LaunchRequest(
                provider,
                Optional.of(model),
                embedded,
                broker,
                install,
                strictness,
                conversation,
                variables,
                passed,
                args);
    }

    /// The same with a gateway in this process.
    public LaunchRequest inThisProcess() {
        return new LaunchRequest(
                provider, model, true, broker, install, strictness, conversation, variables, passed, args);
    }

    /// The same with the gateway token kept in this process.
    public LaunchRequest brokered() {
        return new LaunchRequest(
                provider, model, embedded, true, install, strictness, conversation, variables, passed, args);
    }

    /// The same, the agent installed where it is missing.
    public LaunchRequest installing() {
        return new LaunchRequest(
                provider, model, embedded, broker, true, strictness, conversation, variables, passed, args);
    }

    /// The same in that conversation.
    public LaunchRequest about(String conversation) {
        return new LaunchRequest(
                provider,
                model,
                embedded,
                broker,
                install,
                strictness,
                Optional.of(conversation),
                variables,
                passed,
                args);
    }

    /// The same with those variables.
    public LaunchRequest knowing(Map<String, String> variables) {
        return new LaunchRequest(
                provider, model, embedded, broker, install, strictness, conversation, variables, passed, args);
    }

    /// The same with those variables inherited.
    public LaunchRequest passing(Collection<String> names) {
        return new LaunchRequest(
                provider,
                model,
                embedded,
                broker,
                install,
                strictness,
                conversation,
                variables,
                new TreeSet<>(names),
                args);
    }

    /// The same with those arguments.
    public LaunchRequest behind(List<String> args) {
        return new LaunchRequest(
                provider, model, embedded, broker, install, strictness, conversation, variables, passed, args);
    }

    /// The same, an agent that is older than the oldest safe one being a warning.
    public LaunchRequest allowingOldAgents() {
        return taking(strictness.allowingOldAgents());
    }

    /// The same, a model that is known not to be allowed being refused.
    public LaunchRequest refusingDeniedModels() {
        return taking(strictness.refusingDeniedModels());
    }

    private LaunchRequest taking(Strictness strictness) {
        return new LaunchRequest(
                provider, model, embedded, broker, install, strictness, conversation, variables, passed, args);
    }
}
