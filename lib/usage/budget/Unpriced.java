package lib.usage.budget;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How a budget treats calls whose cost is not known, because their model has no price or their answers do not
/// say what they used.
///
///     Unpriced.of("refuse")   // Optional[REFUSE]
public enum Unpriced {
    /// The calls pass and count nothing.
    ALLOW,
    /// A call of a model without a price is refused. A call whose cost turns out to be unknown afterwards counts
    /// as an estimate.
    REFUSE,
    /// The calls pass, and an estimate of their cost counts.
    ESTIMATE;

    /// Returns the value that [#wire] writes like this; empty if there is none.
    public static Optional<Unpriced> of(String wire) {
        return Arrays.stream(values()).filter(each -> each.wire().equals(wire)).findFirst();
    }

    /// Returns the value as command lines, JSON and the database have it, such as `allow`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
