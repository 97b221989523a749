package lib.gateway.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import lib.usage.pricing.Prices;
import lib.usage.pricing.Rates;

/// The `customPricing` of the providers that a gateway keeps, as it is when a call is over.
///
///     Prices.list().with(new CustomPricing(state.providers()))
public final class CustomPricing implements Prices.Custom {
    private final StoredResources providers;
    private volatile Read read = new Read(Map.of(), Map.of());

    /// @param providers what the prices were read from: the same map for as long as nothing changes
    private record Read(Map<String, StoredResource> providers, Map<String, Map<String, JsonNode>> pricing) {}

    public CustomPricing(StoredResources providers) {
        this.providers = providers;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same map, not an equal one
    public Optional<Rates> rates(String provider, String model, Optional<Rates> list) {
        var all = providers.known();
        if (read.providers != all) read = new Read(all, pricing(all));
        return Optional.ofNullable(read.pricing.getOrDefault(provider, Map.of()).get(model))
                .flatMap(pricing -> Rates.custom(pricing, list));
    }

    private static Map<String, Map<String, JsonNode>> pricing(Map<String, StoredResource> providers) {
        var pricing = new HashMap<String, Map<String, JsonNode>>();
        providers.forEach((name, provider) -> {
            for (var model : provider.definition().path("providerModels")) {
                if (model.has("customPricing"))
                    pricing.computeIfAbsent(name, _ -> new HashMap<>())
                            .put(model.path("name").asText(), model.path("customPricing"));
            }
        });
        return pricing;
    }
}
