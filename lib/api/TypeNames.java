package lib.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The names of an enum's values: the wire's, and those that users type and read.
///
///     new TypeNames("LLM_PROVIDER_TYPE_", List.of("LLM_PROVIDER_TYPE_OPENAI")).labels()   // "openai"
///
/// @param prefix the beginning of each name on the wire
/// @param known the names on the wire that this version knows
public record TypeNames(String prefix, List<String> known) {
    public TypeNames {
        known = List.copyOf(known);
    }

    /// The value that a user names, by its label, with dashes or underscores, or by its wire name.
    ///
    /// @return its wire name; empty for text that names no value. A wire name passes even where it is not known:
    ///     a newer gateway may have it
    public Optional<String> named(String text) {
        if (text.startsWith(prefix)) return Optional.of(text);
        var label = text.replace('-', '_').toLowerCase(Locale.ROOT);
        for (var wire : known) if (label(wire).equals(label)) return Optional.of(wire);
        return Optional.empty();
    }

    /// The name that users type and read: `anthropic`, `remote`.
    public String label(String wire) {
        return (wire.startsWith(prefix) ? wire.substring(prefix.length()) : wire).toLowerCase(Locale.ROOT);
    }

    /// Every value that this version knows, for a message.
    public String labels() {
        return String.join(", ", known.stream().map(this::label).toList());
    }
}
