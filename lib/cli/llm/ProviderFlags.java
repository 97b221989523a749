package lib.cli.llm;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.UserError;
import lib.providers.LlmFields;
import lib.providers.LlmFields.Kind;
import lib.providers.LlmManifest;
import lib.providers.Nearest;
import lib.providers.ProviderType;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The flags that describe a provider, one for each field, for `llm create` and `llm update`; and the older spelling, which says
/// the type in a flag of its own.
///
///     var flags = ProviderFlags.addTo(spec);
///     flags.given()   // {displayName="Claude", anthropicConfig.apiKeyRef="ANTHROPIC_API_KEY"}
final class ProviderFlags {
    private static final Map<String, Words> WORDS = Map.ofEntries(
            entry("baseUrl", new Words("URL", "URL of the upstream.")), entry("apiKeyRef", new Words("REF", "Name of the secret that holds the upstream's key.")),
            entry("authorizationPassthrough", new Words("true|false", "Send the caller's own Authorization upstream, instead of a key.")),
            entry("region", new Words("REGION", "The AWS region; required.", "--region", "--bedrock-region")),
            entry("accessKeyIdRef", new Words("REF", "Name of the secret that holds the access key's id.", "--access-key-id-ref", "--bedrock-access-key-id-ref")),
            entry("secretAccessKeyRef", new Words("REF", "Name of the secret that holds the secret access key.", "--secret-access-key-ref")),
            entry("roleArn", new Words("ARN", "The role to assume.", "--role-arn")), entry("externalId", new Words("ID", "The external id for it.")),
            entry("sessionName", new Words("NAME", "The session's name in AWS's logs.")));

    private final Map<String, OptionSpec> byPath = new LinkedHashMap<>();
    private final OptionSpec models = list("MODEL", "A model that it allows, or its JSON; repeatable, a comma separates too. None: every model.", "--provider-models", "--models");
    private final OptionSpec pricing = list("RATES", "What a model costs, in US dollars per million tokens: model=M,input=3,output=15 and cached, cache_write_5m, cache_write_1h; repeatable.", "--pricing");
    private final OptionSpec tags = list("KEY=VALUE", "A tag; repeatable. They replace those that are there.", "--tags");
    private final OptionSpec name = text("NAME", "The provider's name.", "--name");
    private final OptionSpec type = text(ProviderType.labels().replace(", ", "|"), "Its type.", "--type");
    private final OptionSpec baseUrl = text("URL", "The config's base URL.", "--base-url");
    private final OptionSpec keyRef = text("REF", "The config's key reference; Bedrock's secret access key.", "--api-key-ref");
    private final OptionSpec passthrough = flag("The config's authorization passthrough.", "--authorization-passthrough");

    private ProviderFlags() {}

    static ProviderFlags addTo(CommandSpec spec) {
        var flags = new ProviderFlags();
        spec.usageMessage().abbreviateSynopsis(true);
        var common = new ArrayList<OptionSpec>();
        common.add(flags.field("displayName", text("TEXT", "Its name for people.", "--display-name")));
        common.add(flags.field("description", text("TEXT", "What it is for.", "--description")));
        common.add(flags.field("enabled", flag("Whether the proxy serves it.", "--enabled")));
        common.add(flags.models);
        common.add(flags.pricing);
        common.add(flags.tags);
        common.add(flags.field("guardrail", text("NAME", "The guardrail that looks at its traffic.", "--guardrail")));
        common.add(flags.field("transcripts.recordInputMessages", flag("Keep what callers send.", "--transcripts.record-input-messages")));
        common.add(flags.field("transcripts.recordOutputMessages", flag("Keep what the upstream answers.", "--transcripts.record-output-messages")));
        section(spec, "%nFor every type:%n", common);
        LlmFields.CONFIGS.forEach((config, of) -> section(spec, "%nThis makes it " + of.label() + ":%n", flags.config(config)));
        section(spec, "%nThe older spelling:%n", List.of(flags.name, flags.type, flags.baseUrl, flags.keyRef, flags.passthrough));
        return flags;
    }

