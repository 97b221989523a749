package lib.gateway.management.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.BiConsumer;
import lib.api.ResourceKind;
import lib.gateway.management.definition.Field.Message;

/// What somebody has the gateway keep, of one kind: read, checked, changed.
///
///     Definitions.LLM.create(json)   // the same, well-formed and complete; or an InvalidDefinition with every fault
///
/// The older spelling of a provider's models, `models`, is kept beside the newer one, as it was given.
public final class Definitions {
    public static final Definitions LLM = new Definitions(ResourceKind.LLM, ProviderSchema.PROVIDER, Rules::check);
    public static final Definitions MCP = new Definitions(ResourceKind.MCP, ServerSchema.SERVER, ServerRules::check);

    private final ResourceKind kind;
    private final Message schema;
    private final BiConsumer<ObjectNode, Problems> rules;

    private Definitions(ResourceKind kind, Message schema, BiConsumer<ObjectNode, Problems> rules) {
        this.kind = kind;
        this.schema = schema;
        this.rules = rules;
    }

    /// Those of that kind.
    public static Definitions of(ResourceKind kind) {
        return kind.equals(ResourceKind.MCP) ? MCP : LLM;
    }

    /// A new one. A provider that says nothing of `transcripts` records both, as the cloud has it.
    ///
    /// @throws InvalidDefinition where it can't be
    public ObjectNode create(JsonNode given) {
        return created(checked(given, new Problems(false)));
    }

    /// One as a file has it. A field that is not known is a mistake there.
    ///
    /// @throws InvalidDefinition where it can't be
    public ObjectNode fromFile(JsonNode given) {
        return checked(given, new Problems(true));
    }

    /// The same as a new one.
    public ObjectNode created(ObjectNode wanted) {
        var made = wanted.deepCopy();
        if (kind.equals(ResourceKind.LLM) && !made.has("transcripts"))
            made.putObject("transcripts").put("recordInputMessages", true).put("recordOutputMessages", true);
        return made;
    }

    private ObjectNode checked(JsonNode given, Problems problems) {
        var read = read(given, problems);
        // What the type is can be seen from the configuration, too.
        if (!read.has("type")) {
            var configs = kind.configs().keySet().stream().filter(read::has).toList();
            if (configs.size() == 1) read.put("type", kind.configs().get(configs.getFirst()));
        }
        rules.accept(read, problems);
        problems.raise();
        return read;
    }

    /// `before` changed.
    ///
    /// @param change the fields' new values
    /// @param mask which fields it is about, `enabled,anthropicConfig.apiKeyRef`; empty: those that it has
    /// @throws InvalidDefinition where the result can't be
    public ObjectNode update(ObjectNode before, JsonNode change, Optional<String> mask) {
        var problems = new Problems(false);
        var wanted = read(change, problems);
        problems.raise();
        var paths = mask.filter(text -> !text.isBlank())
                .map(text -> FieldMask.of(text, schema))
                .orElseGet(() -> FieldMask.ofWhatIsIn(wanted));
        if (wanted.has("type") && !wanted.path("type").equals(before.path("type")))
            problems.add("type", "cannot be changed: create another " + kind.noun());
        var after = paths.apply(before, wanted);
        rules.accept(after, problems);
        problems.raise();
        return after;
    }

    /// `before` as a file has it: every field that can be changed. Whoever has switched the recording of
    /// transcripts off has done so until a file says otherwise in so many words.
    ///
    /// @throws InvalidDefinition where the file has it of another type
    public ObjectNode replace(ObjectNode before, ObjectNode wanted) {
        if (!wanted.path("type").equals(before.path("type"))) {
            var problems = new Problems(true);
            problems.add(
                    "type",
                    "cannot be changed from %s: delete the %s first, or use another name"
                            .formatted(before.path("type").asText(), kind.noun()));
            problems.raise();
        }
        var after = FieldMask.all(schema).apply(before, wanted);
        return wanted.has("transcripts") || !before.has("transcripts")
                ? after
                : after.set("transcripts", before.get("transcripts"));
    }

    private ObjectNode read(JsonNode given, Problems problems) {
        return schema.read(given, "", problems).map(ObjectNode.class::cast).orElseGet(() -> {
            problems.raise();
            throw new IllegalStateException("a message is always there");
        });
    }
}
