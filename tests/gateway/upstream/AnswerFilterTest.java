package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.KEY;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.errorMessage;
import static tests.gateway.TestGateway.provider;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.catalog.MachineProviders;
import lib.gateway.upstream.AwsCredentials;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;

/// Tests which parts of an upstream's answer do not reach the caller: redirects, rejections of the gateway's own
/// credentials, and headers that speak for the origin that the caller sees.
class AnswerFilterTest {
    private static final String CLAUDE = "claude-cli/2.1.330 (external, cli)";
    private static final String CODEX = "codex_exec/0.171.0 (Debian 12.0.0; x86_64) unknown";

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, v1/messages",
        "OPENAI, v1/responses",
        "OPENAI_COMPATIBLE, chat/completions",
        "GOOGLE, v1beta/models/gemini-x:generateContent",
        "BEDROCK, model/m-1/invoke"
    })
    void noRedirectReachesTheCaller(String type, String path) throws Exception {
        for (var status : List.of(300, 301, 302, 303, 305, 307, 308, 399)) {
            var answer = answered(
                    "HTTP/1.1 " + status + " Elsewhere\r\nLocation: https://elsewhere.example/\r\n",
                    type,
                    path,
                    "curl/8");

            assertEquals(502, answer.statusCode(), type + " " + status);
            assertTrue(answer.body().contains("redirects to another address"), answer.body());
            assertFalse(answer.body().contains("elsewhere.example"), answer.body());
            assertEquals(Optional.empty(), answer.headers().firstValue("location"));
        }
        var redirect = "HTTP/1.1 302 Elsewhere\r\nLocation: https://elsewhere.example/\r\n";
        assertEquals(402, answered(redirect, type, path, CLAUDE).statusCode());
        assertEquals(400, answered(redirect, type, path, CODEX).statusCode());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 404, 429, 500, 503})
    void noAnswerQuotesTheUpstreamsKey(int status) throws Exception {
        var body = "{\"error\": \"no such key: %s, %s\"}".formatted(KEY, KEY);
        var masked = body.replace(KEY, "*".repeat(KEY.length()));
        var head = "HTTP/1.1 %d So\r\nX-Debug: Bearer %s\r\nContent-Type: application/json\r\n".formatted(status, KEY);
        var first = body.substring(0, body.indexOf(KEY) + 5);
        var rest = body.substring(first.length());
        for (var answered : List.of(
                "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body),
                "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n"
                        .formatted(first.length(), first, rest.length(), rest),
                "Connection: close\r\n\r\n" + body)) {
            try (var upstream = new FakeUpstream(call -> call.write(head + answered));
                    var gateway = TestGateway.serving(keyed(ProviderType.ANTHROPIC, upstream.url()))) {
                var answer = gateway.send(gateway.request("mine/v1/messages").POST(BodyPublishers.ofString("{}")));

                assertEquals(status, answer.statusCode());
                assertEquals(masked, answer.body());
                assertEquals(
                        Optional.of("Bearer " + "*".repeat(KEY.length())),
                        answer.headers().firstValue("x-debug"));
            }
        }
    }

    @Test
    void aNotModifiedAnswerIsNotTreatedAsARedirect() throws Exception {
        try (var upstream = new FakeUpstream(call -> call.write("HTTP/1.1 304 Same\r\nConnection: close\r\n\r\n"));
                var gateway = TestGateway.serving(keyed(ProviderType.ANTHROPIC, upstream.url()))) {
            assertEquals(304, gateway.send(gateway.request("mine/v1/models")).statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Location: https://elsewhere.example/",
                "Location: //elsewhere.example/",
                "Refresh: 0;url=https://elsewhere.example/",
                "location: http:\\\\elsewhere.example",
                "X-Goog-Upload-URL: https://elsewhere.example/upload"
            })
    void noAnswerSendsACallerElsewhere(String header) throws Exception {
        var answer = answered("HTTP/1.1 201 Created\r\n" + header + "\r\n", "GOOGLE", "upload/v1beta/files", "curl/8");

        assertEquals(502, answer.statusCode());
    }

    @Test
    void aCreatedAnswerIsPassedOnWithoutItsLocation() throws Exception {
        var answer = answered("HTTP/1.1 201 Created\r\nLocation: /v1/files/f-1\r\n", "OPENAI", "v1/files", "curl/8");

        assertEquals(201, answer.statusCode());
        assertEquals(Optional.empty(), answer.headers().firstValue("location"));
    }

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, v1/messages",
        "OPENAI, v1/responses",
        "OPENAI_COMPATIBLE, chat/completions",
        "GOOGLE, v1beta/models/gemini-x:generateContent",
        "BEDROCK, model/m-1/invoke"
    })
    void anUpstreamThatRejectsTheGatewaysKeyIsReportedAsAMisconfiguration(String type, String path) throws Exception {
        for (var status : List.of(401, 403)) {
            var head = "HTTP/1.1 " + status
                    + " No\r\nWWW-Authenticate: Bearer resource_metadata=\"https://elsewhere.example\"\r\nx-said: "
                    + KEY + "\r\n";
            for (var agent : List.of(CLAUDE, CODEX, "curl/8")) {
                var answer = answered(head, type, path, agent);

                assertEquals(
                        agent.equals(CLAUDE) ? 402 : agent.equals(CODEX) ? 400 : 502,
                        answer.statusCode(),
                        type + " " + agent);
                assertTrue(
                        answer.body().contains("HTTP " + status)
                                && answer.body().contains("mine"),
                        answer.body());
                assertTrue(answer.body().contains("run rpkai secret set MINE"), answer.body());
                assertFalse(answer.body().contains("sign in") || answer.body().contains("auth login"), answer.body());
                assertFalse(
                        answer.body().contains(KEY)
                                || answer.headers().map().toString().contains(KEY),
                        answer.body());
                assertEquals(Optional.empty(), answer.headers().firstValue("www-authenticate"));
                assertEquals(Optional.of("false"), answer.headers().firstValue("x-should-retry"));
            }
        }
    }

    @Test
    void anUpstreamThatWantsAKeyWhereTheGatewayHasNoneIsOneToo() throws Exception {
        try (var upstream = saying("HTTP/1.1 401 No\r\n");
                var gateway = TestGateway.serving(new HostedProvider(
                        provider("mine", ProviderType.OPENAI_COMPATIBLE), Upstream.open(upstream.url())))) {
            var answer = gateway.post("mine/v1/chat/completions", "{}");

            assertEquals(502, answer.statusCode());
            assertTrue(errorMessage(answer).contains("requires a key (HTTP 401)"), answer.body());
        }
    }

    @Test
    void aKeyOfTheMachineIsNamedByItsVariable() throws Exception {
        try (var upstream = saying("HTTP/1.1 401 No\r\n");
                var gateway =
                        TestGateway.serving(MachineProviders.from(
                                        Map.of("OPENAI_API_KEY", KEY, "OPENAI_BASE_URL", upstream.url() + "/v1"),
                                        _ -> false)
                                .stream()
                                .filter(hosted -> hosted.provider().name().equals("openai"))
                                .toArray(HostedProvider[]::new))) {
            var answer = gateway.post("openai/v1/responses", "{}");

            assertTrue(
                    errorMessage(answer).endsWith("renew OPENAI_API_KEY and start the gateway again"), answer.body());
        }
    }

    /// It is the caller's own credential that was refused: the caller's agent renews it.
    @Test
    void withPassthroughTheUpstreamsRefusalIsTheCallers() throws Exception {
        try (var upstream = saying("HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer\r\n");
                var gateway = TestGateway.serving(new HostedProvider(
                        Provider.of("mine", ProviderType.ANTHROPIC).withOption(Provider.Option.PASSTHROUGH, true),
                        Upstream.passthrough(upstream.url())))) {
            var answer = gateway.send(gateway.anonymous("/llm/v1/providers/mine/v1/messages")
                    .header("Authorization", "Bearer own")
                    .header("X-Redpanda-Cloud-Token", TOKEN)
                    .header("User-Agent", CLAUDE)
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(401, answer.statusCode());
            assertEquals("{}", answer.body());
            assertEquals(Optional.empty(), answer.headers().firstValue("www-authenticate"));
        }
    }

    @Test
    void anUpstreamDoesNotSpeakForTheGatewaysOrigin() throws Exception {
        var answer = answered(
                "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie2: b\r\nWWW-Authenticate: Basic\r\n"
                        + "Alt-Svc: h3=\":443\"\r\n"
                        + "Clear-Site-Data: \"*\"\r\nStrict-Transport-Security: max-age=1\r\nx-kept: yes\r\n",
                "ANTHROPIC",
                "v1/messages",
                "curl/8");

        for (var name : List.of(
                "set-cookie",
                "set-cookie2",
                "www-authenticate",
                "alt-svc",
                "clear-site-data",
                "strict-transport-security")) {
            assertEquals(Optional.empty(), answer.headers().firstValue(name), name);
        }
        assertEquals(Optional.of("yes"), answer.headers().firstValue("x-kept"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Type: text/html; charset=utf-8 | true",
                "Content-Type: image/svg+xml | true",
                "X: y | true",
                "Content-Type: application/json; charset=utf-8 | false",
                "Content-Type: text/event-stream | false",
                "Content-Type: application/json~Content-Type: text/html | true"
            })
    void aPageOfAnUpstreamCanDoNothingOnTheGatewaysOrigin(String type, boolean guarded) throws Exception {
        var head = "HTTP/1.1 200 OK\r\nContent-Security-Policy: script-src *\r\n" + type.replace("~", "\r\n") + "\r\n";
        var answer = answered(head, "ANTHROPIC", "v1/messages", "curl/8");

        assertEquals(guarded ? List.of("nosniff") : List.of(), answer.headers().allValues("x-content-type-options"));
        assertEquals(
                List.of(guarded ? "default-src 'none'; sandbox" : "script-src *"),
                answer.headers().allValues("content-security-policy"));
    }

    /// Returns the caller's answer when the upstream answers like this, with a stored key named MINE.
    private static HttpResponse<String> answered(String head, String type, String path, String agent) throws Exception {
        try (var upstream = saying(head);
                var gateway =
                        TestGateway.serving(keyed(ProviderType.of("LLM_PROVIDER_TYPE_" + type), upstream.url()))) {
            return gateway.send(
                    gateway.request("mine/" + path).header("User-Agent", agent).POST(BodyPublishers.ofString("{}")));
        }
    }

    private static FakeUpstream saying(String head) throws Exception {
        return new FakeUpstream(call -> call.write(head + "Connection: close\r\nContent-Length: 2\r\n\r\n{}"));
    }

    private static HostedProvider keyed(ProviderType type, URI upstream) {
        UpstreamAuth access = type.equals(ProviderType.BEDROCK)
                ? new UpstreamAuth.Aws(
                        "eu-central-1", new AwsCredentials.Keys("AKIA1", new Secret(KEY), Optional.empty()))
                : new UpstreamAuth.Key(
                        type.equals(ProviderType.ANTHROPIC) ? "x-api-key" : "Authorization", "", new Secret(KEY));
        return new HostedProvider(
                provider("mine", type), new Upstream.Remote(upstream, access, "run rpkai secret set MINE"));
    }
}
