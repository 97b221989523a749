package lib.agents.claude;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.UserError;

/// The way in which Claude Code reaches the model. The provider's own data decides; the flags decide only if
/// the provider can't be read.
///
///     ClaudeMode.decide(Optional.of(provider), Set.of()).mode()   // MANAGED
public enum ClaudeMode {
    /// The gateway injects the API key.
    MANAGED,
    /// The user's own subscription login passes through.
    PASSTHROUGH,
    /// The gateway signs for AWS.
    BEDROCK;

    /// A mode, and warnings about flags that were ignored.
    public record Decision(ClaudeMode mode, List<String> warnings) {}

    /// Decides the mode.
    ///
    /// @param provider the provider; empty if the caller may not read it
    /// @param asked the modes that the flags request: `--passthrough`, `--bedrock`, or nothing
    /// @throws UserError for exclusive flags, for `--passthrough` on Bedrock, and for a type that Claude Code
    ///     can't use
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

    /// Refuses `--passthrough` and `--bedrock` together.
    ///
    /// @throws UserError when both are given; bad usage
    static void checkExclusive(Set<ClaudeMode> asked) {
        if (!asked.containsAll(Set.of(PASSTHROUGH, BEDROCK))) return;
        throw UserError.usage(
                "--passthrough and --bedrock exclude each other", "use the one for the type of the provider");
    }
}
