package lib.usage.pricing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Optional;
import lib.usage.Usage;

/// The prices of a million tokens of each kind, in microcents, as in the field `customPricing` of the API.
///
///     new Rates(300_000_000, 1_500_000_000, 30_000_000, 375_000_000, 600_000_000)   // $3, $15, $0.30, $3.75, $6
///
/// @param input the price of input that is neither read from the upstream's cache nor written to it
/// @param output the price of output, including reasoning
/// @param cachedInput the price of input that is read from the cache
/// @param cacheWrite5m the price of input that is written to the cache for five minutes
/// @param cacheWrite1h the price of input that is written to the cache for an hour
public record Rates(long input, long output, long cachedInput, long cacheWrite5m, long cacheWrite1h) {
    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
    private static final BigInteger HALF = BigInteger.valueOf(500_000);
    /// The largest rate whose product with the largest number of tokens fits into 64 bits: $90 for a million.
    private static final long MOST_RATE = 9_000_000_000L;

    /// Returns what such a usage costs. Fractions are rounded only here: the cost of each kind of token to the
    /// nearest microcent, and half a microcent up. All other costs are sums of these, so every way of grouping
    /// calls has the same total.
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
        // The product fits for every real price.
        if (rate <= MOST_RATE) return (counted * rate + 500_000) / 1_000_000;
        return BigInteger.valueOf(counted)
                .multiply(BigInteger.valueOf(rate))
                .add(HALF)
                .divide(MILLION)
                .longValueExact();
    }

    /// Returns these rates changed to so many percent.
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

    /// Reads a provider's own rates for a model from the field `customPricing` of the API. Rates that it leaves
    /// out are those of the list. If the list does not have the model, reading from and writing to the cache cost
    /// as much as other input.
    ///
    /// @param list the rates of the model on the list
    /// @return empty if neither the provider nor the list has prices of input and output
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
        // proto3 JSON writes 64-bit integers as strings, and readers must accept numbers, too.
        if (value.isTextual() && value.asText().matches("\\d{1,18}"))
            return Optional.of(Long.parseLong(value.asText()));
        return value.isIntegralNumber() && value.canConvertToLong() && value.asLong() >= 0
                ? Optional.of(value.asLong())
                : Optional.empty();
    }

    /// Returns the rates as the API has them, in `customPricing` and in `defaultPricing`.
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
