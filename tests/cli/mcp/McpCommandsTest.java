package tests.cli.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;

/// `rpkai mcp` against the second implementation of the wire.
class McpCommandsTest {
    @TempDir
    Path temp;

    private final FakeGateway gateway = FakeGateway.start();
    private Machine machine;

    @BeforeEach
    void aGateway() {
        gateway.server(server("{name: github, type: MCP_SERVER_TYPE_REMOTE, enabled: true, description: Issues "
                + "and code, remote: {url: 'https://github.example/mcp', transport: "
                + "MCP_TRANSPORT_STREAMABLE_HTTP, authConfig: {staticKey: {keyRef: GITHUB_TOKEN}}}}"));
        gateway.server(server("{name: slack, type: MCP_SERVER_TYPE_MANAGED, codeMode: true, managed: {typeUrl: "
                + "x}, tools: [{name: post}, {name: read}]}"));
        machine = new Machine(temp)
                .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", "t");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void serversAreListedInEveryFormat() {
        assertEquals("""
                NAME    TYPE     ENABLED  DESCRIPTION
                github  remote   yes      Issues and code
                slack   managed  no
                """, run("mcp list").out());
        assertEquals("""
                NAME    TYPE     ENABLED  DESCRIPTION      UPSTREAM                    SIGNS IN BY  CODE MODE  \
                TOOLS  URL
                github  remote   yes      Issues and code  https://github.example/mcp  staticKey    \
                no                %1$s/mcp/v1/github
                slack   managed  no                                                                 yes        \
                2      %1$s/mcp/v1/slack
                """.formatted(gateway.url()), run("mcp list -o wide").out());
        assertEquals(
                List.of("github", "slack"),
                yaml(run("mcp ls -o yaml").out())
                        .valueStream()
                        .map(server -> server.path("name").asText())
                        .toList());
        assertEquals(
                gateway.storedServer("github"),
                yaml(run("mcp get github -o json").out()));
        assertTrue(run("mcp get github").out().contains("REMOTE / AUTH CONFIG / STATIC KEY / KEY REF  GITHUB_TOKEN"));
        assertEquals(
                "TYPE                         NAME   CATEGORY       DESCRIPTION\n"
                        + "redpanda.mcp.SlackMCPConfig  Slack  COMMUNICATION  Reads and posts messages\n",
                run("mcp types").out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--url https://a.example/mcp | {name: new, type: MCP_SERVER_TYPE_REMOTE, enabled: true, "
                        + "remote: {url: 'https://a.example/mcp', transport: MCP_TRANSPORT_STREAMABLE_HTTP}}",
                "--url https://a.example --transport sse --enabled=false --no-auth | {name: new, type: "
                        + "MCP_SERVER_TYPE_REMOTE, remote: {url: 'https://a.example', transport: MCP_TRANSPORT_SSE,"
                        + " authConfig: {none: {}}}}",
                "--url https://a.example --key-ref K --header-name X-Key --code-mode | {name: new, type: "
                        + "MCP_SERVER_TYPE_REMOTE, enabled: true, codeMode: true, remote: {url: "
                        + "'https://a.example', transport: MCP_TRANSPORT_STREAMABLE_HTTP, authConfig: {staticKey: "
                        + "{keyRef: K, headerName: X-Key}}}}",
                "--url https://a.example --oauth-client-id me --oauth-client-secret-ref S "
                        + "--oauth-token-url https://t.example --oauth-scopes a,b --oauth-scopes c | {name: new, "
                        + "type: MCP_SERVER_TYPE_REMOTE, enabled: true, remote: {url: 'https://a.example', "
                        + "transport: MCP_TRANSPORT_STREAMABLE_HTTP, authConfig: {oauth: {clientId: me, "
                        + "clientSecretRef: S, tokenUrl: 'https://t.example', scopes: [a, b, c]}}}}",
                "--url https://a.example --token-passthrough | {name: new, type: MCP_SERVER_TYPE_REMOTE, "
                        + "enabled: true, remote: {url: 'https://a.example', transport: "
                        + "MCP_TRANSPORT_STREAMABLE_HTTP, authConfig: {tokenPassthrough: {}}}}"
            })
    void flagsMakeAServer(String flags, String server) {
        var result = run("mcp create new " + flags);

        assertEquals(0, result.exitCode(), result.err());
        assertEquals(yaml(server), ((ObjectNode) gateway.storedServer("new")).without("url"));
    }

