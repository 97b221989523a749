package lib.agents;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is asked for in a launch of any agent. An agent's own options are components of the [Agent] itself.
///
///     LaunchRequest.empty().withProvider("anthropic").withArgs(List.of("-p", "hi"))
///
/// @param provider the provider's name, `-L`
/// @param model `-m`
/// @param options what is switched on
/// @param conversation what groups the session's requests on the gateway, `X-Redpanda-Genai-Conversation`
/// @param variables what to put into the agent's environment
/// @param args the agent's own arguments
public record LaunchRequest(
        Optional<String> provider,
        Optional<String> model,
        Set<LaunchOption> options,
        Optional<String> conversation,
        AgentVariables variables,
        List<String> args) {

    /// The header that groups requests into one conversation.
    public static final String CONVERSATION = "X-Redpanda-Genai-Conversation";

    public LaunchRequest {
        options = Set.copyOf(options);
        args = List.copyOf(args);
    }

    /// A request that asks for nothing.
    public static LaunchRequest empty() {
        return new LaunchRequest(
                Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), AgentVariables.NONE, List.of());
    }

    /// Whether that option is on.
    public boolean has(LaunchOption option) {
        return options.contains(option);
    }

    /// Whether the traffic takes the relay in this process: that keeps the token, and adds the header.
    public boolean isRelayed() {
        return has(LaunchOption.BROKER) || conversation.isPresent();
    }

    /// The same on that provider.
    public LaunchRequest withProvider(String name) {
        return new LaunchRequest(Optional.of(name), model, options, conversation, variables, args);
    }

    /// The same with that model.
    public LaunchRequest withModel(String name) {
        return new LaunchRequest(provider, Optional.of(name), options, conversation, variables, args);
    }

    /// The same with that option on.
    public LaunchRequest withOption(LaunchOption option) {
        var more = EnumSet.of(option);
        more.addAll(options);
        return new LaunchRequest(provider, model, more, conversation, variables, args);
    }

    /// The same in that conversation.
    public LaunchRequest withConversation(String name) {
        return new LaunchRequest(provider, model, options, Optional.of(name), variables, args);
    }

    /// The same with those variables.
    public LaunchRequest withVariables(AgentVariables other) {
        return new LaunchRequest(provider, model, options, conversation, other, args);
    }

    /// The same with those arguments.
    public LaunchRequest withArgs(List<String> words) {
        return new LaunchRequest(provider, model, options, conversation, variables, words);
    }
}
