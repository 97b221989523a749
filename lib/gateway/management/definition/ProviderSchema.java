package lib.gateway.management.definition;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.api.ProviderType;
import lib.api.ResourceKind;
import lib.api.type.FieldKind;
import lib.gateway.management.definition.Field.Absent;
import lib.gateway.management.definition.Field.Choice;
import lib.gateway.management.definition.Field.Count;
import lib.gateway.management.definition.Field.Many;
import lib.gateway.management.definition.Field.Message;
import lib.gateway.management.definition.Field.Text;

/// The fields of a provider.
final class ProviderSchema {
    static final Message PROVIDER = KindSchema.of(ResourceKind.LLM, special());

    private ProviderSchema() {}

    private static Map<String, Field> special() {
        var special = new HashMap<String, Field>();
        special.put("description", new Text(4000));
        special.put("type", new Choice(types()));
        special.put("providerModels", new Many(model(), 1000));
        special.put("guardrail", new Absent("is not supported: this gateway does not evaluate guardrails"));
        for (var type : ProviderType.KNOWN) {
            var config = type.spec().orElseThrow().config();
            for (var field : config.fields())
                if (field.kind() == FieldKind.TEXT)
                    special.put(config.field() + "." + field.path(), new Text(field.longest()));
        }
        return special;
    }

    /// Returns the wire names of all types, each at the index of its number.
    private static List<String> types() {
        return Stream.concat(Stream.of(ProviderType.UNSPECIFIED), ProviderType.KNOWN.stream())
                .map(ProviderType::wire)
                .toList();
    }

    private static Message model() {
        var prices = new HashMap<String, Field>();
        for (var price : List.of(
                "inputPerMillion",
                "outputPerMillion",
                "cachedInputPerMillion",
                "cacheCreation5mPerMillion",
                "cacheCreation1hPerMillion")) prices.put(price, new Count());
        return new Message(Map.of("name", KindSchema.LINE, "customPricing", new Message(Map.copyOf(prices))));
    }
}