    @Test
    void anUpdateChangesTheFieldsOfItsFlagsAndReplacesTheSignInMethod() {
        assertEquals(
                "MCP server \"github\" is disabled.\n",
                run("mcp update github --enabled=false").err());
        assertEquals(
                0, run("mcp update github --token-passthrough --description=").exitCode());

        assertEquals(
                yaml("{tokenPassthrough: {}}"), gateway.storedServer("github").at("/remote/authConfig"));
        assertFalse(gateway.storedServer("github").has("description")
                || gateway.storedServer("github").has("enabled"));
        assertEquals(
                "rpkai: nothing to change: pass at least one flag, such as --enabled=false, or -f\n",
                run("mcp update github").err());
        assertEquals("MCP server \"github\" deleted.\n", run("mcp rm github").err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mcp create new | the MCP server's URL is missing: add --url",
                "mcp create github --url https://a.example | already exists: run rpkai mcp update github",
                "mcp create x --url https://a.example --key-ref ghp_Hunter2 | must be the name of a secret",
                "mcp create x --url https://a.example --no-auth --token-passthrough | two ways "
                        + "to authenticate to the server are given, none and tokenPassthrough",
                "mcp create X --url u | \"X\" is not an MCP server name",
                "mcp get gihtub | did you mean \"github\"?",
                "mcp update nope --enabled | MCP server \"nope\" not found",
                "mcp create x --url u --transport stdio | use streamable_http or sse",
                "mcp update github --clear remote.ulr | did you mean \"remote.url\"?",
                "mcp lst | did you mean",
                "mcp create x -f llm.yaml | is a provider: use rpkai llm"
            })
    void anErrorIsReportedInOneLine(String line, String said) {
        machine.write("work/llm.yaml", "name: x\nopenaiConfig: {apiKeyRef: K}\n");

        var result = run(line);

        assertTrue(
                result.exitCode() > 0
                        && result.err().contains(said)
                        && !result.err().contains("Hunter2"),
                result.err());
    }

    @Test
    void manifestsOfBothKindsAreAppliedByEitherCommand() {
        gateway.provider(ProviderJson.anthropic("claude"));
        machine.write(
                "work/all.yaml",
                "name: github\ntype: MCP_SERVER_TYPE_REMOTE\ndescription: Code\n---\nname: claude\ntype: "
                        + "anthropic\ndescription: x\n---\nname: fresh\nremote: {url: https://f.example, "
                        + "transport: MCP_TRANSPORT_STREAMABLE_HTTP}\n");

        var diff = run("mcp diff --keep-omitted -f all.yaml");
        assertEquals(1, diff.exitCode());
        assertTrue(
                diff.out().contains("~ provider claude (update)") && diff.out().contains("+ fresh (create, remote)"),
                diff.out());
        var applied = run("llm apply --keep-omitted -f all.yaml");

        assertTrue(
                applied.out()
                        .contains("MCP server fresh created (disabled: the manifest does not contain enabled: true)\n"),
                applied.out() + applied.err());
        assertEquals("Code", gateway.storedServer("github").path("description").asText());
        assertEquals("x", gateway.stored("claude").path("description").asText());
    }

