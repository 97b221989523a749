package lib.usage.budget;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The period that a budget lasts, by the calendar in UTC. Weeks begin on Mondays.
///
///     Period.MONTHLY.end(now)   // the first of the next month
public enum Period {
    DAILY,
    WEEKLY,
    MONTHLY;

    /// Returns the period that [#wire] writes like this; empty if there is none.
    public static Optional<Period> of(String wire) {
        return Arrays.stream(values())
                .filter(period -> period.wire().equals(wire))
                .findFirst();
    }

    /// Returns the period as command lines, JSON and the database have it, such as `daily`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Returns when the period that contains `at` begins.
    public Instant begin(Instant at) {
        return first(at).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /// Returns when the period that contains `at` ends and the next one begins.
    public Instant end(Instant at) {
        var first = first(at);
        return (switch (this) {
                    case DAILY -> first.plusDays(1);
                    case WEEKLY -> first.plusWeeks(1);
                    case MONTHLY -> first.plusMonths(1);
                })
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }

    private LocalDate first(Instant at) {
        var day = LocalDate.ofInstant(at, ZoneOffset.UTC);
        return switch (this) {
            case DAILY -> day;
            case WEEKLY -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTHLY -> day.withDayOfMonth(1);
        };
    }
}
