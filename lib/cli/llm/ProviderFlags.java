package lib.cli.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import lib.api.Manifest;
import lib.api.ProviderType;
import lib.api.Resource;
import lib.api.ResourceKind;
import lib.api.type.ConfigField;
import lib.api.type.FieldKind;
import lib.api.type.ProviderSpec;
import lib.base.UserError;
import lib.cli.manage.Draft;
import lib.cli.manage.DraftFlags;
import lib.cli.manage.FieldFlags;
import lib.cli.manage.TypeFlag;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The flags that describe a provider, one for each field, for `llm create` and `llm update`. An older
/// spelling, which gives the type in a flag of its own, works too.
///
///     var flags = ProviderFlags.toCreate(spec);
///     flags.given()   // {displayName="Claude", anthropicConfig.apiKeyRef="ANTHROPIC_API_KEY"}
public final class ProviderFlags implements DraftFlags {
    private final FieldFlags fields = new FieldFlags(ResourceKind.LLM);
    private final OptionSpec models = FieldFlags.list(
            "MODEL",
            "A model that the provider allows, or the model as JSON; repeatable or "
                    + "separated by commas. Default: all models.",
            "--provider-models",
            "--models");
    private final OptionSpec pricing = FieldFlags.list(
            "RATES",
            "Prices of a model in US dollars per million tokens: model=M,input=3,output=15, "
                    + "and optionally cached, cache_write_5m, cache_write_1h; repeatable.",
            "--pricing");
    private final OptionSpec tags =
            FieldFlags.list("KEY=VALUE", "A tag; repeatable. The given tags replace the existing ones.", "--tags");
    private final OptionSpec name = FieldFlags.text("NAME", "The provider's name.", "--name");
    private final TypeFlag type = new TypeFlag("--type", "The provider's type.");
    private final OptionSpec baseUrl = FieldFlags.text("URL", "The base URL of the provider's config.", "--base-url");
    private final OptionSpec keyRef = FieldFlags.text(
            "REF",
            "The key reference of the provider's config; for Bedrock, that of the secret " + "access key.",
            "--api-key-ref");
    private final OptionSpec passthrough =
            FieldFlags.flag("The authorization passthrough of the provider's config.", "--authorization-passthrough");

    private ProviderFlags() {}

    /// Adds the flags of `llm create`.
    public static ProviderFlags toCreate(CommandSpec spec) {
        spec.usageMessage()
                .footer(
                        "",
                        "The flags of a type's config determine the provider's type. Flags never "
                                + "contain keys: a reference names a secret that the gateway keeps.",
                        "",
                        "Examples:",
                        "  rpkai llm create claude --anthropic-config.api-key-ref ANTHROPIC_API_KEY",
                        "  rpkai llm create mine --anthropic-config.authorization-passthrough",
                        "  rpkai llm create aws --region eu-west-1",
                        "  rpkai llm create gpt -f gpt.yaml --dry-run");
        return addTo(spec);
    }

    /// Adds the flags of `llm update`.
    public static ProviderFlags toUpdate(CommandSpec spec) {
        spec.usageMessage()
                .footer(
                        "",
                        "A given list replaces the existing one, also for tags; a model that stays in "
                                + "the list keeps its price.",
                        "",
                        "Examples:",
                        "  rpkai llm update anthropic --enabled=false",
                        "  rpkai llm update anthropic --provider-models claude-sonnet-5-5,claude-opus-5",
                        "  rpkai llm update gpt --pricing model=gpt-6,input=1.25,output=10 --dry-run",
                        "  rpkai llm update gpt --clear openaiConfig.baseUrl");
        return addTo(spec);
    }

    private static ProviderFlags addTo(CommandSpec spec) {
        var flags = new ProviderFlags();
        var fields = flags.fields;
        spec.usageMessage().abbreviateSynopsis(true);
        FieldFlags.section(
                spec,
                "For every type",
                List.of(
                        fields.add("displayName", "TEXT", "The display name."),
                        fields.add("description", "TEXT", "A description."),
                        fields.add("enabled", "", "Whether the gateway accepts calls of the provider."),
                        flags.models,
                        fields.add(
                                "allowUnknownPaths",
                                "",
                                "If models are listed: also accept calls whose model the gateway cannot read."),
                        fields.add(
                                "requestStreamUsage",
                                "",
                                "For openai and openai_compatible: ask the upstream to report the usage of "
                                        + "streamed chats."),
                        fields.add(
                                "clientCertRef",
                                "REF",
                                "The name of the secret that holds the client certificate in PEM, for an upstream that "
                                        + "demands one."),
                        fields.add(
                                "clientKeyRef",
                                "REF",
                                "The name of the secret that holds the key of the client certificate."),
                        flags.pricing,
                        flags.tags,
                        fields.add("guardrail", "NAME", "The guardrail that checks the provider's traffic."),
                        fields.add("transcripts.recordInputMessages", "", "Record what callers send."),
                        fields.add("transcripts.recordOutputMessages", "", "Record what the upstream answers.")));
        for (var type : ProviderType.KNOWN)
            FieldFlags.section(
                    spec,
                    "For the type " + type.label(),
                    flags.config(type.spec().orElseThrow().config()));
        FieldFlags.section(
                spec,
                "Older flags",
                List.of(flags.name, flags.type.option(), flags.baseUrl, flags.keyRef, flags.passthrough));
        return flags;
    }

