package tests.gateway.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.ADMIN_TOKEN;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.api.ResourceKind;
import lib.api.type.FieldKind;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.Variable;
import lib.gateway.management.definition.Definitions;
import lib.gateway.management.definition.InvalidDefinition;
import lib.gateway.management.definition.WithheldVariables;
import lib.gateway.secret.SecretName;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;
import tests.support.Machine;

/// Names that no reference may use: those of rpkai's and PostgreSQL's own variables, and of sealing keys.
class ReservedNamesTest {
    private static final int NAMES = 500;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    /// The variable's value; it must never leave the gateway.
    private static final String MINE = "the-value-of-the-gateways-own-variable";

    /// A definition for every field that refers to a secret.
    private static final Map<String, String> LLM = Map.of(
            "anthropicConfig.apiKeyRef",
            "{name: p, enabled: true, anthropicConfig: {apiKeyRef: '%s'}}",
            "openaiConfig.apiKeyRef",
            "{name: p, enabled: true, openaiConfig: {apiKeyRef: '%s'}}",
            "googleConfig.apiKeyRef",
            "{name: p, enabled: true, googleConfig: {apiKeyRef: '%s'}}",
            "openaiCompatibleConfig.apiKeyRef",
            "{name: p, enabled: true, openaiCompatibleConfig: {apiKeyRef: '%s', baseUrl: " + "'http://127.0.0.1:1'}}",
            "bedrockConfig.staticCredentials.accessKeyIdRef",
            "{name: p, enabled: true, bedrockConfig: {region: eu-west-1, staticCredentials: {accessKeyIdRef: "
                    + "'%s', secretAccessKeyRef: OTHER}}}",
            "bedrockConfig.staticCredentials.secretAccessKeyRef",
            "{name: p, enabled: true, bedrockConfig: {region: eu-west-1, staticCredentials: {accessKeyIdRef: "
                    + "OTHER, secretAccessKeyRef: '%s'}}}",
            "clientCertRef",
            "{name: p, enabled: true, openaiCompatibleConfig: {baseUrl: 'https://127.0.0.1:1'}, clientCertRef: '%s', "
                    + "clientKeyRef: OTHER}",
            "clientKeyRef",
            "{name: p, enabled: true, openaiCompatibleConfig: {baseUrl: 'https://127.0.0.1:1'}, clientCertRef: OTHER, "
                    + "clientKeyRef: '%s'}");

    private static final Map<String, String> MCP = Map.of(
            "remote.authConfig.staticKey.keyRef",
                    "{name: s, enabled: true, type: MCP_SERVER_TYPE_REMOTE, remote: {url: 'http://127.0.0.1:1', "
                            + "transport: MCP_TRANSPORT_STREAMABLE_HTTP, authConfig: {staticKey: {keyRef: '%s'}}}}",
            "remote.authConfig.oauth.clientSecretRef",
                    "{name: s, enabled: true, type: MCP_SERVER_TYPE_REMOTE, remote: {url: 'http://127.0.0.1:1', "
                            + "transport: MCP_TRANSPORT_STREAMABLE_HTTP, authConfig: {oauth: {clientId: me, tokenUrl: "
                            + "'http://127.0.0.1:1', clientSecretRef: '%s'}}}}");

    @TempDir
    Path temp;

