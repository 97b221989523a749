package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.KEY;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.anthropic;
import static tests.gateway.TestGateway.openAi;
import static tests.gateway.TestGateway.provider;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.exchange.CallListener;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;

/// Tests what a caller may not send to an upstream: other methods, other protocols, and its own headers beside
/// the gateway's key.
class CallerHeadersTest {
    private static final List<String> DROPPED = List.of(
            "OpenAI-Organization",
            "openai_organization",
            "OpenAI-Project",
            "ChatGPT-Account-ID",
            "x-goog-user-project",
            "Cookie",
            "api-key",
            "Forwarded",
            "X-Forwarded-For",
            "X_Forwarded_For",
            "X-Forwarded-Host",
            "X-Forwarded-Anything",
            "X-Real-IP",
            "True-Client-IP",
            "X-HTTP-Method-Override",
            "X-Method-Override",
            "X-HTTP-Method",
            "x_http_method_override",
            "X-Original-URL",
            "x_api_key",
            "x_goog_api_key",
            "X_Redpanda_Cloud_Token",
            "Transfer_Encoding",
            "Content_Length",
            "Content_Type",
            "Content_Encoding",
            "Proxy_Authorization",
            "Keep_Alive",
            "Mcp_Session_Id");

    @Test
    void headersThatImpersonateAnotherCallerAreNotSentWithTheKey() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {
            var request = gateway.request("anthropic/v1/messages")
                    .header("x-mine", "kept")
                    .header("session_id", "kept")
                    .POST(BodyPublishers.ofString("{}"));
            for (var name : DROPPED) request.header(name, "callers-own");
            gateway.send(request);

            var call = upstream.received();
            assertEquals(
                    List.of(),
                    call.headers().stream()
                            .filter(line -> line.contains("callers-own"))
                            .toList());
            assertEquals(List.of("kept"), call.header("x-mine"));
            assertEquals(List.of("kept"), call.header("session_id"));
            assertEquals(List.of(KEY), call.header("x-api-key"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "azureml-model-deployment",
                "X-Model",
                "x_model_id",
                "X-LiteLLM-Model",
                "Helicone-Model-Override",
                "x-portkey-config",
                "x-portkey-custom-host"
            })
    void noHeaderChoosesAModelWhenModelsAreLimited(String name) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url(), "claude-a"))) {
            gateway.send(gateway.request("anthropic/v1/messages")
                    .header(name, "claude-b")
                    .POST(BodyPublishers.ofString("{\"model\": \"claude-a\"}")));

            assertEquals(List.of(), upstream.received().header(name));
        }
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {
            gateway.send(gateway.request("anthropic/v1/messages")
                    .header(name, "claude-b")
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(List.of("claude-b"), upstream.received().header(name));
        }
    }

    @Test
    void theGatewayTokenStaysHerePercentEncodedToo() throws Exception {
        var once = TOKEN.replace("-", "%2D");
        var twice = TOKEN.replace("-", "%252d");
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {
            for (var target : List.of("v1/models?token=" + once, "v1/models?token=" + twice, "v1/" + once)) {
                assertEquals("400", gateway.statusOfTarget("/llm/v1/providers/anthropic/" + target), target);
            }
            assertTrue(upstream.receivedNothing());
            gateway.send(gateway.request("anthropic/v1/messages")
                    .header("Referer", "https://page.example/?token=" + once)
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(List.of(), upstream.received().header("referer"));
        }
    }

    @Test
    void withPassthroughAnAccountOfTheSubscriptionIsTheCallersToName() throws Exception {
        var provider = Provider.of("mine", ProviderType.OPENAI).withOption(Provider.Option.PASSTHROUGH, true);
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(new HostedProvider(provider, Upstream.passthrough(upstream.url())))) {
            gateway.send(gateway.anonymous("/llm/v1/providers/mine/responses")
                    .header("Authorization", "Bearer own")
                    .header("X-Redpanda-Cloud-Token", TOKEN)
                    .header("ChatGPT-Account-ID", "a-1")
                    .header("Cookie", "a=1")
                    .header("X-Forwarded-For", "192.0.2.1")
                    .POST(BodyPublishers.ofString("{}")));

            var call = upstream.received();
            assertEquals(List.of("a-1"), call.header("chatgpt-account-id"));
            assertEquals(List.of("Bearer own"), call.header("authorization"));
            assertEquals(List.of(), call.header("cookie"));
            assertEquals(List.of(), call.header("x-forwarded-for"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?_method=DELETE, ''",
        "?a=1&_method=PUT&b=2, ?a=1&b=2",
        "?%5Fmethod=x&a=%20, ?a=%20",
        "?my_method=1, ?my_method=1"
    })
    void noParameterNamesAnotherMethod(String query, String arrives) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {
            assertEquals("200", gateway.statusOfTarget("/llm/v1/providers/anthropic/v1/models" + query));

            assertEquals(
                    "GET /v1/models" + arrives + " HTTP/1.1",
                    upstream.received().line().replace("? ", " "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "OPTIONS", "CONNECT", "PROPFIND", "SEARCH", "PURGE", "TRACK"})
    void methodsThatTheApiDoesNotHaveStayHere(String method) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()), openAi(upstream.url()));
                var socket = gateway.sent(
                        TestGateway.raw(method, "/llm/v1/providers/openai/v1/models") + "Connection: close||")) {
            var answer = read(socket.getInputStream());

            assertTrue(answer.startsWith(method.equals("CONNECT") ? "HTTP/1.1 4" : "HTTP/1.1 405 "), answer);
            assertTrue(upstream.receivedNothing());
            if (!method.equals("CONNECT"))
                assertTrue(answer.contains("Allow: DELETE, GET, HEAD, PATCH, POST, PUT"), answer);
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, v1/responses", "GET, responses", "GET, v1/realtime?model=x", "POST, v1/responses"})
    void aWebsocketIsRefusedWithTheStatusAtWhichCodexGoesOnWithout(String method, String path) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url()));
                var socket = gateway.sent(TestGateway.raw(method, "/llm/v1/providers/openai/" + path)
                        + "Connection: Upgrade, close|Upgrade: websocket|Sec-WebSocket-Version: 13|"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==||")) {
            assertTrue(read(socket.getInputStream()).startsWith("HTTP/1.1 426 "));
            assertTrue(upstream.receivedNothing());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | gzip",
                "gzip;q=0 | identity",
                "gzip; q=0.000, br | identity",
                "br, gzip;q=0.5 | gzip",
                "* | gzip",
                "*;q=0 | identity",
                "*, gzip;q=0 | identity",
                "GZIP;Q=1.0 | gzip",
                "xgzip | identity",
                "gzip;q=none | identity"
            })
    void aCallerThatWantsNoGzipGetsNone(String accepted, String asked) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.with(
                        config -> config.withCallListener(new CallListener(_ -> {}, InstantSource.system())),
                        anthropic(upstream.url()))) {
            gateway.send(gateway.request("anthropic/v1/messages")
                    .header("Accept-Encoding", accepted)
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(List.of(asked), upstream.received().header("accept-encoding"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, /v1, v1/messages, /v1/messages",
        "ANTHROPIC, /v1/, v1/messages, /v1/messages",
        "ANTHROPIC, /proxy/v1, v1/messages?beta=true, /proxy/v1/messages?beta=true",
        "ANTHROPIC, /v1, api/delete, /v1/api/delete",
        "GOOGLE, /v1beta, v1beta/models/m:x, /v1beta/models/m:x",
        "GOOGLE, /v1beta, v1/models/m:x, /v1beta/models/m:x",
        "GOOGLE, /v1beta/, models/m:x, /v1beta/models/m:x",
        "GOOGLE, '', v1beta/models/m:x, /v1beta/models/m:x"
    })
    void aBaseUrlMayEndWithTheVersionThatPathsBeginWith(String type, String base, String path, String arrives)
            throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(new HostedProvider(
                        provider("mine", ProviderType.of("LLM_PROVIDER_TYPE_" + type)),
                        Upstream.keyed(ProviderType.GOOGLE, URI.create(upstream.url() + base), new Secret(KEY))))) {
            gateway.post("mine/" + path, "{}");

            assertEquals("POST " + arrives + " HTTP/1.1", upstream.received().line());
        }
    }

    @Test
    void headersOfMoreThan128KilobytesAreTooLarge() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {
            assertEquals("200", statusWith(gateway, 100 * 1024));
            upstream.received();
            assertEquals("431", statusWith(gateway, 132 * 1024));
            assertTrue(upstream.receivedNothing());
        }
    }

    private static String statusWith(TestGateway gateway, int size) throws Exception {
        try (var socket = gateway.sent(TestGateway.raw("GET", "/llm/v1/providers/anthropic/v1/models") + "X-Big: "
                + "x".repeat(size) + "||")) {
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1).substring(9);
        }
    }

    /// @param retry the value of `x-should-retry`; empty if it is absent
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Redpanda-Cloud-Token: stale | curl/8 | false",
                "Authorization: Bearer stale | curl/8 | ''",
                "Authorization: Bearer stale,x-api-key: stale | claude-cli/2.1.330 | ''",
                "Authorization: Bearer stale | claude-cli/2.1.330 | false",
                "x-api-key: stale | claude-cli/2.1.330 | ''",
                "X-Other: 1 | claude-cli/2.1.330 | ''",
                "Authorization: Bearer stale,X-Redpanda-Cloud-Token: stale | claude-cli/2.1.330 | false"
            })
    void aClientThatCannotRenewItsTokenIsToldNotToTryAgain(String headers, String agent, String retry)
            throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {
            var request = gateway.anonymous("/llm/v1/providers/anthropic/v1/messages")
                    .header("User-Agent", agent)
                    .POST(BodyPublishers.ofString("{}"));
            for (var header : headers.split(",")) request.header(header.split(": ")[0], header.split(": ")[1]);
            var answer = gateway.send(request);

            assertEquals(401, answer.statusCode());
            assertEquals(retry, answer.headers().firstValue("x-should-retry").orElse(""));
        }
    }

    private static String read(InputStream in) throws Exception {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
