package tests.gateway.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.ADMIN_TOKEN;
import static tests.gateway.TestGateway.INVOKER_TOKEN;
import static tests.gateway.TestGateway.JSON;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.gateway.TestGateway;
import tests.support.Machine;

/// Secrets of a running gateway, over the wire.
class SecretServiceTest {
    private static final String VALUE = "sk-the-value-itself";

    @TempDir
    Path temp;

    private GatewayState state;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        state = GatewayState.open(temp.resolve("state"), new Machine(temp).host());
        gateway = TestGateway.with(config -> config.withState(state));
    }

    @AfterEach
    void stop() {
        gateway.close();
        state.close();
    }

    @Test
    void aValueGoesInAndNeverComesOut() throws Exception {
        var made = ok("CreateSecret", "{secret: {name: KEY, value: %s}}".formatted(VALUE));
        var all = made.toString()
                + ok("GetSecret", "{name: KEY}")
                + ok("ListSecrets", "{}")
                + ok("UpdateSecret", "{secret: {name: KEY, value: %s2}}".formatted(VALUE));

        assertEquals("KEY", made.at("/secret/name").asText());
        assertEquals(VALUE + "2", state.secrets().find("KEY").orElseThrow().reveal());
        assertFalse(all.contains(VALUE), all);
        assertEquals("{}", ok("DeleteSecret", "{name: KEY}").toString());
        assertEquals("{}", ok("ListSecrets", "{}").toString());
    }

    @Test
    void deletingASecretNamesTheProvidersThatStillReferToIt() throws Exception {
        ok("CreateSecret", "{secret: {name: KEY, value: %s}}".formatted(VALUE));
        ok(
                "LLMProviderService/CreateLLMProvider",
                "{llmProvider: {name: aws, bedrockConfig: {region: eu-west-1, staticCredentials: "
                        + "{accessKeyIdRef: ID, secretAccessKeyRef: KEY}}}}");
        ok(
                "LLMProviderService/CreateLLMProvider",
                "{llmProvider: {name: other, description: KEY, openaiConfig: {apiKeyRef: OTHER}}}");
        ok(
                "MCPServerService/CreateMCPServer",
                "{mcpServer: {name: github, remote: {url: 'https://g.example', authConfig: {staticKey: "
                        + "{keyRef: KEY}}}}}");

        assertEquals(
                json("{\"usedBy\": [\"provider \\\"aws\\\"\", \"MCP server \\\"github\\\"\"]}"),
                ok("DeleteSecret", "{name: KEY}"));
    }

    @Test
    void secretsAreFilteredAndPagedLikeEverythingElse() throws Exception {
        for (var name : List.of("A_KEY", "B_KEY", "C"))
            ok("CreateSecret", "{secret: {name: %s, value: %s}}".formatted(name, VALUE));

        var page = ok("ListSecrets", "{filter: 'name = \"*_KEY\"', orderBy: name desc, pageSize: 1}");
        assertEquals("B_KEY 2", page.at("/secrets/0/name").asText() + " " + page.path("totalSize"));
        assertTrue(page.path("nextPageToken").isTextual());
    }

    @ParameterizedTest
    @CsvSource({"CreateSecret,create", "GetSecret,get", "ListSecrets,list", "UpdateSecret,update", "DeleteSecret,delete"
    })
    void onlyAdminsGetAtThem(String method, String permission) throws Exception {
        for (var token : List.of(TOKEN, INVOKER_TOKEN)) {
            var refused = call("SecretService/" + method, "{name: KEY, secret: {name: KEY, value: x}}", token);

            assertEquals(403, refused.statusCode());
            assertTrue(refused.body().contains("lacks dataplane_adp_secret_" + permission), refused.body());
        }
        assertEquals(List.of(), state.storedSecrets().list());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CreateSecret | {secret: {name: THERE, value: sk-the-value-itself}} | 409 | already_exists",
                        "UpdateSecret | {secret: {name: ABSENT, value: sk-the-value-itself}} | 404 | not_found",
                        "GetSecret | {name: ABSENT} | 404 | not_found",
                "DeleteSecret | {name: ABSENT} | 404 | not_found",
                        "CreateSecret | {secret: {name: sk-the-value-itself, value: x}} | 400 | invalid_argument",
                        "CreateSecret | {secret: {name: NEW}} | 400 | invalid_argument",
                "CreateSecret | {secret: {name: NEW, value: 'sk-the-value-itself and more'}} | 400 | invalid_argument",
                        "CreateSecret | {secret: 5} | 400 | invalid_argument", "RotateSecret | {} | 501 | unimplemented"
            })
    void anInvalidRequestIsRejectedWithoutRepeatingTheValue(String method, String request, int status, String code)
            throws Exception {
        ok("CreateSecret", "{secret: {name: THERE, value: x}}");

        var refused = call("SecretService/" + method, request, ADMIN_TOKEN);

        assertEquals(
                status + " " + code,
                refused.statusCode() + " " + json(refused.body()).path("code").asText(),
                refused.body());
        assertFalse(refused.body().contains(VALUE), refused.body());
    }

    @Test
    void theCommandsWorkAgainstTheGateway() {
        var machine = new Machine(temp)
                .with("RPAI_TOKEN", ADMIN_TOKEN)
                .profile("team", "ai_gateway_url: %s\n".formatted(gateway.url()))
                .typing(VALUE + "\n");

        assertEquals(new Machine.Result(0, "", "Secret KEY is created.\n"), machine.run("secret", "create", "KEY"));
        assertTrue(machine.run("secret", "list", "--filter", "name = KEY").out().contains("KEY "));
        assertTrue(machine.run("secret", "get", "KEY", "-o", "json").out().contains("\"name\" : \"KEY\""));
        assertEquals(
                "rpkai: secret KEY already exists: run rpkai secret update KEY\n",
                machine.run("secret", "create", "KEY").err());
        assertEquals(
                "Secret KEY is updated.\n",
                machine.run("secret", "update", "KEY", "--value-file", "-").err());
        assertEquals(
                "Secret KEY is deleted.\n",
                machine.run("secret", "delete", "KEY").err());
        assertTrue(machine.run("secret", "delete", "KEY").err().startsWith("rpkai: there is no secret KEY at "));
        machine.with("RPAI_TOKEN", TOKEN);
        assertTrue(
                machine.run("secret", "list")
                        .err()
                        .contains("does not allow this (permission_denied, user lacks dataplane_adp_secret_list)"),
                machine.run("secret", "list").err());
    }

    private JsonNode ok(String method, String yaml) throws Exception {
        var answer = call(method.contains("/") ? method : "SecretService/" + method, yaml, ADMIN_TOKEN);
        assertEquals(200, answer.statusCode(), answer.body());
        return json(answer.body());
    }

    private HttpResponse<String> call(String method, String yaml, String token) throws Exception {
        var body = JSON.writeValueAsString(new YAMLMapper().readTree(yaml));
        return gateway.send(gateway.anonymous("/redpanda.api.adp.v1alpha1." + method)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(body)));
    }
}
