package lib.usage.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The properties of calls by which a report can be divided.
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

    /// Returns the dimension that [#wire] writes like this; empty if there is none.
    public static Optional<Dimension> of(String wire) {
        return Arrays.stream(values())
                .filter(dimension -> dimension.wire().equals(wire))
                .findFirst();
    }

    /// Returns the dimension as command lines and JSON have it, such as `provider`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
