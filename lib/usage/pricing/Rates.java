package lib.usage.pricing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Optional;
import lib.usage.Usage;

/// What a million tokens of each kind cost, in microcents, as the wire's `customPricing` has it.
///
///     new Rates(300_000_000, 1_500_000_000, 30_000_000, 375_000_000, 600_000_000)   // $3, $15, $0.30, $3.75, $6
///
/// @param input input that no cache knew
/// @param output output, reasoning included
/// @param cachedInput input read from the upstream's cache
/// @param cacheWrite5m input written to it for five minutes
/// @param cacheWrite1h input written to it for an hour
public record Rates(long input, long output, long cachedInput, long cacheWrite5m, long cacheWrite1h) {
    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
    private static final BigInteger HALF = BigInteger.valueOf(500_000);
    /// What still fits into 64 bits, times as many tokens as are believed: $90 for a million.
    private static final long MOST_RATE = 9_000_000_000L;

    /// What that usage costs. This is the one place where a fraction is rounded: the cost of each kind of token,
    /// to the nearest microcent, half a microcent up. All else are sums of these, so that whatever they are
    /// summed by gives the same.
    public Cost cost(Usage usage) {
        return new Cost(
                cost(usage.input(), input),
                cost(usage.output(), output),
                cost(usage.cachedInput(), cachedInput),
                cost(usage.cacheWrite5m(), cacheWrite5m),
                cost(usage.cacheWrite1h(), cacheWrite1h));
    }

    private static long cost(long tokens, long rate) {
        if (tokens == 0 || rate == 0) return 0;
        var counted = Usage.believable(tokens);
        // Of real prices the product fits.
        if (rate <= MOST_RATE) return (counted * rate + 500_000) / 1_000_000;
        return BigInteger.valueOf(counted)
                .multiply(BigInteger.valueOf(rate))
                .add(HALF)
                .divide(MILLION)
                .longValueExact();
    }

    /// So many percent of them.
    Rates percent(int percent) {
        return new Rates(
                percent(input, percent),
                percent(output, percent),
                percent(cachedInput, percent),
                percent(cacheWrite5m, percent),
                percent(cacheWrite1h, percent));
    }

    private static long percent(long rate, int percent) {
        return Math.multiplyExact(rate, percent) / 100;
    }

    /// A provider's own rates for a model, `customPricing` as the wire has it. What it leaves out is as on the
    /// list; where the list has no such model, cached input and what is written to a cache are input like any
    /// other.
    ///
    /// @param list the model's list rates
    /// @return empty where neither says what input and output cost
    public static Optional<Rates> custom(JsonNode customPricing, Optional<Rates> list) {
        var input = rate(customPricing, "inputPerMillion").or(() -> list.map(Rates::input));
        var output = rate(customPricing, "outputPerMillion").or(() -> list.map(Rates::output));
        if (input.isEmpty() || output.isEmpty()) return Optional.empty();
        return Optional.of(new Rates(
                input.get(),
                output.get(),
                rate(customPricing, "cachedInputPerMillion")
                        .or(() -> list.map(Rates::cachedInput))
                        .orElse(input.get()),
                rate(customPricing, "cacheCreation5mPerMillion")
                        .or(() -> list.map(Rates::cacheWrite5m))
                        .orElse(input.get()),
                rate(customPricing, "cacheCreation1hPerMillion")
                        .or(() -> list.map(Rates::cacheWrite1h))
                        .orElse(input.get())));
    }

    private static Optional<Long> rate(JsonNode pricing, String name) {
        var value = pricing.path(name);
        // proto3 JSON writes 64 bits as a string, and readers take a number too.
        if (value.isTextual() && value.asText().matches("\\d{1,18}"))
            return Optional.of(Long.parseLong(value.asText()));
        return value.isIntegralNumber() && value.canConvertToLong() && value.asLong() >= 0
                ? Optional.of(value.asLong())
                : Optional.empty();
    }

    /// As the wire has it, `customPricing` and `defaultPricing` alike.
    public ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("inputPerMillion", Long.toString(input))
                .put("outputPerMillion", Long.toString(output))
                .put("cachedInputPerMillion", Long.toString(cachedInput))
                .put("cacheCreation5mPerMillion", Long.toString(cacheWrite5m))
                .put("cacheCreation1hPerMillion", Long.toString(cacheWrite1h));
    }
}
