package lib.usage.prices;

import java.util.OptionalLong;
import lib.usage.Usage;

/// The price of a model: its rates, and the other rates of a call whose prompt is longer than some models like.
///
///     price.cost(usage)
///
/// @param rates the rates
/// @param above the prompt's length, in tokens of every kind, above which all of a call goes at `longRates`; empty where
///     length does not matter
/// @param longRates those rates; where length does not matter, the same
public record Price(Rates rates, OptionalLong above, Rates longRates) {
    /// Of what costs nothing.
    public static final Price FREE = flat(new Rates(0, 0, 0, 0, 0));

    /// One price for every length.
    public static Price flat(Rates rates) {
        return new Price(rates, OptionalLong.empty(), rates);
    }

    /// What a call with that usage costs.
    public Cost cost(Usage usage) {
        var prompt = usage.input() + usage.cachedInput() + usage.cacheWrite5m() + usage.cacheWrite1h();
        return (above.isPresent() && prompt > above.getAsLong() ? longRates : rates).cost(usage);
    }

    Price plusPercent(int percent) {
        return new Price(rates.plusPercent(percent), above, longRates.plusPercent(percent));
    }
}
