package lib.usage.pricing;

import java.math.BigDecimal;

/// What tokens cost, by the kinds of [lib.usage.Usage], in microcents: 100,000,000 are one US dollar.
///
///     rates.cost(usage).total()   // 1_050_000, a bit more than a cent
///
/// @param input of input that no cache knew
/// @param output of output, reasoning included
/// @param cachedInput of input read from the upstream's cache
/// @param cacheWrite5m of input written to it for five minutes
/// @param cacheWrite1h of input written to it for an hour
public record Cost(long input, long output, long cachedInput, long cacheWrite5m, long cacheWrite1h) {
    public static final Cost NONE = new Cost(0, 0, 0, 0, 0);

    /// How many digits a dollar has behind the point in microcents.
    private static final int DOLLAR = 8;

    /// All of it.
    public long total() {
        return input + output + cachedInput + cacheWrite5m + cacheWrite1h;
    }

    /// Both together.
    public Cost plus(Cost other) {
        return new Cost(
                input + other.input,
                output + other.output,
                cachedInput + other.cachedInput,
                cacheWrite5m + other.cacheWrite5m,
                cacheWrite1h + other.cacheWrite1h);
    }

    /// Microcents in US dollars, exactly: `12.3456`.
    public static BigDecimal dollars(long microcents) {
        return BigDecimal.valueOf(microcents, DOLLAR);
    }

    /// US dollars in microcents.
    ///
    ///     Cost.microcents("2.50")   // 250_000_000
    ///
    /// @throws NumberFormatException for what is no number
    /// @throws ArithmeticException for less than a microcent, or more than fits
    public static long microcents(String dollars) {
        return new BigDecimal(dollars).movePointRight(DOLLAR).longValueExact();
    }
}
