package lib.usage.pricing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import lib.usage.Call;

/// Finds what a call costs: a provider's own rates for the model if it has some, and otherwise the public list.
/// If neither has the model, the call has no price, which does not mean that it costs nothing. It has no price
/// either if its answer names a tier, a speed or a region whose price is not known.
///
///     Prices.list().of("anthropic", "claude-sonnet-5-5", now)   // $2 in, $10 out
///     Prices.list().with(custom).cost(call)                     // empty: unpriced
///
/// The model that answered is charged, even if the request named another one. Only tokens have prices: what an
/// upstream charges for a web search, for example, is not part of its usage.
public final class Prices {
    private final ListPrices list;
    private final Custom custom;

    private Prices(ListPrices list, Custom custom) {
        this.list = list;
        this.custom = custom;
    }

    /// Knows the rates that providers set themselves.
    @FunctionalInterface
    public interface Custom {
        /// Returns the rates that a provider has set for a model of exactly this name; empty if it has none.
        ///
        /// @param model the model as a request names it, or without its date, version and profile
        /// @param list the public rates of the model, which replace those that the provider does not set: see
        ///     [Rates#custom]
        Optional<Rates> rates(String provider, String model, Optional<Rates> list);
    }

    /// Returns the public list that is part of this program.
    public static Prices list() {
        return new Prices(ListPrices.shipped(), (_, _, _) -> Optional.empty());
    }

    /// Returns these prices with the rates that providers set themselves.
    public Prices with(Custom custom) {
        return new Prices(list, custom);
    }

    /// Returns the list price of a model at this time; empty if it is not on the list.
    ///
    /// @param type the provider's type as in [Call], such as `bedrock`
    /// @param model the model as a request names it, with its date, version or Bedrock profile
    public Optional<Price> of(String type, String model, Instant at) {
        return list.price(type, ModelId.of(type, model), day(at));
    }

    /// Returns what a call cost; empty if it has no price.
    public Optional<Cost> cost(Call call) {
        return quote(call).cost(call);
    }

    /// Returns the price of a call. It is the same for all calls of the same provider, model and variant on that
    /// day.
    public PriceQuote quote(Call call) {
        // A call that the demo model answered has the name of a real model, which would have a price.
        if (call.isDemo()) return new PriceQuote(Optional.of(Price.FREE), Price.FREE);
        return quote(call.provider(), call.type(), call.model(), PriceVariant.of(call), call.time());
    }

    /// Returns the price of a call that was not made yet.
    ///
    /// @param model the model as the request names it
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

    /// @param own whether the price is the provider's own
    private record Found(Price price, boolean own) {}

    /// Finds the standard price of a model.
    private final class Search {
        private final String provider;
        private final String type;
        private final LocalDate day;

        Search(String provider, String type, LocalDate day) {
            this.provider = provider;
            this.type = type;
            this.day = day;
        }

        /// @param askedName the model as the request names it
        /// @param answeredName the model as the answer names it; empty if the answer has the same name or none
        Optional<Found> find(String askedName, ModelId asked, String answeredName, ModelId answered) {
            if (answeredName.isEmpty()) return own(askedName, asked).or(() -> listed(asked));
            if (asked.isAlso(answered)) {
                return own(askedName, asked)
                        .or(() -> own(answeredName, answered))
                        .or(() -> listed(answered))
                        .or(() -> listed(asked));
            }
            var found = own(answeredName, answered);
            // A name that only the provider knows stands for the model behind it, whatever that is.
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

        /// Creates the price from a provider's own rates. For long prompts, the list's rates replace those that
        /// the provider does not set.
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