    /// A path as a flag: `--anthropic-config.api-key-ref`.
    static String spelled(String path) {
        return "--" + path.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private List<OptionSpec> config(String config) {
        var options = new ArrayList<OptionSpec>();
        for (var path : LlmFields.settable()) {
            var kind = LlmFields.kind(path).orElseThrow();
            if (!path.startsWith(config + ".") || kind == Kind.MESSAGE) continue;
            var words = WORDS.get(path.substring(path.lastIndexOf('.') + 1));
            options.add(field(path, kind == Kind.FLAG ? flag(words.description, spelled(path)) : text(kind == Kind.REFERENCE ? "REF" : words.label, words.description, words.namesOf(path))));
        }
        return options;
    }

    /// How a field of a config is described, and what else its flag is called.
    private record Words(String label, String description, String... others) {
        String[] namesOf(String path) {
            return Stream.concat(Stream.of(others), Stream.of(spelled(path))).toArray(String[]::new);
        }
    }

    /// The fields that were given by flags of their own; empty texts too, which clear a field.
    Map<String, JsonNode> given() {
        var given = new LinkedHashMap<String, JsonNode>();
        byPath.forEach((path, option) -> {
            switch (option.<Object>getValue()) {
                case String text -> given.put(path, JsonNodeFactory.instance.textNode(LlmFields.kind(path).orElseThrow() == Kind.REFERENCE ? LlmManifest.reference(text, option.longestName()) : text));
                case Boolean yes -> given.put(path, JsonNodeFactory.instance.booleanNode(yes));
                case null, default -> {}
            }
        });
        tags().ifPresent(map -> given.put("tags", map));
        return given;
    }

    /// The fields that the older spelling gives, for a provider that is configured there.
    Map<String, JsonNode> older(Optional<String> config) {
        var given = new LinkedHashMap<String, JsonNode>();
        var nodes = JsonNodeFactory.instance;
        baseUrl().ifPresent(url -> given.put(configured(config) + ".baseUrl", nodes.textNode(url)));
        Optional.<String>ofNullable(keyRef.getValue()).ifPresent(ref -> {
            var path = configured(config).equals("bedrockConfig") ? "bedrockConfig.staticCredentials.secretAccessKeyRef" : configured(config) + ".apiKeyRef";
            given.put(path, nodes.textNode(LlmManifest.reference(ref, "--api-key-ref")));
        });
        Optional.<Boolean>ofNullable(passthrough.getValue()).ifPresent(yes -> {
            var path = configured(config) + ".authorizationPassthrough";
            if (LlmFields.kind(path).isEmpty()) throw UserError.usage("%s has no authorization passthrough".formatted(LlmFields.CONFIGS.get(configured(config))), "leave --authorization-passthrough out");
            given.put(path, nodes.booleanNode(yes));
        });
        return given;
    }

    /// Whether the older spelling is used where the type has to be known.
    boolean needsConfig() {
        return baseUrl().isPresent() || keyRef.getValue() != null || passthrough.getValue() != null;
    }

    private Optional<String> baseUrl() {
        return Optional.ofNullable(baseUrl.getValue());
    }

    private static String configured(Optional<String> config) {
        return config.orElseThrow(() -> UserError.usage("the type is missing", "add --type, or use the flags of one type such as --anthropic-config.api-key-ref"));
    }

    Optional<String> name() {
        return Optional.ofNullable(name.getValue());
    }

    Optional<ProviderType> type() {
        return Optional.<String>ofNullable(type.getValue()).map(text -> ProviderType.named(text).orElseThrow(() -> UserError.usage("unknown --type \"%s\"".formatted(text), Nearest.hint(text, List.of(ProviderType.labels().split(", ")), "use one of " + ProviderType.labels()))));
    }

    /// The models as they were named; empty where none were.
    Optional<List<String>> models() {
        return Optional.ofNullable(models.getValue());
    }

    List<Pricing> pricing() {
        return Optional.<List<String>>ofNullable(pricing.getValue()).orElse(List.of()).stream().map(Pricing::parse).toList();
    }

    private Optional<JsonNode> tags() {
        return Optional.<List<String>>ofNullable(tags.getValue()).map(given -> {
            var map = JsonNodeFactory.instance.objectNode();
            given.stream().flatMap(each -> List.of(each.split(",")).stream()).filter(each -> !each.isBlank()).forEach(tag -> {
                int equals = tag.indexOf('=');
                if (equals < 1) throw UserError.usage("--tags takes KEY=VALUE, not \"%s\"".formatted(tag), "write --tags team=search");
                map.put(tag.substring(0, equals).strip(), tag.substring(equals + 1).strip());
            });
            return map;
        });
    }

    private OptionSpec field(String path, OptionSpec option) {
        byPath.put(path, option);
        return option;
    }

    private static void section(CommandSpec spec, String heading, List<OptionSpec> options) {
        var group = ArgGroupSpec.builder().heading(heading).validate(false);
        options.forEach(group::addArg);
        spec.addArgGroup(group.build());
    }

    private static OptionSpec text(String label, String description, String... names) {
        return OptionSpec.builder(names).type(String.class).paramLabel(label).description(description).build();
    }

    private static OptionSpec list(String label, String description, String... names) {
        return OptionSpec.builder(names).type(List.class).auxiliaryTypes(String.class).arity("1").paramLabel(label).description(description).build();
    }

    private static OptionSpec flag(String description, String name) {
        return OptionSpec.builder(name).type(Boolean.class).arity("0..1").fallbackValue("true").paramLabel("true|false").description(description).build();
    }
}
