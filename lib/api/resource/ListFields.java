package lib.api.resource;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import lib.api.ResourceKind;
import lib.api.type.FieldKind;

/// The fields that a filter and an order of a list may name.
///
///     ListFields.of(ResourceKind.LLM).isKnown("tags.team")   // true
///
/// @param noun the word for an object of the list, for messages
/// @param names the top-level fields, for messages
/// @param known the test whether a field exists at a path of lowerCamelCase names
public record ListFields(String noun, Collection<String> names, Predicate<String> known) {
    /// Returns the fields of a kind.
    public static ListFields of(ResourceKind kind) {
        return new ListFields(kind.noun(), kind.below(""), path -> isKnown(kind, path));
    }

    /// Returns these top-level fields. Any path below them is accepted.
    public static ListFields of(String noun, String... names) {
        var all = List.of(names);
        return new ListFields(noun, all, path -> all.contains(path.split("\\.")[0]));
    }

    /// Returns whether there is a field at that path.
    public boolean isKnown(String path) {
        return known.test(path);
    }

    /// Returns these fields together with those of the objects in the list.
    ListFields and(Collection<String> present) {
        return new ListFields(noun, names, path -> known.test(path) || present.contains(path.split("\\.")[0]));
    }

    private static boolean isKnown(ResourceKind kind, String path) {
        if (kind.field(path).isPresent()) return true;
        // Below a map, a list, or a field that only the gateway sets, this version knows no names.
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            var above = kind.field(path.substring(0, dot));
            if (above.isPresent())
                return above.get() != FieldKind.MESSAGE
                        || kind.below(path.substring(0, dot)).isEmpty();
        }
        return false;
    }
}
