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

/// The type of a provider: the kind of its upstream. A type that this version does not know is a value too, so
/// that a newer gateway does not break an older client. Each known type is described by one file in
/// `lib.api.type`, which one line here names.
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

    /// All types that this version knows, in the order of their numbers on the wire.
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

    /// Returns the type of that wire name. An empty name, which proto3 JSON leaves out, is [#UNSPECIFIED].
    public static ProviderType of(String wire) {
        if (wire.isEmpty()) return UNSPECIFIED;
        for (var type : KNOWN) if (type.wire.equals(wire)) return type;
        return new ProviderType(wire, Optional.empty());
    }

    /// Returns the type that a user names by its label, with dashes or underscores, or by its wire name.
    ///
    ///     ProviderType.named("openai-compatible")   // Optional[openai_compatible]
    ///
    /// @return empty if the text names no type. An unknown wire name is accepted
    public static Optional<ProviderType> named(String text) {
        return NAMES.named(text).map(ProviderType::of);
    }

    /// Returns the labels of all types that this version knows, for messages.
    public static String labels() {
        return NAMES.labels();
    }

    /// Returns the name of the enum value in proto3 JSON, such as `LLM_PROVIDER_TYPE_ANTHROPIC`.
    public String wire() {
        return wire;
    }

    /// Returns the name for users: `anthropic`, `openai_compatible`.
    public String label() {
        return NAMES.label(wire);
    }

    /// Returns the description of the type; empty for an unknown type and for [#UNSPECIFIED].
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
