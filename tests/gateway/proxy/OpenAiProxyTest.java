package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.KEY;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.json;
import static tests.gateway.TestGateway.openAi;
import static tests.gateway.TestGateway.provider;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import lib.api.ProviderType;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;

class OpenAiProxyTest {

    @Test
    void theStoredKeyGoesUpstreamAsABearerAndTheGatewayTokenNever() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url()))) {
            gateway.send(gateway.request("openai/v1/responses")
                    .header("OpenAI-Beta", "x=1")
                    .POST(BodyPublishers.ofString("{\"model\":\"gpt-6\"}")));

            var call = upstream.received();
            assertEquals(List.of("Bearer " + KEY), call.header("authorization"));
            assertEquals(List.of("x=1"), call.header("openai-beta"));
            assertFalse(
                    String.join("\n", call.headers()).contains(TOKEN),
                    call.headers().toString());
        }
    }

    @Test
    void anUpstreamThatAsksForNoKeyGetsNone() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(new HostedProvider(
                        provider("ollama", ProviderType.OPENAI_COMPATIBLE), Upstream.open(upstream.url())))) {
            gateway.post("ollama/v1/chat/completions", "{}");

            assertEquals(List.of(), upstream.received().header("authorization"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',                   v1/responses,      /v1/responses",
        "/,                    v1/responses,      /v1/responses",
        "/v1,                  v1/responses,      /v1/responses",
        "/v1/,                 v1/models?x=1,     /v1/models?x=1",
        "/openai/v1,           v1/responses,      /openai/v1/responses",
        "/v1beta/openai/,      v1/embeddings,     /v1beta/openai/embeddings",
        "/openai/deployments,  v1/chat/completions, /openai/deployments/chat/completions",
        "'',                   chat/completions,  /v1/chat/completions",
        "'',                   api/tags,          /api/tags",
        "/v1,                  chat/completions,  /v1/chat/completions",
        "/v1,                  api/delete,        /v1/api/delete",
        "/v1,                  /api/delete,       /v1//api/delete",
        "/openai/v1,           chat/completions,  /openai/v1/chat/completions",
        "/v1,                  v1/v1/x,           /v1/v1/x",
        "/v1,                  v1/files/f-1/content, /v1/files/f-1/content"
    })
    void aBaseUrlIsReadAsOpenAisOwnClientsReadIt(String base, String path, String arrives) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(URI.create(upstream.url() + base)))) {
            gateway.send(gateway.request("openai/" + path));

            assertEquals("GET " + arrives + " HTTP/1.1", upstream.received().line());
        }
    }

    @Test
    void errorsOfTheGatewaysOwnAreInOpenAisShape() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            var answer = gateway.post("openai/v1/responses", "{\"model\": \"gpt-b\"}");

            assertEquals(403, answer.statusCode());
            assertEquals(json("""
                    {"error": {"message": "model \\"gpt-b\\" is not allowed by provider \\"openai\\"; it allows gpt-a",
                     "type": "model_not_allowed", "param": null, "code": \
                    "model_not_allowed"}}"""), json(answer.body()));
            assertTrue(upstream.receivedNothing());
        }
    }

    @Test
    void withoutAGoodTokenTheAnswerIsInOpenAisShapeToo() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url()))) {
            var answer = gateway.send(gateway.anonymous("/llm/v1/providers/openai/v1/models"));

            assertEquals(401, answer.statusCode());
            assertEquals(
                    "authentication_error",
                    json(answer.body()).path("error").path("code").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1/responses", "responses", "v1/chat/completions", "chat/completions"})
    void aCallThatNamesAnAllowedModelPasses(String path) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            assertEquals(
                    200,
                    gateway.post("openai/" + path, "{\"model\": \"gpt-a\"}").statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input_file_id\": \"f-1\", \"endpoint\": \"/v1/responses\"}",
                "{\"prompt\": {\"id\": \"p-1\"}}",
                "{}"
            })
    void aModelThatIsSomewhereElseDoesNotGetAroundTheAllowlist(String body) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            var answer = gateway.post("openai/v1/batches", body);

            assertEquals(400, answer.statusCode());
            assertTrue(TestGateway.errorMessage(answer).endsWith("allows only gpt-a"), answer.body());
            assertTrue(upstream.receivedNothing());
        }
    }
}
