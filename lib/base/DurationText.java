package lib.base;

import java.time.Duration;
import java.util.Optional;

/// Durations as Go's tools write them: `90s`, `10m`, `1h30m`; a bare number is seconds.
///
///     DurationText.parse("1h30m")   // Optional[PT1H30M]
///
/// Without a regular expression: the start-up path of `auth token` reads one.
public final class DurationText {
    private static final String UNITS = "hms";
    private static final int[] SECONDS = {3600, 60, 1};
    private static final int[] DIGITS = {6, 8, 9};

    private DurationText() {}

    /// Reads one; empty for any other text.
    public static Optional<Duration> parse(String text) {
        long seconds = 0;
        int at = 0;
        int next = 0;
        while (at < text.length()) {
            int from = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
            int digits = at - from;
            int unit = UNITS.indexOf(at < text.length() ? text.charAt(at++) : 's', next);
            if (digits == 0 || unit < 0 || digits > DIGITS[unit]) return Optional.empty();
            seconds += Long.parseLong(text, from, from + digits, 10) * SECONDS[unit];
            next = unit + 1;
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }
}
