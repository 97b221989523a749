package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.INVOKER_TOKEN;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.anthropic;
import static tests.gateway.TestGateway.demo;
import static tests.gateway.TestGateway.errorMessage;
import static tests.gateway.TestGateway.errorType;
import static tests.gateway.TestGateway.provider;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;

class AnthropicProxyTest {
    private static final int LIMIT = 32 * 1024 * 1024;

    @ParameterizedTest
    @CsvSource({
        "Authorization, 'Bearer '",
        "authorization, 'bearer '",
        "x-api-key, ''",
        "x-goog-api-key, ''",
        "X-Redpanda-Cloud-Token, ''"
    })
    void aTokenIsTakenFromAnyOfTheHeadersThatAgentsUse(String header, String prefix) throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = gateway.send(
                    gateway.anonymous("/llm/v1/providers/demo/v1/models").header(header, prefix + TOKEN));

            assertEquals(200, answer.statusCode());
        }
    }

    @Test
    void oneGoodTokenAmongBadOnesIsEnough() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = gateway.send(gateway.anonymous("/llm/v1/providers/demo/v1/models")
                    .header("Authorization", "Bearer sk-ant-oat01-subscription")
                    .header("x-api-key", TOKEN));

            assertEquals(200, answer.statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer ", "Bearer wrong", "Basic Z2F0ZXdheQ=="})
    void withoutAValidTokenTheErrorExplainsHowToSignIn(String authorization) throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var request =
                    gateway.anonymous("/llm/v1/providers/demo/v1/messages").POST(BodyPublishers.ofString("{}"));
            if (!authorization.isEmpty()) request.header("Authorization", authorization);

            var answer = gateway.send(request);

            assertEquals(401, answer.statusCode());
            assertEquals("authentication_error", errorType(answer));
            assertTrue(errorMessage(answer).endsWith(": run rpkai auth login"), errorMessage(answer));
        }
    }

    @Test
    void aRefusedHeadRequestHasNoBodyThatTheNextAnswerWouldStartWith() throws Exception {
        var probe = "HEAD /llm/v1/providers/demo HTTP/1.1|Host: test||";
        try (var gateway = TestGateway.serving(demo());
                var socket = gateway.sent(probe + TestGateway.raw("HEAD", "/llm/v1/providers/demo") + "|")) {
            var answers = "";
            while (answers.split("\r\n\r\n", -1).length < 3)
                answers += (char) socket.getInputStream().read();

            assertTrue(answers.startsWith("HTTP/1.1 401 "), answers);
            assertTrue(answers.split("\r\n\r\n")[1].startsWith("HTTP/1.1 200 "), answers);
        }
    }

    @Test
    void anUnknownProviderIsNotFound() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = gateway.post("nobody/v1/messages", "{}");

            assertEquals(404, answer.statusCode());
            assertEquals("not_found_error", errorType(answer));
        }
    }

    @Test
    void aDisabledProviderIsForbidden() throws Exception {
        var disabled = new HostedProvider(provider("off", false), new Upstream.Demo());
        try (var gateway = TestGateway.serving(disabled)) {
            var answer = gateway.post("off/v1/messages", "{}");

            assertEquals(403, answer.statusCode());
            assertTrue(errorMessage(answer).startsWith("provider \"off\" is disabled"), errorMessage(answer));
        }
    }

    @Test
    void aCallerThatMayOnlyInvokeUsesTheProxy() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = gateway.send(
                    gateway.anonymous("/llm/v1/providers/demo/v1/models").header("x-api-key", INVOKER_TOKEN));

            assertEquals(200, answer.statusCode());
        }
    }

    @Test
    void aModelOutsideTheAllowlistIsForbiddenAndTheAnswerNamesTheAllowedOnes() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url(), "claude-a", "claude-b"))) {
            var answer = gateway.post("anthropic/v1/messages", "{\"model\": \"claude-c\"}");

            assertEquals(403, answer.statusCode());
            assertEquals("model_not_allowed", errorType(answer));
            assertTrue(errorMessage(answer).contains("\"claude-c\""), errorMessage(answer));
            assertTrue(errorMessage(answer).endsWith("it allows claude-a, claude-b"), errorMessage(answer));
            assertTrue(upstream.receivedNothing());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\": \"claude-a\", \"messages\": [{\"model\": \"claude-c\"}]}",
                "{\"metadata\": {\"model\": \"claude-c\"}, \"model\": \"claude-a\"}",
                "{\"model\": \"claude-a\", \"tools\": [{\"name\": \"Task\", \"input_schema\": "
                        + "{\"properties\": {\"model\": {\"type\": \"string\"}}}}]}",
                "{\"model\": \"claude-a\", \"tools\": [{\"model\": null}, {\"model\": \"claude-a\"}]}"
            })
    void aCallThatNamesNoOtherModelPasses(String body) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url(), "claude-a"))) {

            assertEquals(200, gateway.post("anthropic/v1/messages", body).statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\": \"claude-a\", \"model\": \"claude-c\"}",
                "{\"model\": \"claude-c\", \"model\": \"claude-a\"}",
                "{\"mod\\u0065l\": \"claude-c\"}",
                "{\"model\": \"claude-a\", \"Model\": \"claude-c\"}",
                "{\"MODEL\": \"claude-c\", \"model\": \"claude-a\"}",
                "{\"model\": \"claude-a\", \"tools\": [{\"type\": \"advisor\", \"model\": \"claude-c\"}]}",
                "{\"model\": \"claude-a\", \"fallbacks\": [{\"model\": \"claude-c\"}]}",
                "{\"model\": \"claude-a\", \"fallbacks\": [\"claude-c\"]}",
                "{\"model\": \"claude-a\", \"models\": [\"claude-c\"]}",
                "{\"model\": \"claude-a\", \"extra\": {\"deep\": [[{\"mOdEl\": \"claude-c\"}]]}}",
                "{\"model\": \"claude-a\", \"requests\": [{\"model\": \"claude-c\"}]}",
                "{\"requests\": [{\"params\": {\"model\": \"claude-a\"}}, {\"params\": {\"model\": \"claude-c\"}}]}"
            })
    void noWayOfNamingAModelGetsAroundTheAllowlist(String body) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url(), "claude-a"))) {

            assertEquals(403, gateway.post("anthropic/v1/messages", body).statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"messages\": []}", "{\"Model\": \"claude-a\"}", "{\"tools\": [{\"model\": \"claude-a\"}]}", ""
            })
    void withAnAllowlistARequestThatNamesNoModelIsABadRequest(String body) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url(), "claude-a"))) {
            var answer = gateway.post("anthropic/v1/messages", body);

            assertEquals(400, answer.statusCode());
            assertTrue(errorMessage(answer).endsWith("allows only claude-a"), answer.body());
            assertTrue(upstream.receivedNothing());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "[]", "nonsense", "{\"model\": 1}", "{\"model\": \"claude-a\"} {\"model\": \"claude-c\"}"})
    void withAnAllowlistABodyThatCannotBeReadIsABadRequest(String body) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url(), "claude-a"))) {
            var answer = gateway.post("anthropic/v1/messages", body);

            assertEquals(400, answer.statusCode());
            assertEquals("invalid_request_error", errorType(answer));
            assertTrue(upstream.receivedNothing());
        }
    }

    @Test
    void withAnAllowlistABodyOf32MegabytesPasses() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url(), "claude-a"))) {
            var answer = gateway.send(
                    gateway.request("anthropic/v1/messages").POST(BodyPublishers.ofByteArray(message(LIMIT))));

            assertEquals(200, answer.statusCode());
            assertEquals(LIMIT, upstream.received().body().length);
        }
    }

    @Test
    void withAnAllowlistALargerBodyIsTooLarge() throws Exception {
        var body = message(LIMIT + 1);
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url(), "claude-a"))) {
            var answer = gateway.send(gateway.request("anthropic/v1/messages")
                    .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

            assertEquals(413, answer.statusCode());
            assertEquals("request_too_large", errorType(answer));
            assertTrue(upstream.receivedNothing());
        }
    }

    @Test
    void aClientThatSendsAllOfATooLargeBodyFirstStillReadsTheAnswer() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url(), "claude-a"));
                var socket = gateway.sent(TestGateway.raw("POST", "/llm/v1/providers/anthropic/v1/messages")
                        + "Content-Length: " + 2 * LIMIT + "||")) {
            socket.getOutputStream().write(message(2 * LIMIT));

            assertEquals("HTTP/1.1 413", new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8));
        }
    }

    @Test
    void withoutAnAllowlistABodyMayBeLarger() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {
            gateway.send(gateway.request("anthropic/v1/files").POST(BodyPublishers.ofByteArray(message(LIMIT + 1))));

            assertEquals(LIMIT + 1, upstream.received().body().length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/llm/v1/providers/anthropic/../demo/v1/models", "/llm/v1/providers/anthropic/%2e%2e/demo/v1/models",
                "/llm/v1/providers/anthropic/.%2E/v1/models", "/llm/v1/providers/anthropic/v1/../../admin",
                "/llm/v1/providers/anthropic/v1/./models", "/llm/v1/providers/anthropic/..;x=1/admin",
                "/llm/v1/providers/anthropic/..%3b/admin", "/llm/v1/providers/anthropic%2fv1/models",
                "/llm/v1/providers/anthropic/v1%2Fmodels", "/llm/v1/providers/anthropic/..%2fadmin",
                "/llm/v1/providers/anthropic/..%5cadmin", "/llm/v1/providers/../providers/demo/v1/models",
                "/llm/v1/providers/anthropic/..", "/llm/v1/providers/anthropic/v1/models#x",
                "/llm/v1/providers/anthropic/..\\admin", "/llm/v1/providers/anthropic/%zz",
                "/llm/v1/providers/anthropic/v1/%252e%252e/x", "/llm/v1/providers/anthropic/v1%252fmodels",
                "/llm/v1/providers/anthropic/v1/%25252e./x", "/llm/v1/providers/anthropic/v1/..%20/x",
                "/llm/v1/providers/anthropic/v1/..%00/x", "/llm/v1/providers/anthropic/v1/%c0%ae%c0%ae/x",
                "/llm/v1/providers/anthropic/v1/%ef%bc%8e%ef%bc%8e/x", "/llm/v1/providers/anthropic/v1/%e2%80%a5/x"
            })
    void aPathThatLeadsSomewhereElseIsABadRequest(String target) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()), demo())) {

            assertEquals("400", gateway.statusOfTarget(target));
            assertTrue(upstream.receivedNothing());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1/models/a%20b%3Ac",
                "v1//models",
                "v1/models/...",
                "v1/a;b=c/d?x=%2F..%2F",
                "v1/models/100%25",
                "v1/models/%C3%A9"
            })
    void everyOtherPathIsPassedOnUnchanged(String path) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {
            assertEquals("200", gateway.statusOfTarget("/llm/v1/providers/anthropic/" + path));
            assertEquals("GET /" + path + " HTTP/1.1", upstream.received().line());
        }
    }

    @Test
    void textThatIsNotHttpIsABadRequestWithoutAStackTrace() throws Exception {
        try (var gateway = TestGateway.serving(demo());
                var socket = gateway.sent("nonsense||")) {
            var answer = read(socket.getInputStream());

            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertFalse(answer.contains("io.helidon"), answer);
        }
    }

    @Test
    void aCheckThatFailsIsAnErrorWithoutItsMessage() throws Exception {
        try (var gateway = TestGateway.with(
                config -> config.withCallers(token -> {
                    throw new IllegalStateException("secret of the check: " + token);
                }),
                demo())) {
            var answer = gateway.post("demo/v1/messages", "{}");

            assertEquals(500, answer.statusCode());
            assertFalse(answer.body().matches(".*(secret|Exception).*"), answer.body());
        }
    }

    /// A message of exactly `size` bytes.
    private static byte[] message(int size) {
        var body = new byte[size];
        Arrays.fill(body, (byte) ' ');
        var json = "{\"model\":\"claude-a\",\"x\":\"".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(json, 0, body, 0, json.length);
        body[size - 2] = '"';
        body[size - 1] = '}';
        return body;
    }

    private static String read(InputStream in) throws Exception {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
}
