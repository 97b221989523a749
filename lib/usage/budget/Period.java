package lib.usage.budget;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// For how long a budget is, by the calendar in UTC; weeks begin on Mondays.
///
///     Period.MONTHLY.end(now)   // the first of the next month
public enum Period {
    DAILY,
    WEEKLY,
    MONTHLY;

    /// The one that is written so.
    public static Optional<Period> of(String wire) {
        return Arrays.stream(values())
                .filter(period -> period.wire().equals(wire))
                .findFirst();
    }

    /// As it is written: `daily`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// When the one began that is running at that time.
    public Instant begin(Instant at) {
        return first(at).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /// When it ends, and the next begins.
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
