package lib.gateway.management.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lib.api.ProviderType;
import lib.api.ResourceKind;
import lib.api.type.ProviderApi;
import lib.api.type.ProviderSpec;
import lib.gateway.secret.SecretName;

/// The rules for a provider whose fields are well-formed.
final class Rules {
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern REGION = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)+");
    private static final Pattern ROLE = Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/-]+");
    private static final Pattern SESSION = Pattern.compile("[\\w+=,.@-]{2,64}");

    private final ObjectNode provider;
    private final Problems problems;

    private Rules(ObjectNode provider, Problems problems) {
        this.provider = provider;
        this.problems = problems;
    }

    /// Checks all rules and reports violations.
    static void check(ObjectNode provider, Problems problems) {
        checkName(provider, problems);
        var rules = new Rules(provider, problems);
        rules.checkModels();
        rules.checkConfig();
        rules.checkStreamUsage();
        rules.checkClientCertificate();
    }

    static void checkName(ObjectNode definition, Problems problems) {
        var name = definition.path("name").asText();
        if (name.isEmpty()) problems.add("name", "is required");
        else if (!NAME.matcher(name).matches())
            problems.add(
                    "name",
                    "must have at most 63 lower-case letters, digits and dashes, start with a "
                            + "letter and not end with a dash");
    }

    private void checkModels() {
        var names = new HashSet<String>();
        int i = 0;
        for (var model : provider.path("providerModels")) {
            var at = "providerModels[%d].name".formatted(i++);
            var name = model.path("name").asText();
            if (name.isBlank()) problems.add(at, "is required");
            else if (!names.add(name)) problems.add(at, "occurs twice");
        }
    }

    private void checkStreamUsage() {
        if (provider.path("requestStreamUsage").asBoolean() && !asksForStreamUsage(type()))
            problems.add(
                    "requestStreamUsage",
                    "is only for %s: other upstreams always report the usage of a stream"
                            .formatted(ProviderType.KNOWN.stream()
                                    .filter(Rules::asksForStreamUsage)
                                    .map(ProviderType::label)
                                    .collect(Collectors.joining(" and "))));
    }

    private void checkClientCertificate() {
        checkReference("", provider, "clientCertRef", problems);
        checkReference("", provider, "clientKeyRef", problems);
        if (provider.has("clientCertRef") != provider.has("clientKeyRef"))
            problems.add(
                    provider.has("clientCertRef") ? "clientKeyRef" : "clientCertRef",
                    "is required: a client certificate and its key belong together");
        else if (provider.has("clientCertRef") && !isSecure())
            problems.add("clientCertRef", "is only for an upstream with an https URL");
    }

    private boolean isSecure() {
        for (var config : ResourceKind.LLM.configs().keySet())
            if (provider.path(config)
                    .path("baseUrl")
                    .asText()
                    .toLowerCase(Locale.ROOT)
                    .startsWith("http:")) return false;
        return true;
    }

    /// Returns whether the upstream reports the usage of a stream only on request. Other APIs always report it.
    private static boolean asksForStreamUsage(ProviderType type) {
        return type.spec().map(ProviderSpec::api).equals(Optional.of(ProviderApi.OPENAI));
    }

    private ProviderType type() {
        return ProviderType.of(provider.path("type").asText());
    }

    private void checkConfig() {
        var type = type();
        var given = ResourceKind.LLM.configs().keySet().stream()
                .filter(provider::has)
                .sorted()
                .toList();
        if (type.equals(ProviderType.UNSPECIFIED)) {
            problems.add("type", "is required");
        } else if (given.size() > 1) {
            problems.add(given.get(1), "cannot be combined with " + given.getFirst());
        } else if (given.isEmpty()) {
            problems.add(configOf(type), "is required for " + type.wire());
        } else if (!given.getFirst().equals(configOf(type))) {
            problems.add(
                    given.getFirst(),
                    "does not belong to the type %s, which uses %s".formatted(type.wire(), configOf(type)));
        } else {
            checkConfig(
                    given.getFirst(),
                    provider.path(given.getFirst()),
                    type.spec().orElseThrow());
        }
    }

    static String configOf(ProviderType type) {
        return type.spec().orElseThrow().config().field();
    }

    private void checkConfig(String at, JsonNode config, ProviderSpec spec) {
        var url = config.path("baseUrl").asText();
        if (!url.isEmpty()) BaseUrl.problem(url).ifPresent(why -> problems.add(at + ".baseUrl", why));
        else if (spec.upstream().url().isEmpty()) problems.add(at + ".baseUrl", "is required");
        if (spec.upstream().isSigned()) {
            checkAws(at, config);
            return;
        }
        var key = config.has("apiKeyRef");
        var passes = config.path("authorizationPassthrough").asBoolean();
        if (key && passes) problems.add(at, "has both apiKeyRef and authorizationPassthrough: use one of them");
        else if (!key && !passes && spec.config().needsCredential()) {
            problems.add(
                    at + ".apiKeyRef",
                    "is required" + (spec.config().canPassThrough() ? ", or authorizationPassthrough" : ""));
        }
        checkReference(at, config, "apiKeyRef", problems);
    }

    private void checkAws(String at, JsonNode config) {
        var region = config.path("region").asText();
        if (region.isEmpty()) problems.add(at + ".region", "is required");
        else if (!REGION.matcher(region).matches())
            problems.add(at + ".region", "is not an AWS region such as eu-central-1");
        if (config.has("staticCredentials") && config.has("assumeRole"))
            problems.add(at + ".assumeRole", "excludes staticCredentials: use one of them");
        if (config.has("staticCredentials")) {
            for (var reference : List.of("accessKeyIdRef", "secretAccessKeyRef")) {
                var keys = config.path("staticCredentials");
                if (!keys.has(reference)) problems.add(at + ".staticCredentials." + reference, "is required");
                checkReference(at + ".staticCredentials", keys, reference, problems);
            }
        }
        if (config.has("assumeRole")) checkRole(at + ".assumeRole", config.path("assumeRole"));
    }

    private void checkRole(String at, JsonNode role) {
        if (!ROLE.matcher(role.path("roleArn").asText()).matches())
            problems.add(at + ".roleArn", "is not a role's ARN such as arn:aws:iam::123456789012:role/bedrock");
        if (role.has("sessionName")
                && !SESSION.matcher(role.path("sessionName").asText()).matches())
            problems.add(at + ".sessionName", "is not 2 to 64 letters, digits and _+=,.@-");
        if (role.has("externalId") && !role.path("externalId").asText().matches("[\\w+=,.@:/-]{2,1224}"))
            problems.add(at + ".externalId", "is not 2 to 1224 letters, digits and _+=,.@:/-");
    }

    /// Checks the name of a secret. An invalid name is not repeated: it may be the key itself.
    static void checkReference(String at, JsonNode config, String field, Problems problems) {
        if (!config.has(field)) return;
        var name = config.path(field).asText();
        if (!SecretName.isOne(name))
            problems.add(
                    Violation.below(at, field),
                    "is not the name of a secret such as ANTHROPIC_API_KEY: upper-case letters, digits "
                            + "and underscores");
        else if (SecretName.isReserved(name))
            problems.add(
                    Violation.below(at, field),
                    ("is %s, a name that is reserved for rpkai's own settings: store the value with rpkai secret set "
                                    + "under another name")
                            .formatted(name));
    }
}
