package lib.gateway.state;

import java.util.Set;
import lib.base.UserError;

/// Which variables of the gateway's environment the references of providers and MCP servers may name: those in
/// which provider keys usually are, and those that the machine's owner named. An administrator chooses the URL
/// that a reference is sent to; every other variable of the process is not theirs to read.
///
///     new SecretVariables(Set.of("TEAM_KEY")).allow("TEAM_KEY")   // true
///
/// @param named those beside the usual ones
public record SecretVariables(Set<String> named) {
    /// The usual ones only.
    public static final SecretVariables USUAL = new SecretVariables(Set.of());

    /// rpkai's own and PostgreSQL's: they open the usage store and the gateway itself.
    private static final String NEVER = "(?i)(PG|RPAI_|RPKAI_).*";
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

    /// @throws UserError for what can be no reference, and for those that are never given away
    public SecretVariables {
        named = Set.copyOf(named);
        for (var name : named) {
            SecretName.checked(name);
            if (!canAllow(name)) {
                throw UserError.usage(
                        "providers may not read the variable %s".formatted(name),
                        "store its value with rpkai secret set under another name");
            }
        }
    }

    /// Whether a reference may name that variable.
    public boolean allow(String name) {
        return PROVIDER_KEYS.contains(name) || named.contains(name);
    }

    /// Whether the machine's owner can name it.
    public static boolean canAllow(String name) {
        return !name.matches(NEVER);
    }
}
