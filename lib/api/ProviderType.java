package lib.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.api.type.AnthropicType;
import lib.api.type.BedrockType;
import lib.api.type.GoogleType;
import lib.api.type.OpenAiCompatibleType;
import lib.api.type.OpenAiType;
import lib.api.type.ProviderSpec;

/// What kind of upstream a provider stands for, in the wire's spelling. A type that this version does not know is
/// a value like any other, so that a newer gateway does not break an older client. What is known of a type is in
/// one file of `lib.api.type`, which one line here names.
///
///     ProviderType.of("LLM_PROVIDER_TYPE_ANTHROPIC").equals(ProviderType.ANTHROPIC)   // true
///     ProviderType.ANTHROPIC.label()                                                  // "anthropic"
///     ProviderType.ANTHROPIC.spec().orElseThrow().config().field()                    // "anthropicConfig"
public final class ProviderType {
    private static final String PREFIX = "LLM_PROVIDER_TYPE_";
    private static final List<ProviderType> DECLARED = new ArrayList<>();

    public static final ProviderType UNSPECIFIED = new ProviderType(PREFIX + "UNSPECIFIED", Optional.empty());

    // In the order of their numbers on the wire.
    public static final ProviderType OPENAI = declared("OPENAI", OpenAiType.SPEC);
    public static final ProviderType ANTHROPIC = declared("ANTHROPIC", AnthropicType.SPEC);
    public static final ProviderType GOOGLE = declared("GOOGLE", GoogleType.SPEC);
    public static final ProviderType BEDROCK = declared("BEDROCK", BedrockType.SPEC);
    public static final ProviderType OPENAI_COMPATIBLE = declared("OPENAI_COMPATIBLE", OpenAiCompatibleType.SPEC);

    /// Every type that this version knows, in the order of their numbers on the wire.
    public static final List<ProviderType> KNOWN = List.copyOf(DECLARED);

    static final TypeNames NAMES =
            new TypeNames(PREFIX, KNOWN.stream().map(ProviderType::wire).toList());

    private final String wire;
    private final Optional<ProviderSpec> spec;

    private ProviderType(String wire, Optional<ProviderSpec> spec) {
        this.wire = wire;
        this.spec = spec;
    }

    private static ProviderType declared(String name, ProviderSpec spec) {
        var type = new ProviderType(PREFIX + name, Optional.of(spec));
        DECLARED.add(type);
        return type;
    }

    /// The type of that wire name; nothing at all is [#UNSPECIFIED], which proto3 JSON leaves out.
    public static ProviderType of(String wire) {
        if (wire.isEmpty()) return UNSPECIFIED;
        for (var type : KNOWN) if (type.wire.equals(wire)) return type;
        return new ProviderType(wire, Optional.empty());
    }

    /// The type that a user names, by its label, with dashes or underscores, or by its wire name.
    ///
    ///     ProviderType.named("openai-compatible")   // Optional[openai_compatible]
    ///
    /// @return empty for text that names no type; a wire name passes even where it is not known
    public static Optional<ProviderType> named(String text) {
        return NAMES.named(text).map(ProviderType::of);
    }

    /// Every type that this version knows, for a message.
    public static String labels() {
        return NAMES.labels();
    }

    /// The enum value's name in proto3 JSON, such as `LLM_PROVIDER_TYPE_ANTHROPIC`.
    public String wire() {
        return wire;
    }

    /// The name that users type and read: `anthropic`, `openai_compatible`.
    public String label() {
        return NAMES.label(wire);
    }

    /// What is known of the type; empty for a type of a newer gateway, and for [#UNSPECIFIED].
    public Optional<ProviderSpec> spec() {
        return spec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProviderType type && type.wire.equals(wire);
    }

    @Override
    public int hashCode() {
        return wire.hashCode();
    }

    @Override
    public String toString() {
        return label();
    }
}
