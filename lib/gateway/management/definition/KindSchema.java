package lib.gateway.management.definition;

import java.util.HashMap;
import java.util.Map;
import lib.api.ResourceKind;
import lib.gateway.management.definition.Field.Flag;
import lib.gateway.management.definition.Field.Many;
import lib.gateway.management.definition.Field.Message;
import lib.gateway.management.definition.Field.Ours;
import lib.gateway.management.definition.Field.Text;
import lib.gateway.management.definition.Field.Texts;

/// Builds the schema of a kind of resource: the fields that the client knows, with the gateway's limits.
///
///     KindSchema.of(ResourceKind.MCP, Map.of("remote.url", KindSchema.URL))
final class KindSchema {
    static final Text LINE = new Text(255);
    static final Text URL = new Text(2048);

    private static final int MOST_ENTRIES = 1000;

    private final ResourceKind kind;
    private final Map<String, Field> special;

    private KindSchema(ResourceKind kind, Map<String, Field> special) {
        this.kind = kind;
        this.special = special;
    }

    /// @param special the fields by path that need another type than the usual one for their kind
    static Message of(ResourceKind kind, Map<String, Field> special) {
        return new KindSchema(kind, special).message("");
    }

    private Message message(String path) {
        var fields = new HashMap<String, Field>();
        for (var name : kind.below(path)) fields.put(name, field(path.isEmpty() ? name : path + "." + name));
        return new Message(Map.copyOf(fields));
    }

    private Field field(String path) {
        if (special.containsKey(path)) return special.get(path);
        return switch (kind.field(path).orElseThrow()) {
            case TEXT, REFERENCE -> LINE;
            case FLAG -> new Flag();
            case TEXTS -> new Many(LINE, MOST_ENTRIES);
            case MAP -> new Texts(64, 255);
            case MESSAGE -> message(path);
            case OUTPUT -> new Ours();
            case MODELS -> throw new IllegalStateException("no schema for " + path);
        };
    }
}
