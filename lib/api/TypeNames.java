package lib.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The names of the values of an enum, on the wire and for users.
///
///     new TypeNames("LLM_PROVIDER_TYPE_", List.of("LLM_PROVIDER_TYPE_OPENAI")).labels()   // "openai"
///
/// @param prefix the prefix of the names on the wire
/// @param known the names on the wire that this version knows
public record TypeNames(String prefix, List<String> known) {
    public TypeNames {
        known = List.copyOf(known);
    }

    /// Returns the value that a user names by its label, with dashes or underscores, or by its wire name.
    ///
    /// @return the wire name; empty if the text names no value. An unknown wire name is accepted, because a newer
    ///     gateway may know it
    public Optional<String> named(String text) {
        if (text.startsWith(prefix)) return Optional.of(text);
        var label = text.replace('-', '_').toLowerCase(Locale.ROOT);
        for (var wire : known) if (label(wire).equals(label)) return Optional.of(wire);
        return Optional.empty();
    }

    /// Returns the name for users: `anthropic`, `remote`.
    public String label(String wire) {
        return (wire.startsWith(prefix) ? wire.substring(prefix.length()) : wire).toLowerCase(Locale.ROOT);
    }

    /// Returns the labels of all values that this version knows, for messages.
    public String labels() {
        return String.join(", ", known.stream().map(this::label).toList());
    }
}
