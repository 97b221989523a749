package lib.usage.budget;

import java.util.Optional;
import lib.base.UserError;

/// The users or agents whose calls a budget counts.
///
///     BudgetTarget.of("user:ada@example.com")
public sealed interface BudgetTarget {
    /// All calls together.
    record Everyone() implements BudgetTarget {}

    /// Every user, each with the whole amount. The budget does not apply to a user who has their own one for the
    /// same period.
    record EachUser() implements BudgetTarget {}

    /// One user.
    record User(String name) implements BudgetTarget {}

    /// Every agent, each with the whole amount. The budget does not apply to an agent that has its own one for
    /// the same period.
    record EachAgent() implements BudgetTarget {}

    /// One agent, for all of its users together.
    record Agent(String name) implements BudgetTarget {}

    /// Reads a target as [#wire] writes it.
    ///
    /// @throws UserError if the text is no target
    static BudgetTarget of(String text) {
        return find(text)
                .orElseThrow(() -> UserError.usage(
                        "\"%s\" is not a target of a budget".formatted(text),
                        "use everyone, each-user, user:NAME, each-agent or agent:NAME"));
    }

    /// Reads a target as [#wire] writes it; empty if the text is none.
    static Optional<BudgetTarget> find(String text) {
        var name = text.substring(text.indexOf(':') + 1);
        return switch (text.substring(0, text.length() - name.length())) {
            case "user:" -> name.isBlank() ? Optional.empty() : Optional.of(new User(name));
            case "agent:" -> name.isBlank() ? Optional.empty() : Optional.of(new Agent(name));
            default ->
                switch (text) {
                    case "everyone" -> Optional.of(new Everyone());
                    case "each-user" -> Optional.of(new EachUser());
                    case "each-agent" -> Optional.of(new EachAgent());
                    default -> Optional.empty();
                };
        };
    }

    /// Returns the target as command lines, JSON and the database have it, such as `user:ada@example.com`.
    default String wire() {
        return switch (this) {
            case Everyone _ -> "everyone";
            case EachUser _ -> "each-user";
            case User(var name) -> "user:" + name;
            case EachAgent _ -> "each-agent";
            case Agent(var name) -> "agent:" + name;
        };
    }
}
