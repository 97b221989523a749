package lib.cli.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import lib.UserError;
import lib.providers.LlmChanges;
import lib.providers.LlmFields;
import lib.providers.LlmProvider;
import lib.providers.Nearest;
import lib.providers.ProviderType;

/// A provider as the flags, and a manifest below them, describe it; and which of its fields they name.
///
///     ProviderDraft.update(flags, manifest, () -> providers.get(name)).mask()   // [displayName]
///
/// @param provider what to send
/// @param mask the paths that change
record ProviderDraft(LlmProvider provider, List<String> mask) {
    /// One that is not there yet.
    static ProviderDraft create(String name, ProviderFlags flags, Optional<LlmProvider> manifest) {
        var base = manifest.map(LlmProvider::settable).orElseGet(() -> LlmProvider.of(JsonNodeFactory.instance.objectNode())).with("name", text(name));
        var type = flags.type().or(() -> manifest.map(LlmProvider::type).filter(known -> !known.equals(ProviderType.UNSPECIFIED)));
        var draft = new ProviderDraft(base, List.of()).fields(flags, type, type.flatMap(LlmFields::config)).models(flags, base, false);
        var config = draft.provider.config().map(LlmFields.CONFIGS::get).or(() -> type).orElseThrow(() -> UserError.usage(
                "the provider's type is missing", "use the flags of one type, such as --anthropic-config.api-key-ref, or -f"));
        var whole = draft.provider.with("type", Optional.empty());
        // A provider is made to be used; what a manifest leaves out is false.
        if (manifest.isEmpty() && !draft.mask.contains("enabled")) whole = whole.with("enabled", Optional.of(JsonNodeFactory.instance.booleanNode(true)));
        var field = LlmFields.config(config);
        if (whole.config().isEmpty() && field.isPresent()) whole = whole.with(field.get(), Optional.of(JsonNodeFactory.instance.objectNode()));
        var inOrder = JsonNodeFactory.instance.objectNode().put("name", name).put("type", config.wire());
        inOrder.setAll(whole.json());
        return new ProviderDraft(LlmProvider.of(inOrder), draft.mask);
    }

    /// What changes of one that is there.
    ///
    /// @param live reads it, where that is needed
    static ProviderDraft update(String name, ProviderFlags flags, Optional<LlmProvider> manifest, Supplier<LlmProvider> live) {
        var changes = manifest.map(wanted -> LlmChanges.between(live.get(), wanted));
        var base = changes.map(LlmChanges::payload).orElseGet(() -> LlmProvider.of(JsonNodeFactory.instance.objectNode().put("name", name)));
        flags.type().filter(type -> !type.equals(live.get().type())).ifPresent(type -> {
            throw new UserError("provider \"%s\" is %s; its type cannot become %s".formatted(name, live.get().type(), type), "create another provider, or delete this one first");
        });
        var config = flags.needsConfig() ? LlmFields.config(live.get().type()) : Optional.<String>empty();
        var draft = new ProviderDraft(base, changes.map(LlmChanges::mask).orElse(List.of())).fields(flags, flags.type(), config);
        return flags.models().isEmpty() && flags.pricing().isEmpty() ? draft : draft.models(flags, live.get(), true);
    }

    /// Takes what `--clear` names away.
    ProviderDraft clearing(List<String> paths) {
        var draft = this;
        for (var path : paths) draft = new ProviderDraft(draft.provider.with(path, Optional.empty()), with(draft.mask, path));
        return draft;
    }

    /// With the mask that somebody gave instead of the one that follows from the flags.
    ///
    /// @throws UserError when a flag says what the mask leaves out
    ProviderDraft masked(List<String> given) {
        for (var path : mask) {
            if (given.stream().noneMatch(each -> path.equals(each) || path.startsWith(each + ".") || each.startsWith(path + "."))) {
                throw UserError.usage("%s is given, but not in --update-mask".formatted(path), "add it to --update-mask, or leave it out");
            }
        }
        return new ProviderDraft(provider, given);
    }

    /// A path that somebody typed.
    ///
    /// @param flag where
    static String path(String typed, String flag) {
        var path = LlmFields.camel(typed.strip());
        if (LlmFields.settable().contains(path)) return path;
        throw UserError.usage("%s: \"%s\" is no field that can change".formatted(flag, typed), Nearest.hint(path, LlmFields.settable(), "use a path such as displayName or anthropicConfig.baseUrl"));
    }

    private ProviderDraft fields(ProviderFlags flags, Optional<ProviderType> type, Optional<String> config) {
        var given = flags.given();
        var configs = new ArrayList<>(given.keySet().stream().map(path -> path.split("\\.")[0]).filter(LlmFields.CONFIGS::containsKey).distinct().toList());
        type.flatMap(LlmFields::config).filter(each -> !configs.isEmpty() && !configs.contains(each)).ifPresent(configs::add);
        if (configs.size() > 1) {
            throw UserError.usage("%s and %s are of two types".formatted(ProviderFlags.spelled(configs.get(0)), ProviderFlags.spelled(configs.get(1))), "a provider has one type: use the flags of one");
        }
        given.putAll(flags.older(config.or(() -> configs.stream().findFirst())));
        var draft = this;
        for (var field : given.entrySet()) draft = draft.with(field.getKey(), field.getValue());
        for (var path : given.keySet()) {
            for (var rival : rivals(path, given.get(path))) {
                // One credential replaces the other; on a gateway that allows one only, both would be refused.
                if (given.keySet().stream().noneMatch(other -> other.equals(rival) || other.startsWith(rival + "."))) draft = draft.clearing(List.of(rival));
            }
        }
        return draft;
    }

    private static List<String> rivals(String path, JsonNode value) {
        if (value.isTextual() && value.asText().isEmpty() || value.isBoolean() && !value.asBoolean()) return List.of();
        if (path.startsWith("bedrockConfig.assumeRole.")) return List.of("bedrockConfig.staticCredentials");
        if (path.startsWith("bedrockConfig.staticCredentials.")) return List.of("bedrockConfig.assumeRole");
        var config = path.split("\\.")[0];
        if (path.endsWith(".authorizationPassthrough")) return List.of(config + ".apiKeyRef");
        return path.endsWith(".apiKeyRef") && LlmFields.kind(config + ".authorizationPassthrough").isPresent() ? List.of(config + ".authorizationPassthrough") : List.of();
    }

    private ProviderDraft models(ProviderFlags flags, LlmProvider before, boolean exists) {
        if (flags.models().isEmpty() && flags.pricing().isEmpty()) return this;
        var list = ModelFlags.list(flags.models(), flags.pricing(), mask.contains("providerModels") ? provider.models() : before.models(), exists);
        var draft = with("providerModels", list);
        // The list that they are united with would bring back what was taken away.
        return before.json().path("models").isEmpty() ? draft : draft.clearing(List.of("models"));
    }

    private ProviderDraft with(String path, JsonNode value) {
        return new ProviderDraft(provider.with(path, Optional.of(value)), with(mask, path));
    }

    private static List<String> with(List<String> mask, String path) {
        if (mask.contains(path)) return mask;
        var more = new ArrayList<>(mask);
        more.add(path);
        return List.copyOf(more);
    }

    private static Optional<JsonNode> text(String text) {
        return Optional.of(JsonNodeFactory.instance.textNode(text));
    }
}
