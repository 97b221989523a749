package lib.usage.prices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// The public list prices, read from `prices.json` beside this file. It is written to be held against the pages that it names:
/// dollars per million tokens, a line a model, for every line where it is from and when that was read. `through` names who read
/// the page where that was somebody else: such a figure is second-hand. `in` says in what it was read. `from` is the day on
/// which a price that is known ahead begins; `above` what longer prompts cost; `like` another model's price, with
/// `regionalPremiumPercent` on top where a Bedrock profile is bound to a region.
final class ListPrices {
    private record Entry(Price price, int regionalPremium) {}

    private final Map<String, NavigableMap<LocalDate, Entry>> models = new HashMap<>();

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
            if (!json.path("sources").has(model.path("source").asText())) throw new IllegalStateException("no source: " + model);
            var from = LocalDate.parse(model.path("from").asText("1970-01-01"));
            prices.models.computeIfAbsent(key(model.path("type").asText(), model.path("model").asText()), _ -> new TreeMap<>())
                    .put(from, new Entry(prices.price(model, from), model.path("regionalPremiumPercent").asInt(0)));
        }
        return prices;
    }

    private Price price(JsonNode model, LocalDate from) {
        if (model.has("like")) return models.get(key("anthropic", model.path("like").asText())).floorEntry(from).getValue().price();
        var rates = rates(model);
        var above = model.path("above");
        return above.isMissingNode() ? Price.flat(rates) : new Price(rates, OptionalLong.of(above.path("tokens").asLong()), rates(above));
    }

    private static Rates rates(JsonNode node) {
        return new Rates(
                Cost.microcents(node.path("input").asText()), Cost.microcents(node.path("output").asText()), Cost.microcents(node.path("cachedInput").asText()),
                Cost.microcents(node.path("cacheWrite5m").asText()), Cost.microcents(node.path("cacheWrite1h").asText()));
    }

    Optional<Price> price(String type, ModelId model, LocalDate day) {
        return Optional.ofNullable(models.get(key(type, model.exact())))
                .or(() -> Optional.ofNullable(models.get(key(type, model.name()))))
                .map(prices -> prices.floorEntry(day))
                .map(Map.Entry::getValue)
                .map(entry -> model.global() ? entry.price() : entry.price().plusPercent(entry.regionalPremium()));
    }

    private static String key(String type, String model) {
        return type + " " + model;
    }
}
