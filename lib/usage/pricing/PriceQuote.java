package lib.usage.pricing;

import java.util.Optional;
import lib.usage.Call;
import lib.usage.Usage;

/// The price of a call, and an assumption for calls without one. All calls of the same provider, model and
/// [PriceVariant] on the same day have the same quote.
///
///     prices.quote(call).cost(call)      // empty: unpriced
///     prices.quote(call).assumed(call)   // an estimate for the budgets that count unpriced calls
///
/// @param price the price; empty if none is known
/// @param dearest the price that is assumed if none is known: the dearest one on the list for the provider's type
public record PriceQuote(Optional<Price> price, Price dearest) {
    /// Returns what a call cost. This is empty if it has no price, if its usage is not known, or if some of its
    /// tokens are sound or pictures, for which other rates apply.
    public Optional<Cost> cost(Call call) {
        if (call.isDemo()) return Optional.of(Cost.NONE);
        return call.isUnmeasured() || call.terms().mediaTokens() > 0
                ? Optional.empty()
                : price.flatMap(known -> known.cost(call.usage()));
    }

    /// Returns what a call without a known cost is assumed to have cost, in microcents; 0 for a call that has a
    /// cost. It takes the call's usage, or the expected one if that is not known, and the model's price, or the
    /// dearest one if the model has none.
    public long assumed(Call call) {
        if (cost(call).isPresent()) return 0;
        return expected(call.isUnmeasured() ? call.expected() : call.usage());
    }

    /// Returns what such a usage is expected to cost, in microcents.
    public long expected(Usage usage) {
        return price.flatMap(known -> known.cost(usage))
                .or(() -> dearest.cost(usage))
                .map(Cost::total)
                .orElse(0L);
    }
}
