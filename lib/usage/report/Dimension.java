package lib.usage.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What usage is summed by.
///
///     Dimension.of("user")   // Optional[USER]
public enum Dimension {
    PROVIDER,
    MODEL,
    USER,
    AGENT,
    SESSION,
    /// The kinds of tokens, see [TokenKind].
    KIND;

    /// The one that is written so.
    public static Optional<Dimension> of(String wire) {
        return Arrays.stream(values())
                .filter(dimension -> dimension.wire().equals(wire))
                .findFirst();
    }

    /// As it is written: `provider`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
