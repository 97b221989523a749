package lib.gateway.management.definition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// Collects the errors in a definition while it is read.
///
/// @param found the errors so far
/// @param strict whether an unknown field is an error. In a file it is probably a typing error; in a call it is a
///     field of a newer client, and is ignored
record Problems(List<Violation> found, boolean strict) {
    Problems(boolean strict) {
        this(new ArrayList<>(), strict);
    }

    void add(String path, String description) {
        found.add(new Violation(path, description));
    }

    void unknown(String path, Collection<String> known) {
        if (!strict) return;
        var name = path.substring(path.lastIndexOf('.') + 1);
        var near = known.stream().filter(each -> isNear(each, name)).findFirst();
        add(path, near.map("is not known: did you mean %s?"::formatted).orElse("is not known: remove it"));
    }

    /// @throws InvalidDefinition if there are any errors
    void raise() {
        if (!found.isEmpty()) throw new InvalidDefinition(found);
    }

    /// Returns whether two names differ only in case, or by about one letter that is missing, added, replaced or
    /// swapped.
    private static boolean isNear(String known, String name) {
        var a = known.toLowerCase(Locale.ROOT);
        var b = name.toLowerCase(Locale.ROOT);
        int start = 0;
        while (start < Math.min(a.length(), b.length()) && a.charAt(start) == b.charAt(start)) start++;
        int end = 0;
        while (end < Math.min(a.length(), b.length()) - start
                && a.charAt(a.length() - 1 - end) == b.charAt(b.length() - 1 - end)) end++;
        return a.length() - start - end <= 2 && b.length() - start - end <= 2;
    }
}
