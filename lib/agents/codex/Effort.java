package lib.agents.codex;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import lib.base.UserError;

/// The reasoning effort of a model. Codex accepts any word and sends it on, so a typing error would be reported
/// only by the upstream. It is therefore checked here.
///
///     Effort.of("high")   // HIGH
public enum Effort {
    NONE,
    MINIMAL,
    LOW,
    MEDIUM,
    HIGH,
    XHIGH;

    /// The effort with that name.
    ///
    /// @throws UserError for any other word
    public static Effort of(String name) {
        return Arrays.stream(values())
                .filter(effort -> effort.label().equals(name))
                .findFirst()
                .orElseThrow(() -> UserError.usage(
                        "unknown effort \"%s\"".formatted(name),
                        "use one of "
                                + Arrays.stream(values()).map(Effort::label).collect(Collectors.joining(", "))));
    }

    /// Its name, as it is typed and sent.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
