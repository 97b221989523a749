package lib.api.type;

import java.util.List;
import java.util.Locale;

/// A field of a provider's configuration. It is defined once, for the flags of the client and the checks of the
/// gateway.
///
///     ConfigField.text("region", "REGION", "The AWS region; required.").withFlags("--region")
///
/// @param path the path below the configuration, such as `staticCredentials.accessKeyIdRef`
/// @param longest the maximum number of characters that the gateway accepts
/// @param label the placeholder for the value of the flag, such as `REGION`
/// @param description the help text of the flag
/// @param flags additional names of the flag, besides the one that is made from the path
public record ConfigField(
        String path, FieldKind kind, int longest, String label, String description, List<String> flags) {
    private static final int LINE = 255;

    /// The URL of the upstream.
    public static final ConfigField BASE_URL =
            text("baseUrl", "URL", "The URL of the upstream.").withLongest(2048);

    /// The reference to the upstream's key.
    public static final ConfigField API_KEY_REF =
            reference("apiKeyRef", "The name of the secret that holds the upstream's key.");

    /// Whether the caller's own credential goes upstream in place of a key.
    public static final ConfigField PASSTHROUGH = new ConfigField(
            "authorizationPassthrough",
            FieldKind.FLAG,
            0,
            "true|false",
            "Send the caller's own Authorization header upstream instead of a key.",
            List.of());

    public ConfigField {
        flags = List.copyOf(flags);
    }

    /// Returns the flag of the field at that path: `--anthropic-config.api-key-ref` for
    /// `anthropicConfig.apiKeyRef`.
    public static String flag(String path) {
        return "--" + path.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    static ConfigField text(String path, String label, String description) {
        return new ConfigField(path, FieldKind.TEXT, LINE, label, description, List.of());
    }

    static ConfigField reference(String path, String description) {
        return new ConfigField(path, FieldKind.REFERENCE, LINE, "REF", description, List.of());
    }

    static ConfigField message(String path) {
        return new ConfigField(path, FieldKind.MESSAGE, 0, "", "", List.of());
    }

    ConfigField withLongest(int characters) {
        return new ConfigField(path, kind, characters, label, description, flags);
    }

    ConfigField withFlags(String... names) {
        return new ConfigField(path, kind, longest, label, description, List.of(names));
    }
}
