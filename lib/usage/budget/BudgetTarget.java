package lib.usage.budget;

import java.util.Optional;
import lib.base.UserError;

/// Whom a budget is for.
///
///     BudgetTarget.of("user:ada@example.com")
public sealed interface BudgetTarget {
    /// All calls together.
    record Everyone() implements BudgetTarget {}

    /// Every user, each for themselves; one who has a budget of their own is not meant.
    record EachUser() implements BudgetTarget {}

    /// One user.
    record User(String name) implements BudgetTarget {}

    /// Every agent, each for itself; one that has a budget of its own is not meant.
    record EachAgent() implements BudgetTarget {}

    /// One agent, whoever uses it.
    record Agent(String name) implements BudgetTarget {}

    /// @throws UserError for what is none of them
    static BudgetTarget of(String text) {
        return find(text)
                .orElseThrow(() -> UserError.usage(
                        "\"%s\" is not a target of a budget".formatted(text),
                        "use everyone, each-user, user:NAME, each-agent or agent:NAME"));
    }

    /// The same, empty for what is none.
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

    /// As it is written: `user:ada@example.com`.
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
