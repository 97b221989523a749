package lib.usage.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The answer to a [UsageQuery].
///
/// @param question what was asked, its window as it was counted
/// @param total everything
/// @param rows the total's parts, dearest first; none where it was not to be divided. They add up to it
/// @param points its course over time, those with calls only; none where that was not asked for
public record UsageReport(UsageQuery question, Row total, List<Row> rows, List<Point> points) {
    /// One part.
    ///
    /// @param key what it has in common: a model's name, say; may be empty
    /// @param others whether it is all the parts that were too many to be shown
    /// @param sums what it comes to
    /// @param before what it came to in the window before; empty where that was not asked for
    /// @param latency how long its calls took; empty where there were none, and of users and sessions
    /// @param firstByte how long until their answers began
    public record Row(
            String key,
            boolean others,
            UsageTotals sums,
            Optional<UsageTotals> before,
            Optional<Latencies> latency,
            Optional<Latencies> firstByte) {}

    /// What one row came to in one step.
    ///
    /// @param from when the step begins
    public record Point(Instant from, String key, boolean others, UsageTotals sums) {}
}