    @Test
    void theTransportMayBeSpeltAsEverywhereElse() {
        machine.write(
                "work/m.yaml",
                "'@type': type.googleapis.com/redpanda.api.adp.v1alpha1.MCPServer\nname: github\n"
                        + "enabled: true\ndescription: Issues and code\nremote:\n  url: https://github.example/mcp\n"
                        + "  transport: streamable-http\n  auth_config: {static_key: {key_ref: GITHUB_TOKEN}}\n");

        assertEquals(new Machine.Result(0, "", "1 unchanged\n"), run("mcp diff -f m.yaml"));
        run("mcp create web --url https://w.example --transport streamable-http");
        assertEquals(
                "MCP_TRANSPORT_STREAMABLE_HTTP",
                gateway.storedServer("web").at("/remote/transport").asText());
    }

    @Test
    void aFieldThatAServersManifestDoesNotNameIsCleared() {
        machine.write(
                "work/m.yaml",
                "name: github\nremote: {url: 'https://github.example/mcp', transport: streamable_http, "
                        + "authConfig: {staticKey: {keyRef: GITHUB_TOKEN}}}\n");

        assertEquals(
                "github updated (description, enabled)\n",
                run("mcp apply -f m.yaml").out());
        assertFalse(gateway.storedServer("github").has("description")
                || gateway.storedServer("github").has("enabled"));
    }

    /// Those of every way to sign in, with and without every optional field.
    @Test
    void applyingTheOutputOfGetChangesNothing() {
        var random = new Random(20261122);
        IntStream.range(0, 300).forEach(i -> gateway.server(random("s" + i, random)));

        var result = machine.typing(run("mcp list -o yaml").out()).run("mcp", "apply", "-f", "-");

        assertEquals(
                "302 unchanged\n",
                result.err(),
                result.out()
                        .lines()
                        .filter(line -> !line.endsWith(" unchanged"))
                        .findFirst()
                        .orElse(""));
        assertEquals(List.of(), gateway.managementCalls("UpdateMCPServer"));
    }

    private static ObjectNode random(String name, Random random) {
        var server = server("{name: %s}".formatted(name));
        for (var field : List.of("description", "credentialMode"))
            if (random.nextBoolean())
                server.put(field, List.of("x", "5", "no", "a: b", "ü\n#", "~").get(random.nextInt(6)));
        for (var field : List.of("enabled", "codeMode")) if (random.nextBoolean()) server.put(field, true);
        if (random.nextInt(4) == 0)
            server.putArray("tools")
                    .addObject()
                    .put("name", "t")
                    .put("description", "d")
                    .putObject("inputSchema")
                    .put("type", "object");
        if (random.nextInt(5) == 0) server.put("fromTheFuture", "x");
        if (random.nextInt(4) == 0) {
            server.put("type", "MCP_SERVER_TYPE_MANAGED")
                    .putObject("managed")
                    .put("anything", random.nextInt())
                    .putArray("list")
                    .add(true);
            return server;
        }
        var remote = server.put("type", "MCP_SERVER_TYPE_REMOTE")
                .putObject("remote")
                .put("url", "https://r.example/" + random.nextInt())
                .put("transport", random.nextBoolean() ? "MCP_TRANSPORT_SSE" : "MCP_TRANSPORT_STREAMABLE_HTTP");
        var auths = List.of(
                "{none: {}}",
                "{staticKey: {keyRef: NO}}",
                "{staticKey: {keyRef: K, headerName: X-K}}",
                "{tokenPassthrough: {}}",
                "{oauth: {clientId: '5', clientSecretRef: S, tokenUrl: 'https://t.example', scopes: [a, 'no']}}",
                "{userOauth: {providerName: p, requiredScopes: [s], injection: {headerName: H, "
                        + "headerPrefix: 'Bearer '}}}");
        if (random.nextInt(6) > 0) remote.set("authConfig", yaml(auths.get(random.nextInt(auths.size()))));
        return server;
    }

    private Machine.Result run(String line) {
        return machine.run(line.split(" "));
    }

    private static ObjectNode server(String text) {
        return (ObjectNode) yaml(text);
    }

    private static JsonNode yaml(String text) {
        try {
            return new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
