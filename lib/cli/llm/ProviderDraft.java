package lib.cli.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import lib.api.ProviderType;
import lib.api.Resource;
import lib.api.ResourceDiff;
import lib.api.ResourceKind;
import lib.api.type.ConfigField;
import lib.api.type.ProviderSpec;
import lib.base.UserError;
import lib.cli.manage.Draft;

/// Makes the draft of a provider from the flags, and from a manifest that the flags override.
///
///     ProviderDraft.update(name, flags, manifest, () -> resources.get(name)).mask()   // [displayName]
final class ProviderDraft {
    private ProviderDraft() {}

    /// The draft of a new provider.
    static Draft create(String name, ProviderFlags flags, Optional<Resource> manifest) {
        var base = Draft.of(ResourceKind.LLM, name, manifest);
        var type = flags.type()
                .map(ProviderType::wire)
                .or(() -> manifest.map(Resource::type).filter(known -> !known.isEmpty()));
        var draft = models(
                fields(base, flags, type, type.flatMap(ResourceKind.LLM::config)), flags, base.resource(), false);
        var configured = draft.resource()
                .config()
                .map(ResourceKind.LLM.configs()::get)
                .or(() -> type)
                .orElseThrow(() -> UserError.usage(
                        "the provider's type is missing",
                        "use the flags of one type, such as --anthropic-config.api-key-ref, or -f"));
        var made = draft.made(configured, manifest.isEmpty());
        var config = ResourceKind.LLM
                .config(configured)
                .filter(_ -> made.resource().config().isEmpty());
        return config.isEmpty() ? made : made.with(config.get(), JsonNodeFactory.instance.objectNode());
    }

    /// The draft of changes to an existing provider.
    ///
    /// @param live reads the provider if needed
    static Draft update(String name, ProviderFlags flags, Optional<Resource> manifest, Supplier<Resource> live) {
        var base = Draft.changing(ResourceKind.LLM, name, manifest, live);
        flags.type().filter(type -> !type.wire().equals(live.get().type())).ifPresent(type -> {
            throw ResourceDiff.anotherType(live.get(), type.label());
        });
        var config = flags.needsConfig() ? ResourceKind.LLM.config(live.get().type()) : Optional.<String>empty();
        var draft = fields(base, flags, flags.type().map(ProviderType::wire), config);
        return flags.models().isEmpty() && flags.pricing().isEmpty() ? draft : models(draft, flags, live.get(), true);
    }

    private static Draft fields(Draft before, ProviderFlags flags, Optional<String> type, Optional<String> config) {
        var given = flags.given();
        var configs = new ArrayList<>(given.keySet().stream()
                .map(path -> path.split("\\.")[0])
                .filter(ResourceKind.LLM.configs()::containsKey)
                .distinct()
                .toList());
        type.flatMap(ResourceKind.LLM::config)
                .filter(each -> !configs.isEmpty() && !configs.contains(each))
                .ifPresent(configs::add);
        if (configs.size() > 1) {
            throw UserError.usage(
                    "%s and %s belong to different types"
                            .formatted(ConfigField.flag(configs.get(0)), ConfigField.flag(configs.get(1))),
                    "use flags of one type only");
        }
        given.putAll(flags.older(config.or(() -> configs.stream().findFirst())
                .map(ResourceKind.LLM.configs()::get)
                .map(ProviderType::of)));
        var draft = before;
        for (var field : given.entrySet()) draft = draft.with(field.getKey(), field.getValue());
        for (var path : given.keySet()) {
            for (var rival : rivals(path, given.get(path))) {
                // One credential replaces the other; a gateway that allows only one would refuse both together.
                if (given.keySet().stream().noneMatch(other -> other.equals(rival) || other.startsWith(rival + ".")))
                    draft = draft.clearing(List.of(rival));
            }
        }
        return draft;
    }

    /// The other credentials in the same part of the configuration.
    private static List<String> rivals(String path, JsonNode value) {
        if (value.isTextual() && value.asText().isEmpty() || value.isBoolean() && !value.asBoolean()) return List.of();
        for (var type : ProviderType.KNOWN) {
            var config = type.spec().map(ProviderSpec::config).orElseThrow();
            var credentials = config.credentials().stream()
                    .map(each -> config.field() + "." + each)
                    .toList();
            for (var credential : credentials)
                if (path.equals(credential) || path.startsWith(credential + "."))
                    return credentials.stream()
                            .filter(each -> !each.equals(credential))
                            .toList();
        }
        return List.of();
    }

    private static Draft models(Draft draft, ProviderFlags flags, Resource before, boolean exists) {
        if (flags.models().isEmpty() && flags.pricing().isEmpty()) return draft;
        var list = ModelFlags.list(
                flags.models(),
                flags.pricing(),
                draft.mask().contains("providerModels") ? draft.resource().models() : before.models(),
                exists);
        var with = draft.with("providerModels", list);
        // Otherwise the list with which they are merged would restore the removed models.
        return before.json().path("models").isEmpty() ? with : with.clearing(List.of("models"));
    }
}
