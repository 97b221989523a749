package lib.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The format in which a command prints its result: `--format`, `RPAI_FORMAT`.
///
///     OutputFormat.of("json")   // Optional[JSON]
public enum OutputFormat {
    TABLE,
    WIDE,
    JSON,
    YAML,
    MARKDOWN,
    CSV;

    /// The format of that name.
    public static Optional<OutputFormat> of(String name) {
        return Arrays.stream(values())
                .filter(format -> format.label().equals(name))
                .findFirst();
    }

    /// Every name, for a message.
    public static String names() {
        return Arrays.stream(values()).map(OutputFormat::label).collect(Collectors.joining(", "));
    }

    /// Its name on the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
