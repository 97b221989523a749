package lib.api.resource;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import lib.api.ResourceKind;
import lib.api.type.FieldKind;

/// The fields of what a list holds, as a filter and an order may name them.
///
///     ListFields.of(ResourceKind.LLM).isKnown("tags.team")   // true
///
/// @param noun what one of the list is called, for messages
/// @param names the fields at the top, for messages
/// @param known whether there is a field at a path of lowerCamelCase names
public record ListFields(String noun, Collection<String> names, Predicate<String> known) {
    /// Those of a kind.
    public static ListFields of(ResourceKind kind) {
        return new ListFields(kind.noun(), kind.below(""), path -> isKnown(kind, path));
    }

    /// Those at the top; below them may be anything.
    public static ListFields of(String noun, String... names) {
        var all = List.of(names);
        return new ListFields(noun, all, path -> all.contains(path.split("\\.")[0]));
    }

    /// Whether there is a field at that path.
    public boolean isKnown(String path) {
        return known.test(path);
    }

    /// The same, and those that the objects of the list have.
    ListFields and(Collection<String> present) {
        return new ListFields(noun, names, path -> known.test(path) || present.contains(path.split("\\.")[0]));
    }

    private static boolean isKnown(ResourceKind kind, String path) {
        if (kind.field(path).isPresent()) return true;
        // Below a map, a list or what only the gateway says, this version knows no names.
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            var above = kind.field(path.substring(0, dot));
            if (above.isPresent())
                return above.get() != FieldKind.MESSAGE
                        || kind.below(path.substring(0, dot)).isEmpty();
        }
        return false;
    }
}
