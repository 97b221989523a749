package lib.gateway.management.definition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The fields that an update changes.
///
///     FieldMask.of("enabled,anthropicConfig.apiKeyRef", ProviderSchema.PROVIDER).apply(before, change)
///
/// @param paths the paths of the fields, each a list of names in lowerCamelCase
/// @see <a href="https://google.aip.dev/134">AIP-134, on updates</a>
record FieldMask(List<List<String>> paths) {
    private static final Set<String> FIXED = Set.of("name", "type");
    private static final List<List<String>> ONE_OF =
            List.of(List.of("assumeRole", "staticCredentials"), ServerSchema.AUTHS);

    /// Parses a mask in its JSON form, such as `enabled,tags`. `*` stands for all fields.
    ///
    /// @throws InvalidDefinition for an unknown path
    static FieldMask of(String text, Field.Message schema) {
        if (text.equals("*")) return all(schema);
        var problems = new Problems(true);
        var paths = new ArrayList<List<String>>();
        for (var path : text.split(",", -1)) {
            var names = List.of(path.strip().split("\\.", -1));
            if (path.isBlank()) problems.add("updateMask", "has an empty path");
            else if (field(names, schema).isEmpty())
                problems.add(
                        "updateMask",
                        "has a path that is not known: "
                                + (path.length() > 100 ? path.substring(0, 100) + "..." : path.strip()));
            else paths.add(names);
        }
        problems.raise();
        return new FieldMask(paths);
    }

    static FieldMask all(Field.Message schema) {
        return new FieldMask(schema.fields().keySet().stream()
                .filter(name -> !FIXED.contains(name))
                .map(List::of)
                .toList());
    }

    /// Returns a mask of the top-level fields that `change` contains.
    static FieldMask ofWhatIsIn(ObjectNode change) {
        var paths = new ArrayList<List<String>>();
        change.fieldNames().forEachRemaining(name -> paths.add(List.of(name)));
        return new FieldMask(paths);
    }

    /// Returns `before` with the fields of this mask set to their values in `change`, or removed if `change` does
    /// not have them.
    ObjectNode apply(ObjectNode before, ObjectNode change) {
        var after = before.deepCopy();
        for (var path : paths) if (!FIXED.contains(path.getFirst())) set(after, change, path);
        return after;
    }

    private static void set(ObjectNode to, ObjectNode from, List<String> path) {
        var name = path.getFirst();
        if (path.size() == 1) {
            excludeOthers(to, from, name);
            if (from.has(name)) to.set(name, from.get(name).deepCopy());
            else to.remove(name);
            return;
        }
        var below = from.path(name) instanceof ObjectNode object ? object : Field.NODES.objectNode();
        if (to.path(name) instanceof ObjectNode object) set(object, below, path.subList(1, path.size()));
        else if (!below.isEmpty()) set(to.putObject(name), below, path.subList(1, path.size()));
        excludeOthers(to, to, name);
    }

    /// Removes the other kinds of credentials: setting one kind replaces the others.
    private static void excludeOthers(ObjectNode to, ObjectNode from, String name) {
        if (!from.has(name)) return;
        for (var rivals : ONE_OF)
            if (rivals.contains(name))
                rivals.stream().filter(rival -> !rival.equals(name)).forEach(to::remove);
    }

    private static Optional<Field> field(List<String> path, Field.Message schema) {
        Field field = schema;
        for (var name : path) {
            field = field instanceof Field.Message(var fields) ? fields.get(name) : null;
            if (field == null) return Optional.empty();
        }
        return Optional.of(field);
    }
}
