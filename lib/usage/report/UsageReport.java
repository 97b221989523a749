package lib.usage.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The answer to a [UsageQuery].
///
/// @param question the question, with the window that was actually counted
/// @param total the sum of all calls
/// @param rows the parts of the total, the dearest first; empty if the question has no dimension. Their sum is
///     the total
/// @param points the steps of the chart over time that have calls; empty if the question has no step
public record UsageReport(UsageQuery question, Row total, List<Row> rows, List<Point> points) {
    /// A row of the report.
    ///
    /// @param key the value that the calls of the row have in common, such as a model's name; may be empty
    /// @param others whether the row sums up all the rows beyond the limit
    /// @param sums the sums of the row's calls
    /// @param before the sums in the window before; empty if the question does not compare
    /// @param latency how long the calls took; empty if there were none, and in rows of users and of sessions
    /// @param firstByte how long it took until their answers began
    public record Row(
            String key,
            boolean others,
            UsageTotals sums,
            Optional<UsageTotals> before,
            Optional<Latencies> latency,
            Optional<Latencies> firstByte) {}

    /// The sums of a row in one step of the chart.
    ///
    /// @param from when the step begins
    public record Point(Instant from, String key, boolean others, UsageTotals sums) {}
}
