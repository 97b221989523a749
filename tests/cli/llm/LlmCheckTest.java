package tests.cli.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.cli.llm.Provided.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.ProviderJson;
import tests.support.upstream.Reply;

/// `llm check`, `llm delete` and `llm types`: the verbs without a provider to describe.
class LlmCheckTest {
    @TempDir
    Path temp;

    private Provided provided;

    @BeforeEach
    void aGatewayWithProviders() {
        provided = new Provided(temp);
        provided.gateway
                .provider(ProviderJson.anthropic("claude"))
                .provider(ProviderJson.passthrough("mine"))
                .provider(ProviderJson.openai("gpt"))
                .check(
                        "gpt",
                        json("{'code': 16, 'message': 'invalid\\nkey', 'details': [{'@type': 'x', "
                                + "'reason': 'UPSTREAM_AUTH', 'domain': 'adp', 'metadata': {'status': '401'}}]}"));
    }

    @AfterEach
    void stop() {
        provided.close();
    }

    @Test
    void aProviderThatWorksIsOk() {
        assertEquals(new Machine.Result(0, "OK  claude  (42 ms)\n", ""), provided.run("llm check claude"));
    }

    @Test
    void aFailedCheckGivesTheReasonAndExitsOne() {
        assertEquals(new Machine.Result(1, "", """
                FAIL  gpt  code=16  invalid key
                  reason=UPSTREAM_AUTH domain=adp
                  status=401
                  correct the credential with rpkai llm update gpt, or the secret on the gateway that it refers to
                """), provided.run("llm check gpt"));
    }

    @ParameterizedTest
    @CsvSource({
        "14,check its base URL",
        "4,check its base URL",
        "unavailable,check its base URL",
        "8,try again later",
        "7,correct the credential",
        "3,correct the credential"
    })
    void theHintDependsOnTheFault(String code, String hint) {
        provided.gateway.check("claude", json("{'code': '%s', 'message': 'no'}".formatted(code)));

        assertTrue(
                provided.run("llm check claude").err().contains(hint),
                provided.run("llm check claude").err());
    }

    @Test
    void aGatewayThatDoesNotSayHowLongItTookIsNotQuotedOnIt() {
        provided.gateway.fail(Endpoint.CHECK_CONNECTION, 1, Fault.reply(Reply.json(200, json("{}"))));

        assertEquals("OK  claude\n", provided.run("llm check claude").out());
    }

    @Test
    void aPassthroughProviderHasNothingToCheck() {
        var result = provided.run("llm check claude mine");

        assertEquals(1, result.exitCode());
        assertEquals("OK  claude  (42 ms)\n", result.out());
        assertTrue(result.err().startsWith("FAIL  mine  code=failed_precondition  "), result.err());
    }

    @Test
    void programsGetTheAnswer() throws IOException {
        var result = provided.run("llm check claude gpt -o json");
        var list = new ObjectMapper().readTree(result.out());

        assertEquals(1, result.exitCode());
        assertEquals("42", list.path(0).path("latencyMs").asText());
        assertEquals(16, list.path(1).path("status").path("code").asInt());
        assertEquals(
                "| NAME | STATUS | LATENCY | MESSAGE |\n| --- | --- | --- | --- |\n| claude | ok | 42 ms |  |\n",
                provided.run("llm check claude -o markdown").out());
    }

    @Test
    void aDraftIsTriedWithoutBeingCreated() {
        provided.machine.write(
                "work/new.yaml", "name: fresh\nopenai_config: {api_key_ref: K, base_url: 'https://u.example'}\n");
        provided.gateway.fail(Endpoint.CHECK_CONNECTION, 1, Fault.reply(Reply.json(200, json("{'latencyMs': '7'}"))));

        assertEquals(new Machine.Result(0, "OK  fresh  (7 ms)\n", ""), provided.run("llm check -f new.yaml"));
        assertEquals(
                json("{'providerConfig': {'name': 'fresh', 'openaiConfig': {'apiKeyRef': 'K', "
                        + "'baseUrl': 'https://u.example'}, 'type': 'LLM_PROVIDER_TYPE_OPENAI'}}"),
                provided.gateway.requests().getLast().json());

        provided.gateway.fail(
                Endpoint.CHECK_CONNECTION,
                1,
                Fault.reply(Reply.json(200, json("{'status': {'code': 16, 'message': 'no'}}"))));
        assertTrue(provided.run("llm check -f new.yaml")
                .err()
                .endsWith("  correct the manifest, or the secret on the gateway that it refers to\n"));
        // This one overlooks the draft, and finds no provider without a name.
        assertEquals(
                ("rpkai: the AI Gateway at %s checks only existing providers: create the provider, then run "
                                + "rpkai llm check fresh\n")
                        .formatted(provided.gateway.url()),
                provided.run("llm check -f new.yaml").err());
        assertEquals(2, provided.run("llm check").exitCode());
    }

    @Test
    void aMissingProviderIsNamed() {
        assertEquals(
                "rpkai: provider \"cloude\" not found at %s: did you mean \"claude\"?\n"
                        .formatted(provided.gateway.url()),
                provided.run("llm check cloude").err());
    }

    @Test
    void aDeletedProviderIsGone() {
        assertEquals(
                new Machine.Result(0, "", "Provider \"claude\" deleted.\nProvider \"gpt\" deleted.\n"),
                provided.run("llm delete claude gpt"));
        assertTrue(provided.gateway.stored("claude").isMissingNode());
        assertEquals(1, provided.run("llm rm claude").exitCode());
    }

    @Test
    void aDryRunDeletesNothing() {
        assertEquals(
                "Provider \"claude\" would be deleted (dry run).\n",
                provided.run("llm delete claude --dry-run").err());
        assertEquals(1, provided.run("llm delete nope --dry-run").exitCode());
        assertTrue(provided.gateway.stored("claude").isObject());
    }

    @Test
    void aWrongNameDeletesNothingAtAll() {
        assertEquals(2, provided.run("llm delete claude ../x").exitCode());
        assertEquals(List.of(), provided.gateway.requests());
    }

    @Test
    void theTypesAreThoseOfTheGateway() {
        assertEquals("""
                TYPE               FLAGS OF LLM CREATE
                anthropic          --anthropic-config.*
                bedrock            --bedrock-config.*
                google             --google-config.*
                openai             --openai-config.*
                openai_compatible  --openai-compatible-config.*
                from_the_future
                """, provided.run("llm types").out());
    }
}
