package lib.agents;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The options that every launch has. An agent's own options are components of the [Agent] itself.
///
///     LaunchRequest.empty().withProvider("anthropic").withArgs(List.of("-p", "hi"))
///
/// @param provider the provider's name, `-L`
/// @param model the model's name, `-m`
/// @param options the options that are on
/// @param conversation the id that groups the session's requests on the gateway,
///     `X-Redpanda-Genai-Conversation`
/// @param variables the variables to add to the agent's environment
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

    /// A request with nothing set.
    public static LaunchRequest empty() {
        return new LaunchRequest(
                Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), AgentVariables.NONE, List.of());
    }

    /// Returns whether the option is on.
    public boolean has(LaunchOption option) {
        return options.contains(option);
    }

    /// Returns whether requests go through the relay in this process, which keeps the token and adds the
    /// header.
    public boolean isRelayed() {
        return has(LaunchOption.BROKER) || conversation.isPresent();
    }

    /// Returns a copy with this provider.
    public LaunchRequest withProvider(String name) {
        return new LaunchRequest(Optional.of(name), model, options, conversation, variables, args);
    }

    /// Returns a copy with this model.
    public LaunchRequest withModel(String name) {
        return new LaunchRequest(provider, Optional.of(name), options, conversation, variables, args);
    }

    /// Returns a copy with this option on.
    public LaunchRequest withOption(LaunchOption option) {
        var more = EnumSet.of(option);
        more.addAll(options);
        return new LaunchRequest(provider, model, more, conversation, variables, args);
    }

    /// Returns a copy with this conversation id.
    public LaunchRequest withConversation(String name) {
        return new LaunchRequest(provider, model, options, Optional.of(name), variables, args);
    }

    /// Returns a copy with these variables.
    public LaunchRequest withVariables(AgentVariables other) {
        return new LaunchRequest(provider, model, options, conversation, other, args);
    }

    /// Returns a copy with these arguments.
    public LaunchRequest withArgs(List<String> words) {
        return new LaunchRequest(provider, model, options, conversation, variables, words);
    }
}
