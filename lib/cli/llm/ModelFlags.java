package lib.cli.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.base.UserError;

/// Combines `--provider-models` and `--pricing` into one allowlist.
final class ModelFlags {
    private ModelFlags() {}

    /// The list that results from the flags. A model that was in the list before keeps its data.
    ///
    /// @param named the models as they were typed; empty if the flag was not given
    /// @param before the list so far; if only prices are given, they add to it
    /// @param exists whether the provider already exists; its empty list then allows every model
    static ArrayNode list(
            Optional<List<String>> named, List<PricingFlag> pricing, Map<String, ObjectNode> before, boolean exists) {
        if (named.isEmpty() && exists && before.isEmpty()) {
            throw UserError.usage(
                    "this provider allows all models", "list them with --provider-models before pricing one");
        }
        var models = new LinkedHashMap<String, ObjectNode>();
        named.ifPresentOrElse(
                texts -> texts.forEach(text -> add(text, before, models)),
                () -> before.forEach((name, model) -> models.put(name, model.deepCopy())));
        for (var price : pricing) {
            var model = models.computeIfAbsent(
                    price.model(), name -> JsonNodeFactory.instance.objectNode().put("name", name));
            var rates =
                    model.path("customPricing") instanceof ObjectNode there ? there : model.putObject("customPricing");
            rates.setAll(price.rates());
        }
        return JsonNodeFactory.instance.arrayNode().addAll(models.values());
    }

    private static void add(String text, Map<String, ObjectNode> before, Map<String, ObjectNode> models) {
        if (text.strip().startsWith("{")) {
            var model = json(text);
            models.put(model.path("name").asText(), model);
            return;
        }
        for (var name : text.split(",")) {
            var model = name.strip();
            if (!model.isEmpty())
                models.put(
                        model,
                        Optional.ofNullable(before.get(model))
                                .map(ObjectNode::deepCopy)
                                .orElseGet(() ->
                                        JsonNodeFactory.instance.objectNode().put("name", model)));
        }
    }

    private static ObjectNode json(String text) {
        try {
            if (new ObjectMapper().readTree(text) instanceof ObjectNode model
                    && !model.path("name").asText("").isEmpty()) return model;
        } catch (JsonProcessingException e) {
            // The error below reports this.
        }
        throw UserError.usage(
                "--provider-models must be the name of a model, or JSON with a name", "use --provider-models MODEL");
    }
}
