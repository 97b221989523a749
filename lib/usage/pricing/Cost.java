package lib.usage.pricing;

import java.math.BigDecimal;

/// The cost of a call or of several, divided by the kinds of tokens in [lib.usage.Usage]. All amounts are in
/// microcents: 100,000,000 microcents are one US dollar.
///
///     rates.cost(usage).total()   // 1_050_000, a bit more than a cent
///
/// @param input the cost of the input that was neither read from the upstream's cache nor written to it
/// @param output the cost of the output, including reasoning
/// @param cachedInput the cost of the input that was read from the cache
/// @param cacheWrite5m the cost of the input that was written to the cache for five minutes
/// @param cacheWrite1h the cost of the input that was written to the cache for an hour
public record Cost(long input, long output, long cachedInput, long cacheWrite5m, long cacheWrite1h) {
    public static final Cost NONE = new Cost(0, 0, 0, 0, 0);

    /// The number of decimal places of an amount in dollars that is exact to the microcent.
    private static final int DOLLAR = 8;

    /// Returns the whole cost.
    public long total() {
        return input + output + cachedInput + cacheWrite5m + cacheWrite1h;
    }

    /// Adds two costs.
    public Cost plus(Cost other) {
        return new Cost(
                input + other.input,
                output + other.output,
                cachedInput + other.cachedInput,
                cacheWrite5m + other.cacheWrite5m,
                cacheWrite1h + other.cacheWrite1h);
    }

    /// Converts microcents to US dollars, exactly: `12.3456`.
    public static BigDecimal dollars(long microcents) {
        return BigDecimal.valueOf(microcents, DOLLAR);
    }

    /// Converts US dollars to microcents.
    ///
    ///     Cost.microcents("2.50")   // 250_000_000
    ///
    /// @throws NumberFormatException if the text is no number
    /// @throws ArithmeticException if the amount has a fraction of a microcent, or is too large
    public static long microcents(String dollars) {
        return new BigDecimal(dollars).movePointRight(DOLLAR).longValueExact();
    }
}
