package lib.usage.pricing;

import java.util.Optional;
import java.util.OptionalLong;
import lib.usage.Usage;

/// The price of a model. Some models have other rates for calls with a long prompt.
///
///     price.cost(usage)
///
/// @param rates the rates of a call with a short prompt
/// @param above the number of prompt tokens of all kinds above which `longRates` apply to the whole call; empty
///     if the length does not matter
/// @param longRates the rates of a call with a longer prompt; empty if such a call has no price
public record Price(Rates rates, OptionalLong above, Optional<Rates> longRates) {
    /// The price of a call that costs nothing.
    public static final Price FREE = flat(new Rates(0, 0, 0, 0, 0));

    /// Creates a price that is the same for every length.
    public static Price flat(Rates rates) {
        return new Price(rates, OptionalLong.empty(), Optional.of(rates));
    }

    /// Returns what a call with this usage costs; empty if its prompt is too long to have a price.
    public Optional<Cost> cost(Usage usage) {
        var prompt = usage.input() + usage.cachedInput() + usage.cacheWrite5m() + usage.cacheWrite1h();
        var isLong = above.isPresent() && prompt > above.getAsLong();
        return isLong ? longRates.map(dearer -> dearer.cost(usage)) : Optional.of(rates.cost(usage));
    }

    /// Returns this price with all rates changed to so many percent.
    Price percent(int percent) {
        return new Price(rates.percent(percent), above, longRates.map(dearer -> dearer.percent(percent)));
    }
}
