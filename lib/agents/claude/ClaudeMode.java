package lib.agents.claude;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.UserError;

/// How Claude Code reaches the model: what the provider says wins, the flags stand in where it can't be read.
///
///     ClaudeMode.decide(Optional.of(provider), Set.of()).mode()   // MANAGED
public enum ClaudeMode {
    /// The gateway injects the API key.
    MANAGED,
    /// The user's own subscription login goes through.
    PASSTHROUGH,
    /// The gateway signs for AWS.
    BEDROCK;

    /// A mode, and what was ignored on the way to it.
    public record Decision(ClaudeMode mode, List<String> warnings) {}

    /// Decides.
    ///
    /// @param provider empty where the caller may not read it
    /// @param asked what the flags ask for: `--passthrough`, `--bedrock`, or nothing
    /// @throws UserError for exclusive flags, `--passthrough` on Bedrock, a type that Claude Code can't speak to
    public static Decision decide(Optional<Provider> provider, Set<ClaudeMode> asked) {
        checkExclusive(asked);
        var passthrough = asked.contains(PASSTHROUGH);
        var bedrock = asked.contains(BEDROCK);
        if (provider.isEmpty()) {
            return new Decision(passthrough ? PASSTHROUGH : bedrock ? BEDROCK : MANAGED, List.of());
        }
        var p = provider.get();
        if (p.type().equals(ProviderType.BEDROCK)) {
            if (passthrough)
                throw UserError.usage(
                        "--passthrough cannot be used with provider \"%s\", whose type is bedrock".formatted(p.name()),
                        "omit the flag");
            return new Decision(BEDROCK, List.of());
        }
        var mode = p.passthrough() ? PASSTHROUGH : MANAGED;
        if (bedrock)
            return new Decision(
                    mode,
                    List.of("--bedrock is ignored: provider \"%s\" has the type %s".formatted(p.name(), p.type())));
        if (passthrough && mode == MANAGED)
            return new Decision(
                    mode, List.of("--passthrough is ignored: provider \"%s\" has its own key".formatted(p.name())));
        return new Decision(mode, List.of());
    }

    /// Refuses `--passthrough` and `--bedrock` at once.
    ///
    /// @throws UserError when both are asked for; bad usage
    static void checkExclusive(Set<ClaudeMode> asked) {
        if (!asked.containsAll(Set.of(PASSTHROUGH, BEDROCK))) return;
        throw UserError.usage(
                "--passthrough and --bedrock exclude each other", "use the one for the type of the provider");
    }
}
