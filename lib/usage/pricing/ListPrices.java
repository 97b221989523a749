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

/// The public list prices, read from `prices.json` beside this file. The file is written so that people can
/// compare it with the pages that it names. It has dollars per million tokens, a line for each model, and in each
/// line the `source` of the figures. A source is a `url`, the day on which it was `read`, and, if it was not read
/// on that page itself, `through` whose page or `in` what other text it was read.
///
/// These fields of a model are optional:
///
/// - `from` is the day on which a price begins that is known in advance.
/// - `tier` is a service tier that has its own price.
/// - `above` has the prices for prompts that are longer than its `tokens`.
/// - `notAbove` is the length in tokens above which a prompt has no price.
/// - `like` names the Anthropic model that has the same price. `regionalPremiumPercent` is added to it, unless the
///   model is called through Bedrock's global profile.
///
/// The entries of `terms` change a price: if an answer names their `tier`, `speed` or `region`, the call costs
/// `percent` of the model's price. A term applies to all models of a `type`, or only to its `models`.
final class ListPrices {
    private record Entry(Price price, int regionalPremium) {}

    /// The effect of a word in an answer on the price.
    ///
    /// @param models the models to which it applies; empty if it applies to all
    private record Term(Set<String> models, int percent) {}

    private final Map<String, NavigableMap<LocalDate, Entry>> models = new HashMap<>();
    private final Map<String, List<Term>> terms = new HashMap<>();

    /// The dearest prices by type and day. There are few types, and one day for each that this process runs.
    private final Map<String, Price> dearest = new ConcurrentHashMap<>();

    private ListPrices() {}

    /// Returns the list that is part of this program. It is read when it is first asked for.
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

    /// Returns what a model costs if its answer names these terms; empty if the effect of one of them is not
    /// known.
    ///
    /// @param standard the model's price for an answer that names no terms
    /// @param own whether that price is the provider's own, to which the list's prices of tiers do not apply
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

    /// Returns the price of the model of this type whose output costs most. If the list has no model of this
    /// type, it looks at all types.
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