    private Machine machine;
    private GatewayState state;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        machine = new Machine(temp).with("NO_COLOR", "1").with("PGPASSWORD", MINE);
        state = GatewayState.open(temp.resolve("state"), machine.host());
        gateway = TestGateway.with(config -> config.withState(state), demo());
    }

    @AfterEach
    void stop() {
        gateway.close();
        state.close();
    }

    private static Map<String, String> definitions(ResourceKind kind) {
        return kind.equals(ResourceKind.LLM) ? LLM : MCP;
    }

    private static ObjectNode definition(String yaml, String reference) throws Exception {
        return (ObjectNode) new YAMLMapper().readTree(yaml.formatted(reference));
    }

    @Test
    void everyReferenceIsCovered() {
        for (var kind : ResourceKind.ALL)
            assertEquals(
                    kind.fields().entrySet().stream()
                            .filter(field -> field.getValue() == FieldKind.REFERENCE)
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toCollection(TreeSet::new)),
                    new TreeSet<>(definitions(kind).keySet()));
    }

    @Test
    void noSpellingOfAReservedNameCanBeUsedAnywhere() throws Exception {
        var random = new Random(7);
        for (int i = 0; i < NAMES; i++) {
            var name = spelt(reserved(random), random);
            var environment = new Machine(temp).with(name, MINE).with(name.toUpperCase(Locale.ROOT), MINE);
            assertThrows(UserError.class, () -> new SecretVariables(Set.of(name)), name);
            assertThrows(UserError.class, () -> state.storedSecrets().set(name, new Secret("x")), name);
            if (i % 50 == 0)
                try (var other = GatewayState.open(temp.resolve("other"), environment.host())) {
                    assertThrows(UserError.class, () -> other.secrets().find(name), name);
                }
            assertThrows(UserError.class, () -> state.secrets().find(name), name);
            for (var kind : ResourceKind.ALL) {
                for (var each : definitions(kind).entrySet()) {
                    var wanted = definition(each.getValue(), name);
                    var definitions = Definitions.of(kind);
                    assertThrows(InvalidDefinition.class, () -> definitions.create(wanted), name);
                    assertThrows(InvalidDefinition.class, () -> definitions.fromFile(wanted), name);
                    var before = definitions.create(definition(each.getValue(), "HARMLESS"));
                    assertThrows(
                            InvalidDefinition.class,
                            () -> definitions.update(before, wanted, java.util.Optional.empty()),
                            name);
                }
            }
        }
    }

    private static String reserved(Random random) {
        var prefixes = List.of("PG", "RPAI_", "RPKAI_", "RPK_", "SEALING_KEY", "SEALINGKEY");
        var prefix = prefixes.get(random.nextInt(prefixes.size()));
        return (prefix.startsWith("SEALING") ? letters(random) : "") + prefix + letters(random);
    }

    private static String letters(Random random) {
        return random.ints(random.nextInt(12), 0, LETTERS.length())
                .mapToObj(index -> LETTERS.substring(index, index + 1))
                .collect(Collectors.joining())
                .replaceFirst("^[0-9_]+", "");
    }

    /// As it is, or with some letters in lower case: Windows does not tell them apart.
    private static String spelt(String name, Random random) {
        if (random.nextBoolean()) return name;
        return name.chars()
                .mapToObj(letter -> random.nextBoolean()
                        ? Character.toString(letter)
                        : Character.toString(letter).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    @Test
    void otherNamesCanBeUsedAsBefore() throws Exception {
        var random = new Random(8);
        var names = Stream.concat(
                Stream.of("XPGPASSWORD", "A_RPAI_KEY", "P", "RPK", "RPAI", "GPG_KEY", "SEALING"),
                Stream.generate(() -> "KEY_" + letters(random)).limit(NAMES));
        for (var name : names.filter(name -> !name.matches(".*SEALING_?KEY.*")).toList()) {
            assertFalse(SecretName.isReserved(name), name);
            for (var kind : ResourceKind.ALL)
                for (var each : definitions(kind).values()) Definitions.of(kind).create(definition(each, name));
            assertTrue(new SecretVariables(Set.of(name)).allow(name));
        }
    }

    /// What rpkai signs in with, and what opens its databases.
    @ParameterizedTest
    @EnumSource(
            value = Variable.Role.class,
            names = {"OWN_SECRET", "OTHER_SECRET", "SIGN_IN"})
    void everyVariableThatRpkaiSignsInWithIsReserved(Variable.Role role) {
        assertTrue(Arrays.stream(Variable.values()).anyMatch(variable -> variable.role() == role));
        for (var name : Variable.names(role)) assertTrue(SecretName.isReserved(name), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PGPASSWORD", "RPAI_TOKEN", "RPKAI_X", "TEAM_SEALING_KEY"})
    void theManagementApiRefusesThemAndSaysWhatToDo(String name) throws Exception {
        for (var kind : ResourceKind.ALL) {
            for (var each : definitions(kind).entrySet()) {
                var refused = manage(kind, "Create", definition(each.getValue(), name));
                assertRefused(refused, each.getKey(), name);

                ok(manage(kind, "Create", definition(each.getValue(), "HARMLESS")));
                assertRefused(manage(kind, "Update", definition(each.getValue(), name)), each.getKey(), name);
                var named =
                        JsonNodeFactory.instance.objectNode().put("name", kind.equals(ResourceKind.LLM) ? "p" : "s");
                ok(manage(kind, "Delete", named));
            }
        }
        var secret = JsonNodeFactory.instance.objectNode();
        secret.putObject("secret").put("name", name).put("value", "x");
        for (var method : List.of("CreateSecret", "UpdateSecret")) {
            var refused = post("SecretService/" + method, secret);
            assertEquals(400, refused.statusCode(), refused.body());
            assertTrue(refused.body().contains(name + " is reserved for rpkai's own settings"), refused.body());
        }
    }

    private static void assertRefused(HttpResponse<String> answer, String path, String name) {
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(
                answer.body()
                        .contains(path + " is " + name
                                + ", a name that is reserved for rpkai's own settings: store the value with rpkai "
                                + "secret set under another name"),
                answer.body());
    }

    private static void ok(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer.body());
    }

    private HttpResponse<String> manage(ResourceKind kind, String verb, ObjectNode message) throws Exception {
        var wrapped = verb.equals("Delete")
                ? message
                : JsonNodeFactory.instance.objectNode().<ObjectNode>set(kind.key(), message);
        return post("%sService/%s%1$s".formatted(kind.message(), verb), wrapped);
    }

    private HttpResponse<String> post(String method, JsonNode message) throws Exception {
        return gateway.send(gateway.anonymous("/redpanda.api.adp.v1alpha1." + method)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + ADMIN_TOKEN)
                .POST(BodyPublishers.ofString(message.toString())));
    }

    @Test
    void commandsRefuseThemBeforeTheyAskForAValue() throws Exception {
        for (var command : List.of("set", "create", "update")) {
            var refused = machine.run("secret", command, "PGPASSWORD");
            assertEquals(2, refused.exitCode());
            assertEquals(
                    "rpkai: the name PGPASSWORD is reserved for rpkai's own settings, and no provider may refer to it: "
                            + "store the value under another name\n",
                    refused.err());
        }
        Files.writeString(
                machine.cwd().resolve("p.yaml"),
                LLM.get("anthropicConfig.apiKeyRef").formatted("RPAI_TOKEN"));
        machine.with("RPAI_TOKEN", ADMIN_TOKEN);
        for (var line : List.of("llm apply -f p.yaml", "llm create p --anthropic-config.api-key-ref PGPASSWORD")) {
            var refused = machine.run((line + " --endpoint " + gateway.url()).split(" "));
            assertEquals(1, refused.exitCode(), refused.err());
            assertTrue(refused.err().contains("a name that is reserved for rpkai's own settings"), refused.err());
        }
    }

    /// rpkai 0.1 accepted such a reference; its database is used again.
    @Test
    void aStoredReferenceCausesAWarningAndIsOfNoUse() throws Exception {
        try (var upstream = FakeUpstream.saying("{}")) {
            store(ResourceKind.LLM, LLM.get("anthropicConfig.apiKeyRef"), "PGPASSWORD", upstream);
            store(ResourceKind.MCP, MCP.get("remote.authConfig.staticKey.keyRef"), "PGPASSWORD", upstream);
            assertEquals(
                    List.of("provider \"p\" and MCP server \"s\" refers to PGPASSWORD, a name that is reserved for "
                            + "rpkai's own settings, and cannot be used: store the value with rpkai secret set under "
                            + "another name, and refer to that"),
                    WithheldVariables.in(state));
            var call = gateway.post("p/v1/messages", "{\"model\": \"m\"}");
            var server = gateway.send(gateway.anonymous("/mcp/v1/s")
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json, text/event-stream")
                    .header("Authorization", "Bearer " + TOKEN)
                    .POST(BodyPublishers.ofString(
                            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"params\": {}}")));
            for (var answer : List.of(call, server)) {
                assertEquals(502, answer.statusCode(), answer.body());
                assertTrue(answer.body().contains("no provider may read PGPASSWORD"), answer.body());
                assertFalse(answer.body().contains(MINE), answer.body());
            }
        }
    }

    private void store(ResourceKind kind, String yaml, String reference, FakeUpstream upstream) throws Exception {
        var definition = definition(yaml, reference);
        if (kind.equals(ResourceKind.LLM))
            definition
                    .put("type", "LLM_PROVIDER_TYPE_ANTHROPIC")
                    .withObject("anthropicConfig")
                    .put("baseUrl", upstream.url().toString());
        else definition.withObject("remote").put("url", upstream.url().toString());
        state.of(kind).change(table -> {
            table.put(StoredResource.now(definition, state.clock().instant()));
            return null;
        });
    }

    @Test
    void aVariableThatHoldsTheKeyOfTheSecretsIsNeverRead() throws Exception {
        state.storedSecrets().set("OTHER", new Secret("x"));
        var key = Files.readString(temp.resolve("state/key")).strip();
        var host = new Machine(temp)
                .with("HARMLESS", " " + key + "\n")
                .with("TEAM", "team-key")
                .host();
        try (var other =
                GatewayState.open(temp.resolve("state"), host, new SecretVariables(Set.of("HARMLESS", "TEAM")))) {
            var error = assertThrows(UserError.class, () -> other.secrets().find("HARMLESS"));
            assertEquals(
                    "the variable HARMLESS holds the key of the gateway's secrets, which no provider may read: omit "
                            + "--secret-env HARMLESS",
                    error.line());
            assertEquals("team-key", other.secrets().find("TEAM").orElseThrow().reveal());
        }
    }

    @Test
    void aVariableFromWhichTheSealingKeyComesCannotBeNamed() {
        machine.with("VAULT_WORD", Base64.getEncoder().encodeToString(new byte[32]));
        for (var command :
                List.of("echo $VAULT_WORD", "echo ${VAULT_WORD}", "printenv VAULT_WORD", "echo %VAULT_WORD%")) {
            var refused = machine.run(
                    "gateway",
                    "--state",
                    "postgresql://rpkai@127.0.0.1:1/x",
                    "--sealing-key-command",
                    command,
                    "--secret-env",
                    "VAULT_WORD");
            assertEquals(2, refused.exitCode(), refused.err());
            assertEquals(
                    "rpkai: providers may not read the variable VAULT_WORD, from which the sealing key comes: omit "
                            + "--secret-env VAULT_WORD\n",
                    refused.err());
        }
    }
}
