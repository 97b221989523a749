package lib.agents.variables;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The variables through which an SDK, or an agent built with one, would reach a model without the gateway:
/// keys, base URLs, and switches to a cloud's own API.
///
///     ConflictingVariables.scrubbed(env.keySet(), List.of("OPENCODE_API_KEY"))   // […, ANTHROPIC_API_KEY, …]
public final class ConflictingVariables {
    private static final List<String> KNOWN = List.of(
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "ANTHROPIC_BASE_URL",
            "AWS_BEARER_TOKEN_BEDROCK",
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
            "GEMINI_API_KEY",
            "GOOGLE_API_KEY",
            "GOOGLE_GEMINI_BASE_URL",
            "GOOGLE_GENAI_USE_VERTEXAI",
            "GOOGLE_GENERATIVE_AI_API_KEY",
            "GOOGLE_VERTEX_BASE_URL",
            "OPENAI_API_BASE",
            "OPENAI_API_KEY",
            "OPENAI_BASE_URL",
            "OPENAI_ORGANIZATION",
            "OPENAI_PROJECT");

    private static final List<String> FAMILIES = List.of("ANTHROPIC_", "AZURE_OPENAI_", "CLAUDE_CODE_", "OPENAI_");

    private ConflictingVariables() {}

    /// The known variables, those of `present` that belong to their families, and the agent's own.
    public static SortedSet<String> scrubbed(Collection<String> present, List<String> own) {
        var names = new TreeSet<>(KNOWN);
        present.stream()
                .filter(name -> FAMILIES.stream().anyMatch(name::startsWith))
                .forEach(names::add);
        names.addAll(own);
        return names;
    }
}
