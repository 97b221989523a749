package lib.cli.llm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import lib.api.DidYouMean;
import lib.base.UserError;

/// `--pricing`: the price of a model, in US dollars per million tokens, exactly.
///
///     PricingFlag.parse("model=m,input=3,output=15,cached=0.30").rates()   // {"inputPerMillion": "300000000", …}
///
/// @param model the model's name
/// @param rates `customPricing`: microcents per million tokens, a dollar being 100,000,000
record PricingFlag(String model, ObjectNode rates) {
    /// A price in dollars. The eighth decimal place is a microcent; the pattern allows more digits than any
    /// price has.
    private static final Pattern DOLLARS = Pattern.compile("\\d{1,9}(\\.\\d{1,20})?");
    private static final BigDecimal MICROCENTS = BigDecimal.valueOf(100_000_000);
    private static final Map<String, String> FIELDS = fields();

    static PricingFlag parse(String text) {
        var model = "";
        var rates = JsonNodeFactory.instance.objectNode();
        for (var part : text.split(",")) {
            var equals = part.indexOf('=');
            var key = (equals < 0 ? part : part.substring(0, equals)).strip();
            var value = equals < 0 ? "" : part.substring(equals + 1).strip();
            if (key.equals("model") && model.isEmpty()) model = value;
            else if (!FIELDS.containsKey(key))
                throw wrong(
                        text,
                        "\"%s\" is not a known rate".formatted(key),
                        DidYouMean.hint(key, FIELDS.keySet(), "use model and " + String.join(", ", FIELDS.keySet())));
            else if (rates.has(FIELDS.get(key))) throw wrong(text, "\"%s\" occurs twice".formatted(key), "keep one");
            else rates.put(FIELDS.get(key), microcents(text, key, value));
        }
        if (model.isEmpty())
            throw wrong(text, "the model is missing", "use --pricing model=MODEL,input=USD,output=USD");
        if (rates.isEmpty())
            throw wrong(text, "no price is given", "use --pricing model=%s,input=USD,output=USD".formatted(model));
        return new PricingFlag(model, rates);
    }

    /// Converts to the wire's format: a 64-bit integer in a string.
    private static String microcents(String text, String key, String dollars) {
        if (!DOLLARS.matcher(dollars).matches())
            throw wrong(
                    text, "%s is not an amount in US dollars: \"%s\"".formatted(key, dollars), "write it as 3 or 0.30");
        try {
            return new BigDecimal(dollars)
                    .multiply(MICROCENTS)
                    .toBigIntegerExact()
                    .toString();
        } catch (ArithmeticException e) {
            throw wrong(
                    text, "%s has more than eight decimal places: \"%s\"".formatted(key, dollars), "round it to eight");
        }
    }

    private static UserError wrong(String text, String what, String hint) {
        return UserError.usage("--pricing %s: %s".formatted(text, what), hint);
    }

    private static Map<String, String> fields() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("input", "inputPerMillion");
        fields.put("output", "outputPerMillion");
        fields.put("cached", "cachedInputPerMillion");
        fields.put("cache_write_5m", "cacheCreation5mPerMillion");
        fields.put("cache_write_1h", "cacheCreation1hPerMillion");
        return fields;
    }
}
