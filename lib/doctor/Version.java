package lib.doctor;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/// A program's version, as far as it can be compared.
///
///     Version.in("codex-cli 0.169.0").map(v -> v.compareTo(new Version(0, 118, 0)) >= 0)   // Optional[true]
record Version(int major, int minor, int patch) implements Comparable<Version> {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})");

    /// The first version in a text.
    static Optional<Version> in(String text) {
        var numbers = NUMBERS.matcher(text);
        if (!numbers.find()) return Optional.empty();
        return Optional.of(new Version(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)), Integer.parseInt(numbers.group(3))));
    }

    @Override
    public int compareTo(Version other) {
        return Comparator.comparingInt(Version::major).thenComparingInt(Version::minor).thenComparingInt(Version::patch).compare(this, other);
    }

    @Override
    public String toString() {
        return "%d.%d.%d".formatted(major, minor, patch);
    }
}
