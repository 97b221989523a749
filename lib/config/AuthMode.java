package lib.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The source of a profile's gateway token.
///
///     AuthMode.of("rpk")   // Optional[RPK]
public enum AuthMode {
    /// The cached login of `rpkai auth login`.
    DEVICE,
    /// The token in rpk's own `rpk.yaml`.
    RPK,
    /// `--token` or `RPAI_TOKEN`, and nothing else.
    TOKEN,
    /// No `Authorization` header at all.
    NONE;

    /// The mode with that name in a config file.
    public static Optional<AuthMode> of(String name) {
        return Arrays.stream(values()).filter(mode -> mode.label().equals(name)).findFirst();
    }

    /// Its name in a config file.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
