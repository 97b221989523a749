package lib.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import lib.api.ProviderType;
import lib.usage.pricing.Prices;

/// A model that a provider offers to everyone, as far as it is known.
///
///     Catalogue.standard().find("claude-sonnet-5-5", Optional.empty())
///
/// @param name by which requests ask for it; on Bedrock an inference profile
/// @param type of the providers that offer it
/// @param facts the entry of the catalogue
public record Model(String name, ProviderType type, JsonNode facts) {

    /// As `ModelService` has it: what is not known is absent, 64-bit numbers are strings.
    ///
    /// @param at when its price is asked for
    public ObjectNode toJson(Instant at) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("label", facts.path("label").asText())
                .put("providerType", type.wire());
        var capabilities = json.putObject("capabilities");
        facts.path("capabilities").forEach(capability -> capabilities.put(capability.asText(), true));
        if (facts.has("reasoningEfforts")) {
            // The second is the name that older clients read.
            for (var name : new String[] {"reasoningEfforts", "supportedReasoningEfforts"})
                capabilities.set(name, facts.path("reasoningEfforts"));
        }
        Prices.list()
                .of(type.label(), name, at)
                .ifPresent(price -> json.set("defaultPricing", price.rates().toJson()));
        for (var limit : new String[] {"maxInputTokens", "maxOutputTokens"}) {
            if (facts.has(limit)) json.put(limit, facts.path(limit).asText());
        }
        return json;
    }
}
