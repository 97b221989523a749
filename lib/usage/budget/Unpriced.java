package lib.usage.budget;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a budget does about calls whose cost is not known: their model has no price, or their answers say nothing
/// of what they used.
///
///     Unpriced.of("refuse")   // Optional[REFUSE]
public enum Unpriced {
    /// They pass, and do not count.
    ALLOW,
    /// A call of a model without a price does not pass. What turns out later to have no known cost counts as an
    /// estimate.
    REFUSE,
    /// They pass, and an estimate of their cost counts.
    ESTIMATE;

    /// The one that is written so.
    public static Optional<Unpriced> of(String wire) {
        return Arrays.stream(values()).filter(each -> each.wire().equals(wire)).findFirst();
    }

    /// As it is written: `allow`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
