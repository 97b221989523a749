package lib.usage.pricing;

import java.util.Optional;
import lib.usage.Call;
import lib.usage.Usage;

/// The price of a call, and what is assumed of one that has none. It is the same for every call of the same
/// provider, model and [PriceVariant] on that day.
///
///     prices.quote(call).cost(call)      // empty: unpriced
///     prices.quote(call).assumed(call)   // what it may have cost nevertheless, for budgets that want an estimate
///
/// @param price empty where there is none
/// @param dearest what is assumed where there is none: the dearest list price of a provider of that type
public record PriceQuote(Optional<Price> price, Price dearest) {
    /// What a call cost; empty where it has no price, where nothing is known of what it used, and where some of
    /// its tokens are of sound or pictures, which have rates of their own.
    public Optional<Cost> cost(Call call) {
        if (call.isDemo()) return Optional.of(Cost.NONE);
        return call.isUnmeasured() || call.terms().mediaTokens() > 0
                ? Optional.empty()
                : price.flatMap(known -> known.cost(call.usage()));
    }

    /// What a call that has no cost is assumed to have cost, in microcents: what it used, or where that is not
    /// known what it was expected to use, at the model's price, else at the dearest. Nothing for a call that has
    /// a cost.
    public long assumed(Call call) {
        if (cost(call).isPresent()) return 0;
        return expected(call.isUnmeasured() ? call.expected() : call.usage());
    }

    /// What that much is expected to cost, in microcents.
    public long expected(Usage usage) {
        return price.flatMap(known -> known.cost(usage))
                .or(() -> dearest.cost(usage))
                .map(Cost::total)
                .orElse(0L);
    }
}
