package tests.gateway.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.ADMIN_TOKEN;
import static tests.gateway.TestGateway.INVOKER_TOKEN;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.demo;
import static tests.gateway.TestGateway.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import lib.base.Secret;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;
import tests.support.Machine;

/// Making, changing and deleting providers on a running gateway, and using them.
class ProviderServiceTest {
    private static final String KEY = "sk-upstream-key-of-the-provider";

    @TempDir
    Path temp;

    private GatewayState state;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        state = GatewayState.open(
                temp.resolve("state"),
                new Machine(temp).with("FROM_THE_SHELL", KEY).host(),
                new SecretVariables(Set.of("FROM_THE_SHELL")));
        gateway = TestGateway.with(config -> config.withState(state), demo());
    }

    @AfterEach
    void stop() {
        gateway.close();
        state.close();
    }

    @Test
    void aProviderIsServedFromItsCreationUntilItsDeletion() throws Exception {
        try (var upstream = answering("200 OK")) {
            assertEquals(404, gateway.post("claude/v1/messages", "{}").statusCode());
            var made = ok(
                            "CreateLLMProvider",
                            ("{llmProvider: {name: claude, enabled: true, anthropicConfig: {apiKeyRef: "
                                            + "FROM_THE_SHELL, baseUrl: '%s'}}}")
                                    .formatted(upstream.url()))
                    .path("llmProvider");

            assertEquals("LLM_PROVIDER_TYPE_ANTHROPIC", made.path("type").asText());
            assertEquals(
                    gateway.url() + "/llm/v1/providers/claude", made.path("url").asText());
            assertEquals(made, ok("GetLLMProvider", "{name: claude}").path("llmProvider"));
            assertEquals(
                    List.of("claude", "demo"),
                    ok("ListLLMProviders", "{}").path("llmProviders").findValuesAsText("name"));

            assertEquals(
                    200,
                    gateway.post("claude/v1/messages", "{\"model\": \"m\"}").statusCode());
            assertEquals(List.of(KEY), upstream.received().header("x-api-key"));

            ok("UpdateLLMProvider", "{llmProvider: {name: claude, models: [m]}}");
            assertEquals(403, gateway.post("claude/v9/x", "{\"model\": \"m\"}").statusCode());
            assertEquals(
                    true,
                    ok("UpdateLLMProvider", "{llmProvider: {name: claude, allowUnknownPaths: true}}")
                            .at("/llmProvider/allowUnknownPaths")
                            .asBoolean());
            assertEquals(200, gateway.post("claude/v9/x", "{\"model\": \"m\"}").statusCode());
            assertEquals(403, gateway.post("claude/v9/x", "{\"model\": \"n\"}").statusCode());

            ok("UpdateLLMProvider", "{llmProvider: {name: claude}, updateMask: enabled}");
            assertEquals(
                    403,
                    gateway.post("claude/v1/messages", "{\"model\": \"m\"}").statusCode());
            assertEquals("{}", ok("DeleteLLMProvider", "{name: claude}").toString());
            assertEquals(404, gateway.post("claude/v1/messages", "{}").statusCode());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "anthropicConfig: {apiKeyRef: FROM_THE_SHELL, baseUrl: '%s'}           | v1/messages     "
                        + "                    | x-api-key      | sk-upstream-key-of-the-provider",
                "openaiConfig: {apiKeyRef: FROM_THE_SHELL, baseUrl: '%s/v1'}           | v1/responses    "
                        + "                    | authorization  | Bearer sk-upstream-key-of-the-provider",
                "openaiCompatibleConfig: {apiKeyRef: FROM_THE_SHELL, baseUrl: '%s/v1'} | "
                        + "v1/chat/completions                 | authorization  | Bearer "
                        + "sk-upstream-key-of-the-provider",
                "openaiCompatibleConfig: {baseUrl: '%s/v1'}                            | "
                        + "v1/chat/completions                 | authorization  | ``",
                "googleConfig: {apiKeyRef: FROM_THE_SHELL, baseUrl: '%s'}              | "
                        + "v1beta/models/g:generateContent     | x-goog-api-key | sk-upstream-key-of-the-provider",
                "bedrockConfig: {region: eu-west-1, baseUrl: '%s', staticCredentials: {accessKeyIdRef: "
                        + "FROM_THE_SHELL, secretAccessKeyRef: FROM_THE_SHELL}} | model/m/converse | authorization "
                        + "| AWS4-HMAC-SHA256 Credential=sk-upstream-key-of-the-provider/"
            })
    void everyTypeGetsItsSecretInItsOwnWay(String config, String path, String header, String value) throws Exception {
        try (var upstream = answering("200 OK")) {
            ok(
                    "CreateLLMProvider",
                    "{llmProvider: {name: p, enabled: true, %s}}".formatted(config.formatted(upstream.url())));

            assertEquals(200, gateway.post("p/" + path, "{\"model\": \"m\"}").statusCode());
            var call = upstream.received();
            assertTrue(
                    call.header(header).stream().findFirst().orElse("").startsWith(value),
                    call.headers().toString());
            assertEquals(value.isEmpty(), call.header(header).isEmpty());
            assertTrue(call.line().contains(" /" + path + " "), call.line());
        }
    }

    @Test
    void aPassthroughProviderSendsTheCallersOwnAndNothingStored() throws Exception {
        try (var upstream = answering("200 OK")) {
            ok(
                    "CreateLLMProvider",
                    ("{llmProvider: {name: mine, enabled: true, anthropicConfig: "
                                    + "{authorizationPassthrough: true, baseUrl: '%s'}}}")
                            .formatted(upstream.url()));
            var answer = gateway.send(gateway.anonymous("/llm/v1/providers/mine/v1/messages")
                    .header("X-Redpanda-Cloud-Token", TOKEN)
                    .header("Authorization", "Bearer my-own")
                    .POST(BodyPublishers.ofString("{}")));
            var call = upstream.received();

            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(List.of("Bearer my-own"), call.header("authorization"));
            assertFalse(
                    call.headers().toString().contains(TOKEN), call.headers().toString());
        }
    }

    @Test
    void aSecretThatIsMissingIsNamedAtTheFirstCallAndFoundOnceItIsSet() throws Exception {
        try (var upstream = answering("200 OK")) {
            ok(
                    "CreateLLMProvider",
                    "{llmProvider: {name: claude, enabled: true, anthropicConfig: {apiKeyRef: LATER, baseUrl: '%s'}}}"
                            .formatted(upstream.url()));
            var refused = gateway.post("claude/v1/messages", "{\"model\": \"m\"}");

            assertTrue(refused.statusCode() >= 400);
            assertTrue(
                    TestGateway.errorMessage(refused)
                            .contains("its secret LATER is not set: run rpkai secret set LATER"),
                    refused.body());
            var check = ok("CheckConnection", "{name: claude}");
            assertEquals(9, check.path("status").path("code").asInt());
            assertFalse(check.has("latencyMs"), "nothing was sent");

            state.storedSecrets().set("LATER", new Secret(KEY));
            assertEquals(
                    200,
                    gateway.post("claude/v1/messages", "{\"model\": \"m\"}").statusCode());
            assertEquals(List.of(KEY), upstream.received().header("x-api-key"));
        }
    }

    @Test
    void theErrorsDetailsNameTheInvalidFields() throws Exception {
        var answer = call("CreateLLMProvider", "{llmProvider: {name: A, openaiConfig: {}}}", ADMIN_TOKEN);
        var error = json(answer.body());
        var detail = error.path("details").path(0);
        var bytes = new String(Base64.getDecoder().decode(detail.path("value").asText()), StandardCharsets.UTF_8);

        assertEquals(400, answer.statusCode());
        assertEquals("invalid_argument", error.path("code").asText());
        assertEquals("google.rpc.BadRequest", detail.path("type").asText());
        assertEquals(
                List.of("llmProvider.name", "llmProvider.openaiConfig.apiKeyRef"),
                detail.path("debug").path("fieldViolations").findValuesAsText("field"));
        assertTrue(bytes.contains("llmProvider.openaiConfig.apiKeyRef\u0012"), bytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CreateLLMProvider | {}                                                          | 400 | "
                        + "invalid_argument",
                "CreateLLMProvider | {llmProvider: []}                                           | 400 | "
                        + "invalid_argument",
                "CreateLLMProvider | {llmProvider: {name: taken, openaiConfig: {apiKeyRef: K}}}  | 409 | "
                        + "already_exists",
                "UpdateLLMProvider | {llmProvider: {enabled: true}}                              | 400 | "
                        + "invalid_argument",
                "UpdateLLMProvider | {llmProvider: {name: nobody, enabled: true}}                | 404 | not_found",
                "UpdateLLMProvider | {llmProvider: {name: taken}, updateMask: {paths: []}}       | 400 | "
                        + "invalid_argument",
                "UpdateLLMProvider | {llmProvider: {name: demo, enabled: true}}                  | 400 | "
                        + "failed_precondition",
                "DeleteLLMProvider | {name: demo}                                                | 400 | "
                        + "failed_precondition",
                "DeleteLLMProvider | {name: nobody}                                              | 404 | not_found",
                "DeleteLLMProvider | {}                                                          | 400 | "
                        + "invalid_argument",
                "CheckConnection   | {name: nobody}                                              | 404 | not_found",
                "CheckConnection   | {name: passing}                                             | 400 | "
                        + "failed_precondition",
                "CheckConnection   | {providerConfig: {openaiConfig: {}}}                        | 400 | "
                        + "invalid_argument"
            })
    void aFailureIsAConnectErrorWithItsStatus(String method, String message, int status, String code) throws Exception {
        ok("CreateLLMProvider", "{llmProvider: {name: taken, openaiConfig: {apiKeyRef: K}}}");
        ok("CreateLLMProvider", "{llmProvider: {name: passing, anthropicConfig: {authorizationPassthrough: true}}}");
        var answer = call(method, message, ADMIN_TOKEN);

        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(code, json(answer.body()).path("code").asText());
    }

    @ParameterizedTest
    @CsvSource({"CreateLLMProvider, create", "UpdateLLMProvider, update", "DeleteLLMProvider, delete"})
    void onlyAnAdminHasThePermission(String method, String permission) throws Exception {
        for (var token : List.of(TOKEN, INVOKER_TOKEN)) {
            var answer = call(method, "{name: x}", token);

            assertEquals(403, answer.statusCode());
            assertTrue(
                    json(answer.body())
                            .path("message")
                            .asText()
                            .endsWith("lacks dataplane_adp_llmprovider_" + permission),
                    answer.body());
        }
    }

    @Test
    void onlyAnAdminMaySayWhereASecretIsTried() throws Exception {
        try (var upstream = answering("200 OK")) {
            var draft = "{providerConfig: {anthropicConfig: {apiKeyRef: FROM_THE_SHELL, baseUrl: '%s'}}}"
                    .formatted(upstream.url());

            var refused = call("CheckConnection", draft, TOKEN);
            assertEquals(403, refused.statusCode());
            assertTrue(refused.body().contains("lacks dataplane_adp_llmprovider_check_connection"), refused.body());
            assertEquals(
                    400,
                    call("CheckConnection", draft.replaceFirst("\\{", "{name: x, "), ADMIN_TOKEN)
                            .statusCode());
            assertEquals(json("{}"), ok("CheckConnection", draft).path("status"));
            assertEquals(List.of(KEY), upstream.received().header("x-api-key"));
            assertFalse(ok("ListLLMProviders", "{}").toString().contains("draft"));
        }
    }

    @Test
    void everySignedInCallerMaySeeTheTypes() throws Exception {
        var answer = call("ListLLMProviderTypes", "{}", INVOKER_TOKEN);

        assertEquals(5, json(answer.body()).path("types").size(), answer.body());
        assertEquals(
                "LLM_PROVIDER_TYPE_ANTHROPIC",
                json(answer.body()).path("types").path(0).asText());
    }

    @ParameterizedTest
    @CsvSource({
        "200 OK, 0",
        "401 No, 16",
        "403 No, 7",
        "404 No, 5",
        "429 No, 8",
        "500 No, 14",
        "503 No, 14",
        "307 No, 2"
    })
    void aConnectionIsCheckedByARequestThatCostsNothing(String status, int code) throws Exception {
        try (var upstream = answering(status)) {
            ok(
                    "CreateLLMProvider",
                    "{llmProvider: {name: claude, anthropicConfig: {apiKeyRef: FROM_THE_SHELL, baseUrl: '%s'}}}"
                            .formatted(upstream.url()));
            var check = ok("CheckConnection", "{name: claude}");

            assertEquals("GET /v1/models?limit=1 HTTP/1.1", upstream.received().line());
            assertEquals(code, check.path("status").path("code").asInt(), check.toString());
            assertTrue(check.path("latencyMs").isTextual(), check.toString());
            assertFalse(check.toString().contains(KEY), check.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "openaiConfig: {apiKeyRef: FROM_THE_SHELL, baseUrl: '%s/v1'}  | 200 OK                   "
                        + "                         | GET /v1/models",
                "openaiCompatibleConfig: {baseUrl: '%s'}                      | 200 OK                   "
                        + "                         | GET /v1/models",
                "googleConfig: {apiKeyRef: FROM_THE_SHELL, baseUrl: '%s'}     | 200 OK                   "
                        + "                         | GET /v1beta/models?pageSize=1",
                "bedrockConfig: {region: eu-west-1, baseUrl: '%s', staticCredentials: {accessKeyIdRef: "
                        + "FROM_THE_SHELL, secretAccessKeyRef: FROM_THE_SHELL}}, models: ['eu.a:0'] | 400 "
                        + "No/x-amzn-ErrorType: ValidationException:x | POST /model/eu.a%3A0/converse"
            })
    void everyTypeIsCheckedInItsOwnWay(String config, String status, String line) throws Exception {
        try (var upstream = answering(status.replace("/x-", "\r\nx-"))) {
            ok("CreateLLMProvider", "{llmProvider: {name: p, %s}}".formatted(config.formatted(upstream.url())));

            assertEquals(json("{}"), ok("CheckConnection", "{name: p}").path("status"));
            assertEquals(line + " HTTP/1.1", upstream.received().line());
        }
    }

    @Test
    void aCreatedProviderReplacesTheMachinesOwn() throws Exception {
        ok("CreateLLMProvider", "{llmProvider: {name: demo, openaiConfig: {apiKeyRef: K}}}");
        assertEquals(
                "LLM_PROVIDER_TYPE_OPENAI",
                ok("GetLLMProvider", "{name: demo}")
                        .path("llmProvider")
                        .path("type")
                        .asText());

        ok("DeleteLLMProvider", "{name: demo}");
        assertEquals(
                "LLM_PROVIDER_TYPE_ANTHROPIC",
                ok("GetLLMProvider", "{name: demo}")
                        .path("llmProvider")
                        .path("type")
                        .asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"CreateLLMProvider", "UpdateLLMProvider"})
    void noInputMakesTheGatewayFail(String method) throws Exception {
        var deep = "[".repeat(900) + "]".repeat(900);
        for (var hostile : List.of(
                "{\"llmProvider\": " + deep + "}",
                "{\"llmProvider\": {\"tags\": " + deep + ", \"name\": \"a\"}}",
                "{\"llmProvider\": {\"name\": \"a\", \"type\": 99999999999999999999}}",
                "{\"llmProvider\": {\"name\": \"a\", \"providerModels\": [{\"name\": \"m\", "
                        + "\"customPricing\": {\"inputPerMillion\": 1e400}}]}}",
                "{\"llmProvider\": {\"name\": \"\\ud800\"}, \"updateMask\": \"\\u0000\"}",
                "[".repeat(100_000),
                "{\"llmProvider\": {\"description\": \"" + "x".repeat(5 << 20) + "\"}}")) {
            var answer = send(method, hostile, ADMIN_TOKEN);
            assertTrue(
                    answer.statusCode() == 400 || answer.statusCode() == 404,
                    answer.statusCode() + " " + answer.body());
        }
    }

    private static FakeUpstream answering(String status) throws Exception {
        return new FakeUpstream(
                call -> call.write("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"));
    }

    private JsonNode ok(String method, String yaml) throws Exception {
        var answer = call(method, yaml, ADMIN_TOKEN);
        assertEquals(200, answer.statusCode(), answer.body());
        return json(answer.body());
    }

    private HttpResponse<String> call(String method, String yaml, String token) throws Exception {
        return send(method, new YAMLMapper().readTree(yaml).toString(), token);
    }

    private HttpResponse<String> send(String method, String message, String token) throws Exception {
        return gateway.send(gateway.anonymous("/redpanda.api.adp.v1alpha1.LLMProviderService/" + method)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(message)));
    }
}
