package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.ADMIN_TOKEN;
import static tests.gateway.TestGateway.INVOKER_TOKEN;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.demo;
import static tests.gateway.TestGateway.errorMessage;
import static tests.gateway.TestGateway.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;
import tests.support.Gate;
import tests.support.Machine;
import tests.support.upstream.Recorded;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.Reply;

/// Tests creating, changing and deleting MCP servers on a running gateway, and the calls relayed to them.
class McpProxyTest {
    private static final String KEY = "key-of-the-server";
    private static final String MESSAGE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

    @TempDir
    Path temp;

    private final RecordingUpstream upstream = RecordingUpstream.start();
    private GatewayState state;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        state = GatewayState.open(
                temp.resolve("state"), new Machine(temp).with("KEY", KEY).host(), new SecretVariables(Set.of("KEY")));
        gateway = TestGateway.with(config -> config.withState(state), demo());
        upstream.handle(call -> Reply.json(200, call.json()).header("Mcp-Session-Id", "s1"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        state.close();
        upstream.close();
    }

    @Test
    void aServerIsServedFromItsCreationUntilItsDeletion() throws Exception {
        assertEquals(404, post("github", TOKEN).statusCode());
        var made = ok(
                        "CreateMCPServer",
                        "{mcpServer: {name: github, enabled: true, remote: {url: '%s/mcp'}}}".formatted(upstream.url()))
                .path("mcpServer");

        assertEquals("MCP_SERVER_TYPE_REMOTE", made.path("type").asText());
        assertEquals(gateway.url() + "/mcp/v1/github", made.path("url").asText());
        assertEquals(made, ok("GetMCPServer", "{name: github}").path("mcpServer"));
        assertEquals(
                List.of("github"), ok("ListMCPServers", "{}").path("mcpServers").findValuesAsText("name"));
        assertEquals(200, post("github", INVOKER_TOKEN).statusCode());

        ok("UpdateMCPServer", "{mcpServer: {name: github}, updateMask: enabled}");
        assertEquals(
                "MCP server \"github\" is disabled: run rpkai mcp update github --enabled",
                errorMessage(post("github", TOKEN)));
        assertEquals("{}", ok("DeleteMCPServer", "{name: github}").toString());
        assertEquals(404, post("github", TOKEN).statusCode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | authorization | ``",
                "{none: {}} | authorization | ``",
                "{staticKey: {keyRef: KEY}} | authorization | Bearer key-of-the-server",
                "{staticKey: {keyRef: KEY, headerName: X-Api-Key}} | x-api-key | key-of-the-server"
            })
    void theServerGetsItsOwnSecretAndNeverTheGatewaysToken(String auth, String header, String value) throws Exception {
        create("authConfig: " + auth);
        var session = open(TOKEN);
        var before = upstream.requests().size();

        var answer = gateway.send(to("s?a=b")
                .header("Authorization", "Bearer " + TOKEN)
                .header("X-Redpanda-Cloud-Token", TOKEN)
                .header("X-Echo", "is " + TOKEN)
                .header("Mcp-Session-Id", session)
                .header("MCP-Protocol-Version", "2025-11-25")
                .POST(BodyPublishers.ofString(MESSAGE)));

        assertEquals(MESSAGE, answer.body());
        assertEquals(Optional.of(session), answer.headers().firstValue("Mcp-Session-Id"));
        var call = upstream.requests().get(before);
        assertEquals("/mcp?a=b", call.target());
        assertEquals(value, call.header(header).orElse(""));
        assertEquals(
                List.of("s1", "2025-11-25"),
                List.of(
                        call.header("Mcp-Session-Id").orElse(""),
                        call.header("MCP-Protocol-Version").orElse("")));
        assertFalse(
                call.toString().contains(TOKEN) || call.headers().toString().contains(TOKEN),
                call.headers().toString());
    }

    @Test
    void withPassthroughTheCallersOwnCredentialGoesThere() throws Exception {
        create("authConfig: {tokenPassthrough: {}}");

        assertEquals(400, post("s", TOKEN).statusCode());
        var answer = gateway.send(to("s").header("Authorization", "Bearer my-own")
                .header("X-Redpanda-Cloud-Token", TOKEN)
                .POST(BodyPublishers.ofString(MESSAGE)));

        assertEquals(200, answer.statusCode());
        assertEquals(
                List.of(Optional.of("my-own"), Optional.empty()),
                List.of(
                        upstream.requests().getFirst().bearer(),
                        upstream.requests().getFirst().header("X-Redpanda-Cloud-Token")));
    }

    @Test
    void anOauthServerGetsATokenThatTheGatewayFetchesOnce() throws Exception {
        upstream.handle(call -> call.path().equals("/token")
                ? Reply.json(200, yaml("{access_token: fetched, expires_in: 3600}"))
                : Reply.json(200, call.json()));
        create("authConfig: {oauth: {clientId: me, clientSecretRef: KEY, tokenUrl: '%s/token', scopes: [a, b]}}"
                .formatted(upstream.url()));

        assertEquals(200, post("s", TOKEN).statusCode());
        assertEquals(200, post("s", TOKEN).statusCode());

        var asked = upstream.requests().stream()
                .filter(call -> call.path().equals("/token"))
                .toList();
        assertEquals(
                List.of("grant_type=client_credentials&client_id=me&client_secret=key-of-the-server&scope=a+b"),
                asked.stream().map(Recorded::text).toList());
        assertEquals(Optional.of("fetched"), upstream.requests().getLast().bearer());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "staticKey: {keyRef: MISSING} | its secret MISSING is not set: run rpkai secret set MISSING",
                "oauth: {clientId: me, clientSecretRef: KEY, tokenUrl: 'http://127.0.0.1:1/'} | its "
                        + "token URL cannot be reached"
            })
    void aMissingSecretIsReported(String auth, String why) throws Exception {
        create("authConfig: {%s}".formatted(auth));

        var answer = post("s", TOKEN);

        assertEquals(502, answer.statusCode());
        assertTrue(errorMessage(answer).startsWith("MCP server \"s\" cannot be reached: " + why), answer.body());
        assertEquals(List.of(), upstream.requests());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET", "DELETE"})
    void aSessionBelongsToTheCallerWhoOpenedIt(String method) throws Exception {
        create("");
        ok(
                "CreateMCPServer",
                "{mcpServer: {name: other, enabled: true, remote: {url: '%s/mcp'}}}".formatted(upstream.url()));
        var own = open(TOKEN);
        var foreign = open(INVOKER_TOKEN);
        var ofAnotherServer = gateway.send(
                        to("other").header("Authorization", "Bearer " + TOKEN).POST(BodyPublishers.ofString(MESSAGE)))
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
        var before = upstream.requests().size();

        var tampered = (own.startsWith("s1.A") ? "s1.B" : "s1.A") + own.substring(4);
        for (var id : List.of(
                foreign,
                ofAnotherServer,
                "s1",
                tampered,
                "s2" + own.substring(2),
                own + "A",
                own.substring(0, own.length() - 1),
                own.toUpperCase(Locale.ROOT),
                "." + own.substring(3),
                "",
                ".")) {
            var answer = gateway.send(in(id, TOKEN, method));
            assertEquals(404, answer.statusCode(), id);
            assertTrue(errorMessage(answer).contains("initialize a new one"), answer.body());
        }
        assertEquals(
                400,
                gateway.send(in(own, TOKEN, method).header("Mcp-Session-Id", foreign))
                        .statusCode());
        assertEquals(before, upstream.requests().size(), "nothing reaches the server");

        assertEquals(200, gateway.send(in(own, TOKEN, method)).statusCode());
        assertEquals(200, gateway.send(in(foreign, INVOKER_TOKEN, method)).statusCode());
        assertEquals(
                List.of("s1", "s1"),
                upstream.requests().subList(before, before + 2).stream()
                        .map(call -> call.header("Mcp-Session-Id").orElse(""))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessionId=s1", "a=b&session_id=s1", "a=b;mcp-session-id=s1", "%73essionId=s1"})
    void aSessionIsNamedInItsHeaderOnly(String query) throws Exception {
        create("");
        var request = gateway.anonymous("/mcp/v1/s?" + query)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + TOKEN)
                .POST(BodyPublishers.ofString(MESSAGE));

        assertEquals(400, gateway.send(request).statusCode());
        assertEquals(List.of(), upstream.requests());
    }

    @Test
    void aSessionInAnotherSpellingOfItsHeaderStaysHere() throws Exception {
        create("");
        gateway.send(to("s").header("Authorization", "Bearer " + TOKEN)
                .header("Mcp_Session_Id", "s1")
                .POST(BodyPublishers.ofString(MESSAGE)));

        assertEquals(Optional.empty(), upstream.requests().getLast().header("Mcp_Session_Id"));
    }

    @Test
    void aSessionOutlivesARestartOfTheGateway() throws Exception {
        create("");
        var session = open(TOKEN);
        gateway.close();
        state.close();
        start();

        assertEquals(200, gateway.send(in(session, TOKEN, "POST")).statusCode());
        assertEquals(404, gateway.send(in(session, INVOKER_TOKEN, "POST")).statusCode());
    }

    private String open(String token) throws Exception {
        return post("s", token).headers().firstValue("Mcp-Session-Id").orElseThrow();
    }

    private HttpRequest.Builder in(String session, String token, String method) {
        var body = method.equals("POST") ? BodyPublishers.ofString(MESSAGE) : BodyPublishers.noBody();
        return to("s").header("Authorization", "Bearer " + token)
                .header("Mcp-Session-Id", session)
                .method(method, body);
    }

    @Test
    void aStreamOpensBeforeItsFirstEvent() throws Exception {
        create("");
        var gate = new Gate();
        upstream.handle(_ -> Reply.events(List.of("data: {}\n\n")).holdAfter(0, gate));

        var answer = gateway.stream(
                to("s").header("Authorization", "Bearer " + TOKEN).GET());

        assertEquals(":\n\n", new String(answer.body().readNBytes(3)));
        gate.open();
        assertEquals("data: {}", new String(answer.body().readNBytes(8)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aServerThatDiesInTheMiddleOfACallEndsTheStreamWithAnErrorForThatCall(int events) throws Exception {
        create("");
        upstream.handle(_ -> Reply.events(List.of(
                        "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n", "data: {}\n\n"))
                .cutAfter(events));

        var answer = post("s", TOKEN);

        assertEquals(200, answer.statusCode());
        var last = answer.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .toList()
                .getLast()
                .substring(6);
        assertEquals(
                json("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32000,\"message\":\"MCP server "
                        + "\\\"s\\\" cannot be reached: it closed the connection before it answered\"}}"),
                json(last));
        assertTrue(answer.body().endsWith("\n\n"), answer.body());
    }

    @Test
    void aStreamOfNoCallIsCutWithItsServer() throws Exception {
        create("");
        upstream.handle(
                _ -> Reply.events(List.of("data: {}\n\n", "data: {}\n\n")).cutAfter(1));

        var answer = gateway.stream(
                to("s").header("Authorization", "Bearer " + TOKEN).GET());

        assertThrows(IOException.class, () -> answer.body().readAllBytes());
    }

    @Test
    void aServerThatIsDownIsAnErrorForThatCall() throws Exception {
        create("");
        upstream.handle(_ -> Reply.dropped());

        var answer = post("s", TOKEN);

        assertEquals(502, answer.statusCode());
        assertEquals(1, json(answer.body()).path("id").asInt(), answer.body());
        assertTrue(errorMessage(answer).startsWith("MCP server \"s\" cannot be reached"), answer.body());
    }

    @Test
    void anUnauthorisedCallIsRejectedInTheFormatThatClientsRead() throws Exception {
        create("");

        var answer = post("s", "guessed");

        assertEquals(401, answer.statusCode());
        assertEquals(
                json("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"no "
                        + "valid gateway token: run rpkai auth login\"}}"),
                json(answer.body()));
        assertEquals(Optional.of("Bearer"), answer.headers().firstValue("WWW-Authenticate"));
        assertEquals(403, call("ListMCPServers", "{}", INVOKER_TOKEN).statusCode());
        assertTrue(call("DeleteMCPServer", "{name: s}", TOKEN)
                .body()
                .contains("user lacks dataplane_adp_mcpserver_delete"));
        assertTrue(errorMessage(post("s-code", TOKEN)).startsWith("MCP server \"s\" has no code mode"));
        assertEquals(404, post("nothing/below", TOKEN).statusCode());
        assertEquals(List.of(), upstream.requests());
    }

    @Test
    void aRedirectIsNotFollowedWithASecret() throws Exception {
        create("authConfig: {staticKey: {keyRef: KEY}}");
        upstream.handle(_ -> Reply.of(307, "text/plain", "").header("Location", "http://127.0.0.1:1/"));

        assertEquals(
                "MCP server \"s\" cannot be reached: its upstream redirects to another address, and the "
                        + "gateway does not follow redirects",
                errorMessage(post("s", TOKEN)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "remote: {} | mcpServer.remote.url",
                "remote: {url: 'http://169.254.169.254/'} | mcpServer.remote.url",
                "remote: {url: 'https://a.example', transport: MCP_TRANSPORT_SSE} | mcpServer.remote.transport",
                "remote: {url: 'https://a.example', authConfig: {staticKey: {keyRef: sk-Hunter2}}} | "
                        + "mcpServer.remote.authConfig.staticKey.keyRef",
                "remote: {url: 'https://a.example', authConfig: {staticKey: {keyRef: KEY, headerName: "
                        + "Host}}} | mcpServer.remote.authConfig.staticKey.headerName",
                "remote: {url: 'https://a.example', authConfig: {none: {}, tokenPassthrough: {}}} | "
                        + "mcpServer.remote.authConfig.tokenPassthrough",
                "codeMode: true, remote: {url: 'https://a.example'} | mcpServer.codeMode",
                "remote: {url: 'https://a.example', authConfig: {oauth: {clientId: a, clientSecretRef: "
                        + "KEY, tokenUrl: 'http://public.example'}}} | mcpServer.remote.authConfig.oauth.tokenUrl",
                "remote: {url: 'https://a.example', authConfig: {userOauth: {providerName: x}}} | "
                        + "mcpServer.remote.authConfig.userOauth",
                "managed: {x: 1} | mcpServer.managed",
                "description: x | mcpServer.type"
            })
    void aServerThatCannotBeIsRefusedWithThePathOfTheFault(String fields, String path) throws Exception {
        var answer = call("CreateMCPServer", "{mcpServer: {name: s, %s}}".formatted(fields), ADMIN_TOKEN);

        assertEquals(400, answer.statusCode(), answer.body());
        assertEquals(
                path,
                json(answer.body())
                        .at("/details/0/debug/fieldViolations/0/field")
                        .asText(),
                answer.body());
        assertFalse(answer.body().contains("Hunter2"), answer.body());
    }

    @Test
    void oneCredentialTakesThePlaceOfAnother() throws Exception {
        create("authConfig: {staticKey: {keyRef: KEY}}");

        var auth = ok(
                        "UpdateMCPServer",
                        "{mcpServer: {name: s, remote: {authConfig: {none: {}}}}, updateMask: remote.authConfig.none}")
                .at("/mcpServer/remote/authConfig");

        assertEquals(json("{\"none\": {}}"), auth);
    }

    private void create(String more) throws Exception {
        ok(
                "CreateMCPServer",
                "{mcpServer: {name: s, enabled: true, remote: {url: '%s/mcp', %s}}}".formatted(upstream.url(), more));
    }

    private HttpRequest.Builder to(String server) {
        return gateway.anonymous("/mcp/v1/" + server)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream");
    }

    private HttpResponse<String> post(String server, String token) throws Exception {
        return gateway.send(
                to(server).header("Authorization", "Bearer " + token).POST(BodyPublishers.ofString(MESSAGE)));
    }

    private JsonNode ok(String method, String yaml) throws Exception {
        var answer = call(method, yaml, ADMIN_TOKEN);
        assertEquals(200, answer.statusCode(), answer.body());
        return json(answer.body());
    }

    private HttpResponse<String> call(String method, String yaml, String token) throws Exception {
        return gateway.send(gateway.anonymous("/redpanda.api.adp.v1alpha1.MCPServerService/" + method)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(yaml(yaml).toString())));
    }

    private static JsonNode yaml(String text) {
        try {
            return new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
