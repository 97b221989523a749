package lib.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds the known name that a user probably meant.
///
///     DidYouMean.of("claued", List.of("claude", "gpt"))   // Optional[claude]
public final class DidYouMean {
    private DidYouMean() {}

    /// Returns the known name with the fewest differing letters; empty if none is similar.
    public static Optional<String> of(String word, Collection<String> known) {
        return known.stream()
                .filter(name -> !name.isEmpty())
                .min(Comparator.comparingInt(name -> distance(name, word)))
                .filter(name -> distance(name, word) <= slips(word));
    }

    /// Returns `did you mean "claude"?`, or the other text if no name is similar.
    public static String hint(String word, Collection<String> known, String otherwise) {
        return of(word, known).map("did you mean \"%s\"?"::formatted).orElse(otherwise);
    }

    /// Returns the number of letters that may differ.
    private static int slips(String word) {
        return word.length() < 3 ? word.length() - 1 : Math.max(2, word.length() / 3);
    }

    /// Computes the Levenshtein distance, row by row.
    private static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= one.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                var above = row[j];
                var cost = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + cost);
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}
