package lib.usage.pricing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// The public list prices, read from `prices.json` beside this file. It is written to be held against the pages
/// that it names: dollars per million tokens, a line a model, for every line where it is from and when that was
/// read. `through` names who read the page where that was somebody else: such a figure is second-hand. `in` says
/// in what it was read. `from` is the day on which a price that is known ahead begins; `above` what longer
/// prompts cost, and `notAbove` that they have no price; `like` another model's price, with
/// `regionalPremiumPercent` on top where a Bedrock profile is bound to a region; `tier` the service tier that has
/// a price of its own.
///
/// `terms` has what changes a price: at so many `percent` of it go all calls of a type, or those of some
/// `models`, whose answers name that `tier`, `speed` or `region`.
final class ListPrices {
    private record Entry(Price price, int regionalPremium) {}

    /// What an answer's word does to a price.
    ///
    /// @param models those for which it is known; empty for all
    private record Term(Set<String> models, int percent) {}

    private final Map<String, NavigableMap<LocalDate, Entry>> models = new HashMap<>();
    private final Map<String, List<Term>> terms = new HashMap<>();

    /// A few types, and the days of a process' life.
    private final Map<String, Price> dearest = new ConcurrentHashMap<>();

    private ListPrices() {}

    /// Those of this program, read once, when first asked for.
    static ListPrices shipped() {
        return Shipped.PRICES;
    }

    private static final class Shipped {
        static final ListPrices PRICES = load();
    }

    private static ListPrices load() {
        try (var file = ListPrices.class.getResourceAsStream("prices.json")) {
            if (file == null) throw new IllegalStateException("prices.json is not on the class path");
            return read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ListPrices read(InputStream file) throws IOException {
        var json = new ObjectMapper().readTree(file);
        var prices = new ListPrices();
        for (var model : json.path("models")) {
            if (!json.path("sources").has(model.path("source").asText()))
                throw new IllegalStateException("no source: " + model);
            var from = LocalDate.parse(model.path("from").asText("1970-01-01"));
            var name = model.path("model").asText() + model.path("tier").asText("");
            prices.models
                    .computeIfAbsent(key(model.path("type").asText(), name), _ -> new TreeMap<>())
                    .put(
                            from,
                            new Entry(
                                    prices.price(model, from),
                                    model.path("regionalPremiumPercent").asInt(0)));
        }
        for (var term : json.path("terms")) prices.add(term, json.path("sources"));
        return prices;
    }

    private void add(JsonNode term, JsonNode sources) {
        if (!sources.has(term.path("source").asText())) throw new IllegalStateException("no source: " + term);
        var names = new HashSet<String>();
        term.path("models").forEach(name -> names.add(name.asText()));
        for (var kind : List.of("tier", "speed", "region")) {
            if (term.has(kind))
                terms.computeIfAbsent(
                                term(
                                        term.path("type").asText(),
                                        kind,
                                        term.path(kind).asText()),
                                _ -> new ArrayList<>())
                        .add(new Term(names, term.path("percent").asInt()));
        }
    }

    private Price price(JsonNode model, LocalDate from) {
        if (model.has("like"))
            return models.get(key("anthropic", model.path("like").asText()))
                    .floorEntry(from)
                    .getValue()
                    .price();
        var rates = rates(model);
        var above = model.path("above");
        if (model.has("notAbove"))
            return new Price(rates, OptionalLong.of(model.path("notAbove").asLong()), Optional.empty());
        return above.isMissingNode()
                ? Price.flat(rates)
                : new Price(rates, OptionalLong.of(above.path("tokens").asLong()), Optional.of(rates(above)));
    }

    private static Rates rates(JsonNode node) {
        return new Rates(
                Cost.microcents(node.path("input").asText()),
                Cost.microcents(node.path("output").asText()),
                Cost.microcents(node.path("cachedInput").asText()),
                Cost.microcents(node.path("cacheWrite5m").asText()),
                Cost.microcents(node.path("cacheWrite1h").asText()));
    }

    Optional<Price> price(String type, ModelId model, LocalDate day) {
        return price(type, model, "", day);
    }

    private Optional<Price> price(String type, ModelId model, String tier, LocalDate day) {
        return Optional.ofNullable(models.get(key(type, model.exact() + tier)))
                .or(() -> Optional.ofNullable(models.get(key(type, model.name() + tier))))
                .map(prices -> prices.floorEntry(day))
                .map(Map.Entry::getValue)
                .map(entry -> model.global() ? entry.price() : entry.price().percent(100 + entry.regionalPremium()));
    }

    /// A model's price on an answer's terms; empty where one of them has an effect that is not known.
    ///
    /// @param standard the model's price where the answer names none
    /// @param own whether that is a provider's own, for which the list's prices of tiers don't hold
    Optional<Price> at(Price standard, boolean own, String type, ModelId model, PriceVariant said, LocalDate day) {
        var price = Optional.of(standard);
        if (!said.tier().isEmpty()) {
            var percent = percent(type, "tier", said.tier(), model);
            price = percent.isPresent()
                    ? Optional.of(standard.percent(percent.get()))
                    : own ? Optional.empty() : price(type, model, said.tier(), day);
        }
        if (!said.speed().isEmpty()) price = changed(price, percent(type, "speed", said.speed(), model));
        return said.region().isEmpty() ? price : changed(price, percent(type, "region", said.region(), model));
    }

    private static Optional<Price> changed(Optional<Price> price, Optional<Integer> percent) {
        return percent.flatMap(known -> price.map(before -> before.percent(known)));
    }

    private Optional<Integer> percent(String type, String kind, String word, ModelId model) {
        return terms.getOrDefault(term(type, kind, word), List.of()).stream()
                .filter(term -> term.models().isEmpty() || term.models().contains(model.name()))
                .map(Term::percent)
                .findFirst();
    }

    /// The price of the dearest model of that type, by its output; of all types where the list has none of that
    /// type.
    Price dearest(String type, LocalDate day) {
        return dearest.computeIfAbsent(
                key(type, day.toString()),
                _ -> dearestOf(type + " ", day).or(() -> dearestOf("", day)).orElse(Price.FREE));
    }

    private Optional<Price> dearestOf(String beginning, LocalDate day) {
        return models.entrySet().stream()
                .filter(model -> model.getKey().startsWith(beginning))
                .map(model -> model.getValue().floorEntry(day))
                .filter(Objects::nonNull)
                .map(entry -> entry.getValue().price())
                .max(Comparator.comparingLong(price -> price.rates().output()));
    }

    private static String key(String type, String model) {
        return type + " " + model;
    }

    private static String term(String type, String kind, String word) {
        return type + " " + kind + " " + word;
    }
}
