package lib.usage.pricing;

import java.util.Optional;
import java.util.OptionalLong;
import lib.usage.Usage;

/// The price of a model: its rates, and the other rates of a call whose prompt is longer than some models like.
///
///     price.cost(usage)
///
/// @param rates the rates
/// @param above the prompt's length, in tokens of every kind, above which all of a call goes at `longRates`;
///     empty where length does not matter
/// @param longRates those rates; empty where longer prompts have no price
public record Price(Rates rates, OptionalLong above, Optional<Rates> longRates) {
    /// Of what costs nothing.
    public static final Price FREE = flat(new Rates(0, 0, 0, 0, 0));

    /// One price for every length.
    public static Price flat(Rates rates) {
        return new Price(rates, OptionalLong.empty(), Optional.of(rates));
    }

    /// What a call with that usage costs; empty where its prompt is too long to have a price.
    public Optional<Cost> cost(Usage usage) {
        var prompt = usage.input() + usage.cachedInput() + usage.cacheWrite5m() + usage.cacheWrite1h();
        var isLong = above.isPresent() && prompt > above.getAsLong();
        return isLong ? longRates.map(dearer -> dearer.cost(usage)) : Optional.of(rates.cost(usage));
    }

    /// The same at so many percent of it, on every rate.
    Price percent(int percent) {
        return new Price(rates.percent(percent), above, longRates.map(dearer -> dearer.percent(percent)));
    }
}
