package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.json;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.upstream.AwsCredentials;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;
import tests.gateway.upstream.SigV4;

class BedrockProxyTest {
    private static final SigV4 SIGNER = new SigV4("AKIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static final String SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    private static final String INVOKE = "bedrock/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke";

    @ParameterizedTest
    @CsvSource({
        SONNET + ",                            us.anthropic.claude-sonnet-4-5-20250929-v1%3A0",
        "us.anthropic.claude-opus-5-5,         us.anthropic.claude-opus-5-5",
        "eu.anthropic.claude-x-v1%3a0,         eu.anthropic.claude-x-v1%3A0",
        "arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2F" + SONNET + ", "
                + "arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2F"
                + "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0"
    })
    void everyRequestIsSignedForTheRegionWhateverItsModelIsCalled(String model, String sent) throws Exception {
        try (var upstream = aws();
                var gateway = TestGateway.serving(bedrock(upstream.url()))) {
            var answer = gateway.send(gateway.request("bedrock/model/" + model + "/invoke-with-response-stream")
                    .header("Content-Type", "application/json")
                    .header("User-Agent", "claude-cli/2")
                    .header("x-amz-user-agent", "aws-sdk-js/3")
                    .header("x-amz-security-token", "the client's own")
                    .POST(BodyPublishers.ofString("{\"max_tokens\": 1}")));

            var call = upstream.received();
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals("POST /model/" + sent + "/invoke-with-response-stream HTTP/1.1", call.line());
            assertEquals(List.of(), call.header("x-amz-security-token"));
            assertEquals(List.of(), call.header("x-amz-user-agent"));
            assertEquals(List.of("claude-cli/2"), call.header("user-agent"));
            assertFalse(
                    String.join("\n", call.headers()).contains(TOKEN),
                    call.headers().toString());
        }
    }

    @Test
    void theTokenOfTemporaryKeysIsSignedToo() throws Exception {
        try (var upstream = aws();
                var gateway = TestGateway.serving(bedrock(upstream.url(), Optional.of("session"), List.of()))) {
            assertEquals(200, gateway.post(INVOKE, "{}").statusCode());

            var call = upstream.received();
            assertEquals(List.of("session"), call.header("x-amz-security-token"));
            assertTrue(call.header("authorization").getFirst().contains("x-amz-security-token"));
        }
    }

    @Test
    void aBearerKeyOfBedrockNeedsNoSignature() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(new HostedProvider(
                        provider(List.of()),
                        new Upstream.Remote(
                                upstream.url(),
                                new UpstreamAuth.Key("Authorization", "Bearer ", new Secret("bedrock-api-key")))))) {
            gateway.post(INVOKE, "{}");

            assertEquals(List.of("Bearer bedrock-api-key"), upstream.received().header("authorization"));
        }
    }

    @Test
    void framesArriveByteForByteWhileTheUpstreamStillHoldsTheNext() throws Exception {
        var frames = new byte[2][5000];
        new Random(3).nextBytes(frames[0]);
        new Random(4).nextBytes(frames[1]);
        var firstWasRead = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n"
                            + "Connection: close\r\nContent-Length: 10000\r\n\r\n");
                    call.write(frames[0]);
                    firstWasRead.await();
                    call.write(frames[1]);
                });
                var gateway = TestGateway.serving(bedrock(upstream.url()))) {
            var answer = gateway.stream(gateway.request(INVOKE).POST(BodyPublishers.ofString("{}")));

            assertEquals(
                    "application/vnd.amazon.eventstream",
                    answer.headers().firstValue("content-type").orElse(""));
            assertArrayEquals(frames[0], answer.body().readNBytes(5000));
            firstWasRead.countDown();
            assertArrayEquals(frames[1], answer.body().readAllBytes());
        }
    }

    @Test
    void anErrorOfAwsArrivesUnchanged() throws Exception {
        var body = "{\"message\":\"Too many tokens per day\"}";
        try (var upstream = new FakeUpstream(
                        call -> call.write("HTTP/1.1 429 Slow\r\nx-amzn-ErrorType: ThrottlingException\r\n"
                                + "x-amzn-RequestId: r-1\r\nConnection: close\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body));
                var gateway = TestGateway.serving(bedrock(upstream.url()))) {
            var answer = gateway.post(INVOKE, "{}");

            assertEquals(429, answer.statusCode());
            assertEquals(body, answer.body());
            assertEquals(
                    "ThrottlingException",
                    answer.headers().firstValue("x-amzn-errortype").orElse(""));
            assertEquals("r-1", answer.headers().firstValue("x-amzn-requestid").orElse(""));
        }
    }

    @Test
    void featuresThatBedrockDoesNotTakeAreLeftOut() throws Exception {
        var body = "{ \"max_tokens\": 1.0, \"anthropic_beta\" : [\"claude-code-20250219\", \"context-1m-2025-08-07\",\n"
                + " \"oauth-2025-04-20\"] , \"messages\": [{\"anthropic_beta\": [\"kept\"], \"x\": \"é\\u00e9\"}] }";
        try (var upstream = aws();
                var gateway = TestGateway.serving(bedrock(upstream.url()))) {
            gateway.send(gateway.request(INVOKE)
                    .header("anthropic-beta", "claude-code-20250219, effort-2025-11-24")
                    .POST(BodyPublishers.ofString(body)));
            gateway.send(gateway.request(INVOKE)
                    .header("anthropic-beta", "claude-code-20250219")
                    .POST(BodyPublishers.ofString("{\"anthropic_beta\": []}")));

            var first = upstream.received();
            assertEquals(
                    "{ \"max_tokens\": 1.0, \"anthropic_beta\" : [\"context-1m-2025-08-07\"] "
                            + ", \"messages\": [{\"anthropic_beta\": [\"kept\"], \"x\": \"é\\u00e9\"}] }",
                    new String(first.body(), StandardCharsets.UTF_8));
            assertEquals(List.of("effort-2025-11-24"), first.header("anthropic-beta"));
            assertEquals(List.of(), upstream.received().header("anthropic-beta"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "[]", "{\"anthropic_beta\": \"text\"}", "{\"anthropic_beta\": [", ""})
    void anInvalidBodyIsLeftToTheUpstreamToReject(String body) throws Exception {
        try (var upstream = aws();
                var gateway = TestGateway.serving(bedrock(upstream.url()))) {
            assertEquals(200, gateway.post(INVOKE, body).statusCode());
            assertEquals(body, new String(upstream.received().body(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource({
        SONNET + ", 200",
        "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0, 200",
        "us.anthropic.claude-opus-5-5, 403",
        "us.anthropic.claude-sonnet-4-5-20250929-v1%253A0, 404",
        "us.anthropic.claude-sonnet-4-5-20250929-v1, 403"
    })
    void theAllowlistIsHeldAgainstTheModelOfThePath(String model, int status) throws Exception {
        try (var upstream = aws();
                var gateway = TestGateway.serving(bedrock(upstream.url(), Optional.empty(), List.of(SONNET)))) {
            var answer = gateway.post("bedrock/model/" + model + "/converse", "{\"model\": \"" + SONNET + "\"}");

            assertEquals(status, answer.statusCode());
            assertEquals(status != 200, upstream.receivedNothing());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "async-invoke",
                "inference-profiles",
                "model/x/other",
                "model/x",
                "model//invoke",
                "model/x/invoke/y",
                "guardrail/x/version/1/apply",
                "model/%2e%2e%2fx/invoke",
                "model/a%2f..%2fb/invoke",
                "model/a b/invoke",
                "MODEL/x/invoke"
            })
    void aPathThatIsNoModelCallIsNotPassedOn(String path) throws Exception {
        try (var upstream = aws();
                var gateway = TestGateway.serving(bedrock(upstream.url()))) {
            assertTrue(List.of("400", "404")
                    .contains(gateway.statusOfTarget("/llm/v1/providers/bedrock/" + path.replace(" ", "%20"))));
            assertTrue(upstream.receivedNothing());
        }
    }

    @Test
    void errorsOfTheGatewaysOwnAreInAwssShape() throws Exception {
        try (var upstream = aws();
                var gateway = TestGateway.serving(bedrock(upstream.url(), Optional.empty(), List.of(SONNET)))) {
            var answer = gateway.post("bedrock/model/other/invoke", "{}");

            assertEquals(403, answer.statusCode());
            assertEquals(
                    "AccessDeniedException",
                    answer.headers().firstValue("x-amzn-errortype").orElse(""));
            assertTrue(json(answer.body()).path("message").asText().endsWith("it allows " + SONNET), answer.body());
            assertEquals("model_not_allowed", TestGateway.errorType(answer));
        }
    }

    @Test
    void theRegionIsShownAndNoKey() throws Exception {
        try (var upstream = aws();
                var gateway = TestGateway.serving(bedrock(upstream.url()))) {
            var answer = gateway.send(gateway.anonymous("/redpanda.api.adp.v1alpha1.LLMProviderService/GetLLMProvider")
                    .header("Authorization", "Bearer " + TOKEN)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"name\": \"bedrock\"}")));

            assertEquals(
                    "eu-central-1",
                    Provider.fromJson(json(answer.body()).path("llmProvider")).region());
            assertFalse(answer.body().contains("AKIA"), answer.body());
        }
    }

    /// A minimal Bedrock: it accepts only requests signed for its region.
    private static FakeUpstream aws() throws Exception {
        return new FakeUpstream(call -> {
            var taken = SIGNER.signed(call, "eu-central-1", "bedrock");
            var body = taken ? "{}" : "{\"message\":\"The request signature we calculated does not match\"}";
            call.write("HTTP/1.1 " + (taken ? "200 OK" : "403 Forbidden") + "\r\nConnection: close\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body);
        });
    }

    private static HostedProvider bedrock(URI upstream) {
        return bedrock(upstream, Optional.empty(), List.of());
    }

    private static HostedProvider bedrock(URI upstream, Optional<String> sessionToken, List<String> models) {
        var keys = new AwsCredentials.Keys(
                SIGNER.accessKeyId(), new Secret(SIGNER.secretKey()), sessionToken.map(Secret::new));
        return new HostedProvider(
                provider(models), new Upstream.Remote(upstream, new UpstreamAuth.Aws("eu-central-1", keys)));
    }

    private static Provider provider(List<String> models) {
        return Provider.of("bedrock", ProviderType.BEDROCK).withModels(models).withRegion("eu-central-1");
    }
}
