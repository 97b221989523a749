package lib.usage.prices;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import lib.usage.Call;

/// What calls cost: by a provider's own rates for a model where it has some, else by the public list. A call of a model that
/// neither knows has no price, which is another thing than costing nothing.
///
///     Prices.list().of("anthropic", "claude-sonnet-5-5", now)   // $2 in, $10 out
///     Prices.list().with(custom).cost(call)                     // empty: unpriced
///
/// Known are tokens only: what an upstream charges for a web search, or less for a batch, is not in its usage.
public final class Prices {
    private final ListPrices list;
    private final Custom custom;

    private Prices(ListPrices list, Custom custom) {
        this.list = list;
        this.custom = custom;
    }

    /// A provider's own rates.
    @FunctionalInterface
    public interface Custom {
        /// The rates that a provider has for a model of that name, exactly as it lists it.
        ///
        /// @param model as a request names it, or without its date, version and profile
        /// @param list the model's public rates, for what the provider leaves open: see [Rates#custom]
        Optional<Rates> rates(String provider, String model, Optional<Rates> list);
    }

    /// The public list, shipped with this program.
    public static Prices list() {
        return new Prices(ListPrices.shipped(), (_, _, _) -> Optional.empty());
    }

    /// The same, but for what providers have rates of their own for.
    public Prices with(Custom custom) {
        return new Prices(list, custom);
    }

    /// The list price of a model at that time; empty for one that is not on the list.
    ///
    /// @param type the provider's type as [Call] has it, `bedrock`
    /// @param model as a request names it: with date, version, or Bedrock profile
    public Optional<Price> of(String type, String model, Instant at) {
        return list.price(type, ModelId.of(type, model), LocalDate.ofInstant(at, ZoneOffset.UTC));
    }

    /// What a call cost; empty where it has no price.
    public Optional<Cost> cost(Call call) {
        return of(call).map(price -> price.cost(call.usage()));
    }

    /// The price of a call, which is that of every other of the same provider and model on that day; empty where it has none.
    public Optional<Price> of(Call call) {
        // It is asked by the names of real models.
        if (call.isDemo()) return Optional.of(Price.FREE);
        var id = ModelId.of(call.type(), call.model());
        var listed = list.price(call.type(), id, LocalDate.ofInstant(call.time(), ZoneOffset.UTC));
        var rates = listed.map(Price::rates);
        return custom.rates(call.provider(), call.model(), rates)
                .or(() -> custom.rates(call.provider(), id.exact(), rates))
                .or(() -> custom.rates(call.provider(), id.name(), rates))
                .map(Price::flat).or(() -> listed);
    }
}