    private List<OptionSpec> config(ProviderSpec.ConfigSpec config) {
        return config.fields().stream()
                .filter(field -> field.kind() != FieldKind.MESSAGE)
                .map(field -> fields.add(
                        config.field() + "." + field.path(),
                        field.label(),
                        field.description(),
                        field.flags().toArray(String[]::new)))
                .toList();
    }

    @Override
    public Draft create(String name, Optional<Resource> manifest) {
        return ProviderDraft.create(name, this, manifest);
    }

    @Override
    public Draft update(String name, Optional<Resource> manifest, Supplier<Resource> live) {
        return ProviderDraft.update(name, this, manifest, live);
    }

    /// The fields given by flags of their own, including empty texts, which clear a field.
    Map<String, JsonNode> given() {
        var given = fields.given();
        tags().ifPresent(map -> given.put("tags", map));
        return given;
    }

    /// The fields given in the older spelling, for a provider of that type.
    Map<String, JsonNode> older(Optional<ProviderType> type) {
        var given = new LinkedHashMap<String, JsonNode>();
        var nodes = JsonNodeFactory.instance;
        baseUrl().ifPresent(url -> given.put(configured(type).field() + ".baseUrl", nodes.textNode(url)));
        Optional.<String>ofNullable(keyRef.getValue())
                .ifPresent(ref -> given.put(
                        configured(type).field() + "." + configured(type).keyField(),
                        nodes.textNode(Manifest.reference(ref, "--api-key-ref"))));
        Optional.<Boolean>ofNullable(passthrough.getValue()).ifPresent(yes -> {
            if (!configured(type).canPassThrough())
                throw UserError.usage(
                        "%s does not support authorization passthrough"
                                .formatted(type.orElseThrow().label()),
                        "omit --authorization-passthrough");
            given.put(configured(type).field() + "." + ConfigField.PASSTHROUGH.path(), nodes.booleanNode(yes));
        });
        return given;
    }

    /// Returns whether flags in the older spelling were given that require the type to be known.
    boolean needsConfig() {
        return baseUrl().isPresent() || keyRef.getValue() != null || passthrough.getValue() != null;
    }

    private Optional<String> baseUrl() {
        return Optional.ofNullable(baseUrl.getValue());
    }

    private static ProviderSpec.ConfigSpec configured(Optional<ProviderType> type) {
        return type.flatMap(ProviderType::spec)
                .map(ProviderSpec::config)
                .orElseThrow(() -> UserError.usage(
                        "the provider's type is missing",
                        "add --type, or use the flags of one type such as --anthropic-config.api-key-ref"));
    }

    @Override
    public Optional<String> name() {
        return Optional.ofNullable(name.getValue());
    }

    Optional<ProviderType> type() {
        return type.value();
    }

    /// The models as they were typed; empty if the flag was not given.
    Optional<List<String>> models() {
        return Optional.ofNullable(models.getValue());
    }

    List<PricingFlag> pricing() {
        return Optional.<List<String>>ofNullable(pricing.getValue()).orElse(List.of()).stream()
                .map(PricingFlag::parse)
                .toList();
    }

    private Optional<JsonNode> tags() {
        return Optional.<List<String>>ofNullable(tags.getValue()).map(given -> {
            var map = JsonNodeFactory.instance.objectNode();
            given.stream()
                    .flatMap(each -> List.of(each.split(",")).stream())
                    .filter(each -> !each.isBlank())
                    .forEach(tag -> {
                        int equals = tag.indexOf('=');
                        if (equals < 1)
                            throw UserError.usage(
                                    "--tags must be KEY=VALUE, not \"%s\"".formatted(tag),
                                    "use, for example, --tags team=search");
                        map.put(
                                tag.substring(0, equals).strip(),
                                tag.substring(equals + 1).strip());
                    });
            return map;
        });
    }
}
