package lib.gateway.state;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Something as the gateway keeps it.
///
///     StoredResource.now(definition, clock.instant()).shown()
///
/// @param name what it is called; in the definition, too
/// @param definition the whole of it as the management API's JSON has it, but for what the gateway itself puts in
/// @param created when it was made
/// @param updated when it was changed last
public record StoredResource(String name, ObjectNode definition, Instant created, Instant updated) {

    public StoredResource {
        definition = definition.deepCopy();
        created = created.truncatedTo(ChronoUnit.MICROS);
        updated = updated.truncatedTo(ChronoUnit.MICROS);
    }

    /// One that is made now.
    public static StoredResource now(ObjectNode definition, Instant now) {
        return new StoredResource(definition.path("name").asText(), definition, now, now);
    }

    /// The same with another definition from now on.
    public StoredResource with(ObjectNode definition, Instant now) {
        return new StoredResource(name, definition, created, now);
    }

    /// A copy, to be changed at will.
    @Override
    public ObjectNode definition() {
        return definition.deepCopy();
    }

    /// The definition with its two times.
    public ObjectNode shown() {
        return definition().put("createdAt", created.toString()).put("updatedAt", updated.toString());
    }
}
