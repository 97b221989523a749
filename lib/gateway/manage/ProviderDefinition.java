package lib.gateway.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// A provider as somebody has it be: read, checked, changed.
///
///     ProviderDefinition.create(json)   // the same, well-formed and complete; or an InvalidProvider with every fault
///
/// The models' older spelling, `models`, is kept beside the newer one, as it was given.
public final class ProviderDefinition {
    private ProviderDefinition() {}

    /// A new provider. Where it says nothing of `transcripts`, both are recorded, as the cloud has it.
    ///
    /// @throws InvalidProvider where it can't be
    public static ObjectNode create(JsonNode given) {
        return created(checked(given, new Problems(false)));
    }

    /// A provider as a file has it. A field that is not known is a mistake there.
    ///
    /// @throws InvalidProvider where it can't be
    public static ObjectNode fromFile(JsonNode given) {
        return checked(given, new Problems(true));
    }

    /// The same as a new provider.
    public static ObjectNode created(ObjectNode wanted) {
        var provider = wanted.deepCopy();
        if (!provider.has("transcripts")) provider.putObject("transcripts").put("recordInputMessages", true).put("recordOutputMessages", true);
        return provider;
    }

    private static ObjectNode checked(JsonNode given, Problems problems) {
        var provider = read(given, problems);
        // What the type is can be seen from the configuration, too.
        if (!provider.has("type")) {
            var configs = Schema.CONFIGS.keySet().stream().filter(provider::has).toList();
            if (configs.size() == 1) provider.put("type", Schema.CONFIGS.get(configs.getFirst()).wire());
        }
        Rules.check(provider, problems);
        problems.raise();
        return provider;
    }

    /// `before` changed.
    ///
    /// @param change the fields' new values
    /// @param mask which fields it is about, `enabled,anthropicConfig.apiKeyRef`; empty: those that it has
    /// @throws InvalidProvider where the result can't be
    public static ObjectNode update(ObjectNode before, JsonNode change, Optional<String> mask) {
        var problems = new Problems(false);
        var wanted = read(change, problems);
        problems.raise();
        var paths = mask.filter(text -> !text.isBlank()).map(FieldMask::of).orElseGet(() -> FieldMask.ofWhatIsIn(wanted));
        if (wanted.has("type") && !wanted.path("type").equals(before.path("type"))) problems.add("type", "cannot be changed: create another provider");
        var after = paths.apply(before, wanted);
        Rules.check(after, problems);
        problems.raise();
        return after;
    }

    /// `before` as a file has it: every field that can be changed. Whoever has switched the recording of transcripts off
    /// has done so until a file says otherwise in so many words.
    ///
    /// @throws InvalidProvider where the file has it of another type
    public static ObjectNode replace(ObjectNode before, ObjectNode wanted) {
        if (!wanted.path("type").equals(before.path("type"))) {
            var problems = new Problems(true);
            problems.add("type", "cannot be changed from %s: delete the provider first, or give this one another name".formatted(before.path("type").asText()));
            problems.raise();
        }
        var after = FieldMask.all().apply(before, wanted);
        return wanted.has("transcripts") || !before.has("transcripts") ? after : after.set("transcripts", before.get("transcripts"));
    }

    private static ObjectNode read(JsonNode given, Problems problems) {
        return Schema.PROVIDER.read(given, "", problems).map(ObjectNode.class::cast).orElseGet(() -> {
            problems.raise();
            throw new IllegalStateException("a message is always there");
        });
    }
}
