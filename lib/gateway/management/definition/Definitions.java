package lib.gateway.management.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.BiConsumer;
import lib.api.ResourceKind;
import lib.gateway.management.definition.Field.Message;

/// Reads, checks and changes the definitions of resources of one kind.
///
///     Definitions.LLM.create(json)   // the same, well-formed and complete; or an InvalidDefinition with every fault
///
/// The older field for a provider's models, `models`, is kept as given beside the newer one.
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

    /// Returns the definitions of that kind.
    public static Definitions of(ResourceKind kind) {
        return kind.equals(ResourceKind.MCP) ? MCP : LLM;
    }

    /// Returns the definition of a new resource. A provider without `transcripts` records both input and output,
    /// as in the cloud.
    ///
    /// @throws InvalidDefinition if it can't be
    public ObjectNode create(JsonNode given) {
        return created(checked(given, new Problems(false)));
    }

    /// Returns the definition from a file, in which an unknown field is an error.
    ///
    /// @throws InvalidDefinition if it can't be
    public ObjectNode fromFile(JsonNode given) {
        return checked(given, new Problems(true));
    }

    /// Returns the definition with the defaults of a new resource.
    public ObjectNode created(ObjectNode wanted) {
        var made = wanted.deepCopy();
        if (kind.equals(ResourceKind.LLM) && !made.has("transcripts"))
            made.putObject("transcripts").put("recordInputMessages", true).put("recordOutputMessages", true);
        return made;
    }

    private ObjectNode checked(JsonNode given, Problems problems) {
        var read = read(given, problems);
        // The configuration implies the type.
        if (!read.has("type")) {
            var configs = kind.configs().keySet().stream().filter(read::has).toList();
            if (configs.size() == 1) read.put("type", kind.configs().get(configs.getFirst()));
        }
        rules.accept(read, problems);
        problems.raise();
        return read;
    }

    /// Returns the definition `before` with a change applied.
    ///
    /// @param change the new values of fields
    /// @param mask the fields to change, `enabled,anthropicConfig.apiKeyRef`; if empty, the fields of `change`
    /// @throws InvalidDefinition if the result is invalid
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

    /// Returns the definition `before` with every changeable field replaced by the file's. Settings for
    /// transcripts stay as they are unless the file has them: a user may have switched the recording off.
    ///
    /// @throws InvalidDefinition if the file has another type
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
