package lib.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What kind of upstream a provider stands for, in the wire's spelling. A type that this version does not know is
/// a value like any other, so that a newer gateway does not break an older client.
///
///     ProviderType.of("LLM_PROVIDER_TYPE_ANTHROPIC").equals(ProviderType.ANTHROPIC)   // true
///     ProviderType.ANTHROPIC.label()                                                  // "anthropic"
///
/// @param wire the enum value's name in proto3 JSON, such as `LLM_PROVIDER_TYPE_ANTHROPIC`
public record ProviderType(String wire) {
    private static final String PREFIX = "LLM_PROVIDER_TYPE_";

    public static final ProviderType ANTHROPIC = new ProviderType(PREFIX + "ANTHROPIC");
    public static final ProviderType BEDROCK = new ProviderType(PREFIX + "BEDROCK");
    public static final ProviderType GOOGLE = new ProviderType(PREFIX + "GOOGLE");
    public static final ProviderType OPENAI = new ProviderType(PREFIX + "OPENAI");
    public static final ProviderType OPENAI_COMPATIBLE = new ProviderType(PREFIX + "OPENAI_COMPATIBLE");
    public static final ProviderType UNSPECIFIED = new ProviderType(PREFIX + "UNSPECIFIED");

    private static final List<ProviderType> KNOWN = List.of(OPENAI, ANTHROPIC, GOOGLE, BEDROCK, OPENAI_COMPATIBLE);

    /// The type of that wire name; nothing at all is [#UNSPECIFIED], which proto3 JSON leaves out.
    public static ProviderType of(String wire) {
        return wire.isEmpty() ? UNSPECIFIED : new ProviderType(wire);
    }

    /// The type that a user names, by its label, with dashes or underscores, or by its wire name.
    ///
    ///     ProviderType.named("openai-compatible")   // Optional[openai_compatible]
    ///
    /// @return empty for what is no type, wire names of the future aside
    public static Optional<ProviderType> named(String text) {
        if (text.startsWith(PREFIX)) return Optional.of(new ProviderType(text));
        return KNOWN.stream()
                .filter(type -> type.label().equals(text.replace('-', '_').toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /// Every type that this version knows, for a message.
    public static String labels() {
        return String.join(", ", KNOWN.stream().map(ProviderType::label).toList());
    }

    /// The name that users type and read: `anthropic`, `openai_compatible`.
    public String label() {
        var name = wire.startsWith(PREFIX) ? wire.substring(PREFIX.length()) : wire;
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
