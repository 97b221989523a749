package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.KEY;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.demo;
import static tests.gateway.TestGateway.json;
import static tests.gateway.TestGateway.provider;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;

/// Google's wire: the proxy and the demo model.
class GoogleProxyTest {
    private static final String HELLO =
            "{\"contents\": [{\"role\": \"user\", \"parts\": [{\"text\": \"say hello\"}]}]}";

    @Test
    void theStoredKeyGoesUpstreamInGooglesHeader() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(google(upstream.url()))) {
            gateway.send(
                    gateway.anonymous("/llm/v1/providers/google/v1beta/models/gemini-x:streamGenerateContent?alt=sse")
                            .header("x-goog-api-key", TOKEN)
                            .POST(BodyPublishers.ofString(HELLO)));

            var call = upstream.received();
            assertEquals("POST /v1beta/models/gemini-x:streamGenerateContent?alt=sse HTTP/1.1", call.line());
            assertEquals(List.of(KEY), call.header("x-goog-api-key"));
            assertTrue(
                    call.headers().stream().noneMatch(header -> header.contains(TOKEN)),
                    call.headers().toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v1beta/models/gemini-a:generateContent            | {\"contents\": []}                | 200",
                "v1beta/models/gemini-a%3AgenerateContent          | {\"contents\": []}                | 200",
                "v1beta/models/gemini-b:generateContent            | {\"contents\": []}                | 403",
                "v1beta/models/gemini-b%3AgenerateContent          | {\"model\": \"gemini-a\"}         | 403",
                "v1beta/models/gemini-a:generateContent            | {\"model\": \"models/gemini-b\"}  | 403",
                "v1beta/openai/chat/completions                    | {\"model\": \"gemini-b\"}         | 403",
                "v1beta/openai/chat/completions                    | {\"model\": \"gemini-a\"}         | 200",
                "v1beta/models/gemini-a:batchEmbedContents         | {\"requests\": [{\"model\": "
                        + "\"models/gemini-a\"}]} | 200",
                "v1beta/models/gemini-a:batchEmbedContents         | {\"requests\": [{\"model\": "
                        + "\"models/gemini-b\"}]} | 403",
                "v1beta/tunedModels/mine:generateContent           | {\"contents\": []}                | 403",
                "v1beta/tunedModels/mine:generateContent           | {\"model\": \"gemini-a\"}         | 403",
                "v1beta/publishers/google/models/gemini-b:generateContent | {\"model\": \"gemini-a\"}  | 403",
                "upload/v1beta/models/gemini-b:generateContent     | {\"model\": \"gemini-a\"}         | 403",
                "v1beta/Models/gemini-b:generateContent            | {\"model\": \"gemini-a\"}         | 403",
                "/v1beta/models/gemini-b:generateContent           | {\"model\": \"gemini-a\"}         | 403",
                "v1beta/models/gemini-a:generateContent/           | {\"contents\": []}                | 403",
                "v1beta/models/gemini-a:delete                     | {\"contents\": []}                | 403",
                "v1beta/models/gemini-a:generateContent?model=gemini-b | {\"contents\": []}            | 403",
                "v1beta//models/gemini-b:generateContent           | {\"contents\": []}                | 403"
            })
    void theAllowlistIsHeldAgainstTheModelOfThePathAndOfTheBody(String path, String body, int status) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(google(upstream.url(), "gemini-a"))) {
            assertEquals(status, gateway.post("google/" + path, body).statusCode());
            assertEquals(status != 200, upstream.receivedNothing());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "key=mine",
        "alt=sse&key=" + TOKEN,
        "%6bey=x",
        "access_token=x",
        "$httpMethod=DELETE",
        "alt=sse&$httpHeaders=a:b"
    })
    void aKeyInTheUrlIsRefused(String query) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(google(upstream.url()))) {
            var answer = gateway.post("google/v1beta/models/gemini-x:generateContent?" + query, HELLO);

            assertEquals(400, answer.statusCode());
            assertEquals(
                    "INVALID_ARGUMENT",
                    json(answer.body()).path("error").path("status").asText());
            assertTrue(upstream.receivedNothing());
        }
    }

    @Test
    void theDemoAnswersWholeAndInParts() throws Exception {
        try (var gateway = TestGateway.serving(demo(ProviderType.GOOGLE))) {
            var whole = json(gateway.post("demo/v1beta/models/gemini-demo:generateContent", HELLO)
                    .body());
            var parts = gateway.post("demo/v1beta/models/gemini-demo:streamGenerateContent?alt=sse", HELLO)
                    .body()
                    .split("\r\n\r\n");
            var text = new StringBuilder();
            for (var part : parts)
                text.append(json(part.substring("data: ".length()))
                        .at("/candidates/0/content/parts/0/text")
                        .asText());

            assertEquals("Hello! This is rpkai's demo model speaking.", text.toString());
            assertEquals(
                    text.toString(),
                    whole.at("/candidates/0/content/parts/0/text").asText());
            assertEquals(
                    "STOP",
                    json(parts[parts.length - 1].substring("data: ".length()))
                            .at("/candidates/0/finishReason")
                            .asText());
            assertTrue(whole.at("/usageMetadata/totalTokenCount").asInt() > 0);
        }
    }

    @Test
    void theDemoCallsAFunctionAndReadsItsResult() throws Exception {
        var asked = "{\"role\": \"user\", \"parts\": [{\"text\": \"run: ls\"}]}";
        var tools = ", \"tools\": [{\"functionDeclarations\": [{\"name\": \"Bash\"}]}]}";
        try (var gateway = TestGateway.serving(demo(ProviderType.GOOGLE))) {
            var call = json(gateway.post(
                            "demo/v1beta/models/gemini-demo:generateContent", "{\"contents\": [" + asked + "]" + tools)
                    .body());
            var result = json(gateway.post(
                            "demo/v1beta/models/gemini-demo:generateContent", "{\"contents\": [" + asked + """
                    , {"role": "user", "parts": [{"functionResponse": {"name": "Bash", "response": {"output": \
                    "a.txt"}}}]}]""" + tools)
                    .body());

            assertEquals(
                    "ls",
                    call.at("/candidates/0/content/parts/1/functionCall/args/command")
                            .asText());
            assertTrue(result.at("/candidates/0/content/parts/0/text").asText().endsWith("a.txt"), result.toString());
        }
    }

    private static HostedProvider google(URI upstream, String... models) {
        return new HostedProvider(
                provider("google", ProviderType.GOOGLE, models),
                Upstream.keyed(ProviderType.GOOGLE, upstream, new Secret(KEY)));
    }
}
