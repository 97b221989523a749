package lib.gateway.secret;

import java.util.Optional;
import java.util.Set;
import lib.base.UserError;
import lib.gateway.sealing.KeySource;

/// The variables of the gateway's environment that references of providers and MCP servers may name: the usual
/// ones of provider keys, and those that the machine's owner named. An administrator chooses the URL that a
/// reference is sent to, and may read no other variable of the process.
///
///     new SecretVariables(Set.of("TEAM_KEY")).allow("TEAM_KEY")   // true
///
/// @param named the ones beside the usual ones
public record SecretVariables(Set<String> named) {
    /// Only the usual ones.
    public static final SecretVariables USUAL = new SecretVariables(Set.of());

    private static final Set<String> PROVIDER_KEYS = Set.of(
            "ANTHROPIC_API_KEY",
            "OPENAI_API_KEY",
            "GEMINI_API_KEY",
            "GOOGLE_API_KEY",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_BEARER_TOKEN_BEDROCK",
            "AZURE_OPENAI_API_KEY",
            "CEREBRAS_API_KEY",
            "COHERE_API_KEY",
            "DASHSCOPE_API_KEY",
            "DEEPSEEK_API_KEY",
            "FIREWORKS_API_KEY",
            "GROQ_API_KEY",
            "MISTRAL_API_KEY",
            "MOONSHOT_API_KEY",
            "OPENROUTER_API_KEY",
            "PERPLEXITY_API_KEY",
            "TOGETHER_API_KEY",
            "XAI_API_KEY");

    /// @throws UserError for a name that is no reference, or reserved
    public SecretVariables {
        named = Set.copyOf(named);
        for (var name : named) {
            SecretName.checked(name);
            if (SecretName.isReserved(name)) {
                throw UserError.usage(
                        "providers may not read the variable %s".formatted(name),
                        "store its value with rpkai secret set under another name");
            }
        }
    }

    /// Returns whether a reference may name that variable.
    public boolean allow(String name) {
        return PROVIDER_KEYS.contains(name) || named.contains(name);
    }

    /// Refuses variables from which the sealing key comes.
    ///
    /// @throws UserError for the first of them
    public void keepFrom(Optional<KeySource> sealingKey) {
        for (var name : named) {
            if (sealingKey.filter(key -> key.uses(name)).isPresent())
                throw UserError.usage(
                        "providers may not read the variable %s, from which the sealing key comes".formatted(name),
                        "omit --secret-env " + name);
        }
    }
}
