package lib.usage.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import lib.base.UserError;

/// A query for recorded usage.
///
///     UsageQuery.of(Window.last(Duration.ofDays(7), now)).withDimension(Dimension.MODEL)
///             .withFilter(Dimension.USER, "ada@example.com")
///
/// @param window the time
/// @param by the dimension that usage is summed by; empty for the total alone
/// @param only the filter: calls that have these values are counted
/// @param step the length of each point of the course over time; empty for no course. From an hour on, the window
///     begins at a full hour
/// @param compare whether the window before is reported, too
/// @param rows the maximum number of rows; the others become one
public record UsageQuery(
        Window window,
        Optional<Dimension> by,
        Map<Dimension, String> only,
        Optional<Duration> step,
        boolean compare,
        int rows) {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MOST_POINTS = 2000;
    private static final int MOST_ROWS = 1000;

    /// @throws UserError for steps that can't be counted, or kinds of tokens to be filtered by
    public UsageQuery {
        only = Map.copyOf(only);
        if (only.containsKey(Dimension.KIND))
            throw UserError.usage(
                    "usage cannot be filtered by kind, because a call has tokens of several kinds",
                    "filter by provider, model, user, agent or session");
        if (rows < 1 || rows > MOST_ROWS)
            throw UserError.usage("%d rows are not possible".formatted(rows), "use 1 to " + MOST_ROWS);
        if (step.isPresent()) {
            var length = step.get();
            if (length.compareTo(Duration.ofMinutes(1)) < 0
                    || length.compareTo(HOUR) > 0 && length.toMillis() % HOUR.toMillis() != 0
                    || HOUR.toMillis() % Math.min(HOUR.toMillis(), length.toMillis()) != 0) {
                throw UserError.usage(
                        "a step of %s is not possible".formatted(length),
                        "use whole hours, or minutes that divide an hour");
            }
            if (window.length().dividedBy(length) > MOST_POINTS)
                throw UserError.usage(
                        "the report would have more than %d points".formatted(MOST_POINTS),
                        "use a shorter period or a longer step");
            var grain = Math.min(HOUR.toMillis(), length.toMillis());
            window = new Window(
                    Instant.ofEpochMilli(Math.floorDiv(window.from().toEpochMilli(), grain) * grain), window.to());
        }
    }

    /// Returns the query for the total of a window.
    public static UsageQuery of(Window window) {
        return new UsageQuery(window, Optional.empty(), Map.of(), Optional.empty(), false, 100);
    }

    /// Returns the same query, summed by that dimension.
    public UsageQuery withDimension(Dimension dimension) {
        return new UsageQuery(window, Optional.of(dimension), only, step, compare, rows);
    }

    /// Returns the same query for calls that also have that value.
    public UsageQuery withFilter(Dimension dimension, String value) {
        var all = new java.util.EnumMap<Dimension, String>(Dimension.class);
        all.putAll(only);
        all.put(dimension, value);
        return new UsageQuery(window, by, all, step, compare, rows);
    }

    /// Returns the same query with a course over time, a point for each step.
    public UsageQuery withStep(Duration step) {
        return new UsageQuery(window, by, only, Optional.of(step), compare, rows);
    }

    /// Returns the same query, compared with the window before.
    public UsageQuery withComparison() {
        return new UsageQuery(window, by, only, step, true, rows);
    }

    /// Returns the same query for at most that many rows.
    public UsageQuery withRows(int rows) {
        return new UsageQuery(window, by, only, step, compare, rows);
    }

    /// Returns the same query for the window before, without a course over time.
    public UsageQuery before() {
        return new UsageQuery(window.before(), by, only, Optional.empty(), false, rows);
    }
}
