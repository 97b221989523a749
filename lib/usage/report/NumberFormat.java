package lib.usage.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lib.usage.pricing.Cost;

/// Numbers of a report as people read them.
///
///     NumberFormat.tokens(1_234_567)   // 1.23M
public final class NumberFormat {
    private static final String[] UNITS = {"", "k", "M", "G", "T", "P"};
    private static final String EIGHTHS = "▏▎▍▌▋▊▉█";
    private static final String LEVELS = "▁▂▃▄▅▆▇█";

    private NumberFormat() {}

    /// Three digits and a unit.
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

    /// Dollars and cents; of less than a cent its first two digits.
    public static String dollars(long microcents) {
        var dollars = Cost.dollars(microcents);
        if (microcents == 0) return "$0.00";
        return "$"
                + (dollars.abs().compareTo(new BigDecimal("0.01")) < 0
                        ? dollars.round(new MathContext(2)).toPlainString()
                        : dollars.setScale(2, RoundingMode.HALF_UP).toPlainString());
    }

    /// What a row cost, and whether that is all of it: `$1.20 + 3 unpriced + 1 not measured`. `free` where the
    /// demo model answered everything; `~` in front of what is an estimate in part.
    ///
    /// @param sums of a report
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

    /// By how much a number changed.
    public static String change(long now, long before) {
        if (before == 0) return now == 0 ? "" : "new";
        var percent = Math.round((now - before) * 100.0 / before);
        return percent > 999 ? ">+999%" : "%+d%%".formatted(percent);
    }

    /// A part of a whole.
    public static String percent(double ratio) {
        return Math.round(ratio * 100) + "%";
    }

    /// How long something took; empty where that is not known.
    public static String milliseconds(JsonNode ms) {
        if (ms.isMissingNode()) return "";
        return ms.asLong() < 1000 ? ms.asLong() + "ms" : String.format(Locale.ROOT, "%.1fs", ms.asLong() / 1000.0);
    }

    /// A bar of up to `width` characters.
    public static String bar(long value, long most, int width) {
        if (most <= 0 || value <= 0) return "";
        var eighths = Math.max(1, (int) Math.round((double) value / most * width * 8));
        return "█".repeat(eighths / 8) + (eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8 - 1, eighths % 8));
    }

    /// One character a value; nothing where there was nothing.
    public static String course(long[] values) {
        long most = 0;
        for (var value : values) most = Math.max(most, value);
        var text = new StringBuilder();
        for (var value : values)
            text.append(value <= 0 ? ' ' : LEVELS.charAt((int) Math.min(7, Math.round((double) value / most * 7))));
        return text.toString();
    }
}
