package lib.usage.pricing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import lib.usage.Call;

/// What calls cost: by a provider's own rates for a model where it has some, else by the public list. A call of a
/// model that neither knows has no price, which is another thing than costing nothing. So has one whose answer
/// names a tier, a speed or a region of which no price is known.
///
///     Prices.list().of("anthropic", "claude-sonnet-5-5", now)   // $2 in, $10 out
///     Prices.list().with(custom).cost(call)                     // empty: unpriced
///
/// The model that answered counts, not the one that was asked for. Known are tokens only: what an upstream
/// charges for a web search is not in its usage.
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
        return list.price(type, ModelId.of(type, model), day(at));
    }

    /// What a call cost; empty where it has no price.
    public Optional<Cost> cost(Call call) {
        return quote(call).cost(call);
    }

    /// The price of a call, which is that of every other of the same provider, model and terms on that day.
    public PriceQuote quote(Call call) {
        // It is asked by the names of real models.
        if (call.isDemo()) return new PriceQuote(Optional.of(Price.FREE), Price.FREE);
        return quote(call.provider(), call.type(), call.model(), PriceVariant.of(call), call.time());
    }

    /// The price of a call that is still to be made.
    ///
    /// @param model as the request names it
    public PriceQuote quote(String provider, String type, String model, Instant at) {
        return quote(provider, type, model, PriceVariant.STANDARD, at);
    }

    private PriceQuote quote(String provider, String type, String model, PriceVariant terms, Instant at) {
        var day = day(at);
        var asked = ModelId.of(type, model);
        var answered = terms.model().isEmpty() ? asked : asked.answered(type, terms.model());
        var found = new Search(provider, type, day).find(model, asked, terms.model(), answered);
        return new PriceQuote(
                found.flatMap(price -> list.at(price.price(), price.own(), type, answered, terms, day)),
                list.dearest(type, day));
    }

    /// @param own whether it is the provider's own
    private record Found(Price price, boolean own) {}

    /// Looks for the standard price of a model.
    private final class Search {
        private final String provider;
        private final String type;
        private final LocalDate day;

        Search(String provider, String type, LocalDate day) {
            this.provider = provider;
            this.type = type;
            this.day = day;
        }

        /// @param askedName as the request has it
        /// @param answeredName as the answer has it; empty where it says the same or nothing
        Optional<Found> find(String askedName, ModelId asked, String answeredName, ModelId answered) {
            if (answeredName.isEmpty()) return own(askedName, asked).or(() -> listed(asked));
            if (asked.isAlso(answered)) {
                return own(askedName, asked)
                        .or(() -> own(answeredName, answered))
                        .or(() -> listed(answered))
                        .or(() -> listed(asked));
            }
            var found = own(answeredName, answered);
            // A name that only the provider knows stands for whatever model is behind it.
            if (found.isEmpty() && listed(asked).isEmpty()) found = own(askedName, asked);
            return found.or(() -> listed(answered));
        }

        private Optional<Found> listed(ModelId model) {
            return list.price(type, model, day).map(price -> new Found(price, false));
        }

        private Optional<Found> own(String name, ModelId model) {
            var listed = list.price(type, model, day);
            for (var each : List.of(name, model.exact(), model.name())) {
                var rates = custom.rates(provider, each, listed.map(Price::rates));
                if (rates.isPresent()) return Optional.of(new Found(own(each, rates.get(), listed), true));
            }
            return Optional.empty();
        }

        /// What the provider leaves open keeps its other rates for long prompts.
        private Price own(String name, Rates rates, Optional<Price> listed) {
            if (listed.isEmpty() || listed.get().above().isEmpty()) return Price.flat(rates);
            return new Price(
                    rates,
                    listed.get().above(),
                    listed.get().longRates().flatMap(dearer -> custom.rates(provider, name, Optional.of(dearer))));
        }
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
}
