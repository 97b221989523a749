package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.NO_ROLE_TOKEN;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.errorMessage;
import static tests.gateway.TestGateway.provider;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.UserError;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.gateway.TestGateway;

/// The status of a refusal: the one at which an agent stops and shows it, the wire's own for everyone else.
class ClientAgentTest {
    private static final String CLAUDE_CASE = "'claude-cli/2.1.330 (external, cli)'";
    private static final String CODEX_CASE =
            "'codex_exec/0.169.0 (Debian 12.0.0; x86_64) unknown (codex_exec; 0.169.0)'";
    private static final String CODEX_TUI_CASE = "'codex-tui/0.169.0 (Debian 12.0.0; x86_64) xterm'";

    @ParameterizedTest
    @CsvSource({CLAUDE_CASE + ", 402", CODEX_CASE + ", 400", CODEX_TUI_CASE + ", 400", "curl/8, 403", "'', 403"})
    void aModelThatIsNotAllowed(String agent, int status) throws Exception {
        var answer = ask(agent, TOKEN, "demo", new HostedProvider(provider("demo", true, "m-1"), new Upstream.Demo()));

        assertEquals(status, answer.statusCode());
        assertTrue(errorMessage(answer).endsWith("it allows m-1"), answer.body());
    }

    @ParameterizedTest
    @CsvSource({CLAUDE_CASE + ", 402", CODEX_CASE + ", 400", "curl/8, 403"})
    void aDisabledProvider(String agent, int status) throws Exception {
        var answer = ask(agent, TOKEN, "demo", new HostedProvider(provider("demo", false), new Upstream.Demo()));

        assertEquals(status, answer.statusCode());
        assertTrue(errorMessage(answer).contains("is disabled"), answer.body());
    }

    @ParameterizedTest
    @CsvSource({CLAUDE_CASE + ", 402", CODEX_CASE + ", 400", "curl/8, 404"})
    void anUnknownProvider(String agent, int status) throws Exception {
        assertEquals(status, ask(agent, TOKEN, "nobody").statusCode());
    }

    @ParameterizedTest
    @CsvSource({CLAUDE_CASE + ", 402", CODEX_CASE + ", 400", "curl/8, 502"})
    void aMachineThatIsNotSetUpForTheUpstream(String agent, int status) throws Exception {
        var hosted = new HostedProvider(provider("demo", true), Upstream.open(URI.create("https://upstream.test")));
        try (var gateway = TestGateway.with(
                config -> config.withUpstreams(
                        _ -> {
                            throw new UserError("the variable is wrong", "set it right");
                        },
                        config.upstreams().patience()),
                hosted)) {
            var answer = gateway.send(gateway.request("demo/v1/messages")
                    .header("User-Agent", agent)
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(status, answer.statusCode());
            assertTrue(errorMessage(answer).endsWith("the variable is wrong: set it right"), answer.body());
        }
    }

    @ParameterizedTest
    @CsvSource({CLAUDE_CASE + ", 402", CODEX_CASE + ", 400", "curl/8, 403"})
    void aTokenThatGivesNoRole(String agent, int status) throws Exception {
        var answer = ask(agent, NO_ROLE_TOKEN, "demo", new HostedProvider(provider("demo", true), new Upstream.Demo()));

        assertEquals(status, answer.statusCode());
        assertEquals("ada has no role at this gateway", errorMessage(answer));
    }

    @Test
    void aTokenWithoutARoleNeverAsksTheUserToSignInAgain() throws Exception {
        try (var gateway = TestGateway.serving(TestGateway.demo())) {
            for (var path : List.of(
                    "/redpanda.api.adp.v1alpha1.LLMProviderService/ListLLMProviders",
                    "/redpanda.api.adp.v1alpha1.MCPServerService/ListMCPServers")) {
                var answer = gateway.send(gateway.anonymous(path)
                        .header("Authorization", "Bearer " + NO_ROLE_TOKEN)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{}")));
                assertEquals(403, answer.statusCode(), path);
                assertEquals(
                        "permission_denied",
                        TestGateway.json(answer.body()).path("code").asText());
                assertEquals(
                        "ada has no role at this gateway",
                        TestGateway.json(answer.body()).path("message").asText());
            }
            // A client may send a key of its own beside the token.
            var both = gateway.send(gateway.anonymous("/llm/v1/providers/demo/v1/models")
                    .header("x-api-key", TOKEN)
                    .header("Authorization", "Bearer " + NO_ROLE_TOKEN));
            assertEquals(200, both.statusCode(), both.body());
        }
    }

    @ParameterizedTest
    @CsvSource({CLAUDE_CASE, CODEX_CASE, "curl/8"})
    void anAgentThatCanFetchANewTokenIsToldToSignIn(String agent) throws Exception {
        var answer = ask(agent, "stale", "demo", new HostedProvider(provider("demo", true), new Upstream.Demo()));

        assertEquals(401, answer.statusCode());
        assertTrue(errorMessage(answer).contains("run rpkai auth login"), answer.body());
    }

    @ParameterizedTest
    @CsvSource({CLAUDE_CASE + ", 402", "curl/8, 401"})
    void anAgentThatKeepsItsTokenIsToldToLaunchAgain(String agent, int status) throws Exception {
        var passthrough = Provider.of("demo", ProviderType.ANTHROPIC).withOption(Provider.Option.PASSTHROUGH, true);
        var answer = ask(
                agent,
                "stale",
                "demo",
                new HostedProvider(passthrough, Upstream.passthrough(URI.create("http://127.0.0.1:1"))));

        assertEquals(status, answer.statusCode());
        assertTrue(errorMessage(answer).endsWith("run rpkai auth login, then launch again"), answer.body());
    }

    private static HttpResponse<String> ask(String agent, String token, String provider, HostedProvider... hosted)
            throws Exception {
        try (var gateway = TestGateway.serving(hosted)) {
            var request = gateway.anonymous("/llm/v1/providers/" + provider + "/v1/messages")
                    .header("X-Redpanda-Cloud-Token", token)
                    .POST(BodyPublishers.ofString("{\"model\": \"m-2\"}"));
            if (!agent.isEmpty()) request.header("User-Agent", agent);
            return gateway.send(request);
        }
    }
}
