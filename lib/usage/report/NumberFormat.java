package lib.usage.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lib.usage.pricing.Cost;

/// Writes the numbers of a report for people.
///
///     NumberFormat.tokens(1_234_567)   // 1.23M
public final class NumberFormat {
    private static final String[] UNITS = {"", "k", "M", "G", "T", "P"};
    private static final String EIGHTHS = "▏▎▍▌▋▊▉█";
    private static final String LEVELS = "▁▂▃▄▅▆▇█";

    private NumberFormat() {}

    /// Writes a number with three digits and a unit.
    public static String tokens(long count) {
        var value = (double) count;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        if (unit == 0) return Long.toString(count);
        return String.format(
                Locale.ROOT, value < 9.995 ? "%.2f%s" : value < 99.95 ? "%.1f%s" : "%.0f%s", value, UNITS[unit]);
    }

    /// Writes an amount in dollars and cents; an amount below a cent with its first two digits.
    public static String dollars(long microcents) {
        var dollars = Cost.dollars(microcents);
        if (microcents == 0) return "$0.00";
        return "$"
                + (dollars.abs().compareTo(new BigDecimal("0.01")) < 0
                        ? dollars.round(new MathContext(2)).toPlainString()
                        : dollars.setScale(2, RoundingMode.HALF_UP).toPlainString());
    }

    /// Writes what a row cost, and how many calls that leaves out: `$1.20 + 3 unpriced + 1 not measured`. It is
    /// `free` if the demo model answered all calls, and has a `~` in front if it is partly estimated.
    ///
    /// @param sums the sums of a row in the JSON of a report
    public static String cost(JsonNode sums) {
        if (isFree(sums)) return "free";
        long cost = sums.path("cost").path("total").asLong(),
                requests = sums.path("requests").asLong();
        long unmeasured = sums.path("unmeasured").asLong(),
                unpriced = sums.path("unpriced").asLong() - unmeasured;
        if (requests > 0 && unmeasured == requests) return "not measured";
        if (requests > 0 && unpriced == requests) return "unpriced";
        var known = unpriced + unmeasured == requests && requests > 0
                ? List.<String>of()
                : List.of((sums.path("estimated").asLong() > 0 ? "~" : "") + dollars(cost));
        var parts = new ArrayList<>(known);
        if (unpriced > 0) parts.add(unpriced + " unpriced");
        if (unmeasured > 0) parts.add(unmeasured + " not measured");
        return String.join(" + ", parts);
    }

    private static boolean isFree(JsonNode sums) {
        return sums.path("free").asLong() > 0
                && sums.path("free").asLong() == sums.path("requests").asLong();
    }

    /// Writes by how many percent a number changed.
    public static String change(long now, long before) {
        if (before == 0) return now == 0 ? "" : "new";
        var percent = Math.round((now - before) * 100.0 / before);
        return percent > 999 ? ">+999%" : "%+d%%".formatted(percent);
    }

    /// Writes a ratio in percent.
    public static String percent(double ratio) {
        return Math.round(ratio * 100) + "%";
    }

    /// Writes a duration; empty if it is not known.
    public static String milliseconds(JsonNode ms) {
        if (ms.isMissingNode()) return "";
        return ms.asLong() < 1000 ? ms.asLong() + "ms" : String.format(Locale.ROOT, "%.1fs", ms.asLong() / 1000.0);
    }

    /// Draws a bar of up to `width` characters.
    public static String bar(long value, long most, int width) {
        if (most <= 0 || value <= 0) return "";
        var eighths = Math.max(1, (int) Math.round((double) value / most * width * 8));
        return "█".repeat(eighths / 8) + (eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8 - 1, eighths % 8));
    }

    /// Draws a bar chart with one character for each value, and a blank for zero.
    public static String course(long[] values) {
        long most = 0;
        for (var value : values) most = Math.max(most, value);
        var text = new StringBuilder();
        for (var value : values)
            text.append(value <= 0 ? ' ' : LEVELS.charAt((int) Math.min(7, Math.round((double) value / most * 7))));
        return text.toString();
    }
}
