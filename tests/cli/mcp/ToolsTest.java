package tests.cli.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.McpStub;
import tests.support.upstream.Recorded;
import tests.support.upstream.Reply;

/// `rpkai mcp tools` against an MCP server that speaks streamable HTTP strictly.
class ToolsTest {
    private static final String TOKEN = "gateway-token-of-the-test";

    @TempDir
    Path temp;

    private final FakeGateway gateway = FakeGateway.start();
    private final McpStub stub = new McpStub()
            .tool(
                    json("{'name': 'echo', 'description': 'Says it again.\\nAnd more.', "
                            + "'inputSchema': {'type': 'object', 'properties': {'message': {'type': "
                            + "'string'}, 'times': {'type': 'integer'}}, 'required': ['message']}}"),
                    arguments -> McpStub.text(arguments.toString()))
            .tool(
                    json("{'name': 'fail', 'description': 'Fails.', 'inputSchema': {'type': 'object'}}"),
                    _ -> McpStub.text("it broke").put("isError", true));
    private Machine machine;

    @BeforeEach
    void aGateway() {
        gateway.serving("github", stub).tokens(TOKEN::equals);
        machine = new Machine(temp)
                .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", TOKEN);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void toolsAreListedPageByPageAndTheSessionEnds() throws Exception {
        stub.largestPage(1);

        assertEquals(
                "NAME  DESCRIPTION\necho  Says it again.\nfail  Fails.\n",
                run("mcp tools list github").out());
        assertEquals("DELETE", gateway.requests().getLast().method());
        assertTrue(
                run("mcp tools ls github -o wide").out().contains("echo  message, [times]  Says it again. And more."));
        assertEquals(
                "string",
                new ObjectMapper()
                        .readTree(run("mcp tools list github -o json").out())
                        .at("/0/inputSchema/properties/message/type")
                        .asText());
    }

    @Test
    void serversThatAnswerInStreamsAreHeardToo() {
        stub.streaming();

        assertEquals(
                "{\"message\":\"hi\"}\n",
                run("mcp tools call github echo -a message=hi").out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-a message=5 | {\"message\":\"5\"}",
                "-a times=5 | {\"times\":5}",
                "--input {\"a\":[1]} -a message={} | {\"a\":[1],\"message\":\"{}\"}",
                "--input @in.json -a message=x=y | {\"message\":\"x=y\"}",
                "`` | {}"
            })
    void argumentsAreConvertedAsTheSchemaSays(String flags, String arguments) {
        machine.write("work/in.json", "{\"message\": \"replaced\"}");

        assertEquals(
                arguments + "\n",
                run(("mcp tools call github echo " + flags).strip()).out());
    }

    @Test
    void codeModeHasAnEndpointOfItsOwn() {
        gateway.serving(
                "github-code",
                new McpStub()
                        .tool(
                                json("{'name': 'github_search', 'inputSchema': {'type': 'object'}}"),
                                _ -> McpStub.text("found")));

        assertEquals(
                "NAME           DESCRIPTION\ngithub_search\n",
                run("mcp tools list github --code-mode").out());
        assertEquals(
                "found\n",
                run("mcp tools call github github_search --code-mode").out());
    }

    @Test
    void aToolThatFailsIsAFailure() {
        var result = run("mcp tools call github fail");

        assertEquals(List.of(1, "", "it broke\n"), List.of(result.exitCode(), result.out(), result.err()));
        assertEquals(1, run("mcp tools call github fail -o json").exitCode());
    }

    @Test
    void contentOfAnUnknownKindIsPrintedAsJson() {
        stub.tool(json("{'name': 'new', 'inputSchema': {'type': 'object'}}"), _ -> {
            var result = McpStub.text("before");
            result.withArray("content").addObject().put("type", "hologram").put("depth", 3);
            return result;
        });

        var result = run("mcp tools call github new");

        assertEquals(
                List.of(0, "before\n{\"type\":\"hologram\",\"depth\":3}\n", ""),
                List.of(result.exitCode(), result.out(), result.err()));
        assertTrue(run("mcp tools call github new -o json").out().contains("hologram"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tools/list | MCP server \"ended\" ended the session: run the command again",
                "initialize | MCP server \"ended\" offers no tools: it may have prompts or resources, which "
                        + "only agents read"
            })
    void aServerWithoutToolsAndAnEndedSessionAreCalledThat(String at, String said) {
        gateway.serving("ended", new McpStub() {
            @Override
            public Reply answer(Recorded call) {
                if (!call.method().equals("POST")
                        || !call.json().path("method").asText().equals(at)) return super.answer(call);
                if (at.equals("tools/list")) return Reply.of(404, "text/plain", "no such session");
                var answer = json("{'jsonrpc': '2.0', 'result': {'protocolVersion': '2025-11-25', 'capabilities': "
                        + "{}, 'serverInfo': {'name': 'x', 'version': '1'}}}");
                answer.set("id", call.json().path("id"));
                return Reply.json(200, answer).header("Mcp-Session-Id", "session-1");
            }
        });

        assertEquals("rpkai: " + said + "\n", run("mcp tools list ended").err());
    }

    @Test
    void aServersTextCannotMoveTheCursorOrReverseTheWritingDirection() {
        stub.tool(
                json("{'name': 'x\\u001b[2J', 'description': 'a\\u009b1m\\rb\\u202e', 'inputSchema': "
                        + "{'type': 'object'}}"),
                _ -> McpStub.text("one\u001b]0;t\u0007\r\ntwo\u202e\u009b\tthree"));

        for (var line : List.of(
                "mcp tools list github",
                "mcp tools list github -o wide",
                "mcp tools list github -o json",
                "mcp tools list github -o yaml",
                "mcp tools list github -o markdown")) {
            var out = run(line).out();
            assertFalse(out.matches("(?s).*[\\p{Cc}&&[^\\n]].*"), out);
        }
        assertEquals(
                "one ]0;t\ntwo  \tthree\n",
                machine.run("mcp", "tools", "call", "github", "x\u001b[2J")
                        .out()
                        .replace("  ", " ")
                        .replace("t \n", "t\n")
                        .replace("two \t", "two  \t"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mcp tools call github eco | has no tool \"eco\": did you mean \"echo\"?",
                "mcp tools call github echo -a times=x | --arg times must be integer, not \"x\"",
                "mcp tools call github echo -a x | --arg must be KEY=VALUE",
                "mcp tools call github echo --input [] | --input is not a JSON object",
                "mcp tools call github echo --input @nope.json | cannot read @nope.json",
                "mcp tools list nope | there is no MCP server at",
                "mcp tools list github --code-mode | omit --code-mode",
                "mcp tools list ../x | is not an MCP server name",
                "mcp tools list github --timeout 0 | at least 1s"
            })
    void anErrorIsReportedInOneLine(String line, String said) {
        var result = run(line);

        assertTrue(result.exitCode() > 0 && result.err().contains(said), result.toString());
        assertEquals(1, result.err().lines().count(), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"no token", "forbidden", "html", "cut", "json-rpc", "other", "too much", "dropped"})
    void everyFailureIsReportedInOneLineWithoutTheToken(String what) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("error").put("message", "not for " + TOKEN + "\u001b[2J");
        switch (what) {
            case "no token" -> gateway.tokens(_ -> false);
            case "forbidden" ->
                gateway.failAlways(Endpoint.MCP, Fault.connect("permission_denied", "not for " + TOKEN + "\u001b[2J"));
            case "html" -> gateway.failAlways(Endpoint.MCP, Fault.html(200));
            case "cut" -> gateway.failAlways(Endpoint.MCP, Fault.cutHalfway());
            case "json-rpc" -> gateway.failAlways(Endpoint.MCP, _ -> Reply.json(502, body));
            case "other" ->
                gateway.failAlways(
                        Endpoint.MCP, _ -> Reply.json(200, json("{'jsonrpc': '2.0', 'id': 99, 'result': {}}")));
            case "too much" ->
                gateway.failAlways(
                        Endpoint.MCP, _ -> Reply.of(200, "application/json", "\"" + "x".repeat(17 << 20) + "\""));
            default -> gateway.failAlways(Endpoint.MCP, _ -> Reply.dropped());
        }

        var result = run("mcp tools list github --timeout 2s");

        assertEquals(1, result.exitCode(), result.toString());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("rpkai: ") && !result.err().contains("internal error"), result.err());
        assertFalse(result.err().contains(TOKEN) || result.err().contains("\u001b"), result.err());
    }

    @Test
    void aServerOfPagesWithoutEndIsNotFollowedForEver() {
        gateway.serving("endless", new McpStub() {
            @Override
            public Reply answer(Recorded call) {
                if (!call.text().contains("tools/list")) return super.answer(call);
                var body = json("{'jsonrpc': '2.0', 'result': {'tools': [], 'nextCursor': 'x'}}");
                body.set("id", call.json().path("id"));
                return Reply.json(200, body);
            }
        });

        assertEquals("NAME  DESCRIPTION\n", run("mcp tools list endless").out());
    }

    @Test
    void theEmbeddedGatewayOfALaunchHasNone() {
        var nobody = new Machine(temp.resolve("nobody"));

        assertTrue(nobody.run("mcp", "tools", "list", "x")
                .err()
                .contains("the embedded gateway has no MCP servers: run rpkai gateway"));
        assertEquals(
                Optional.of("NAME  TYPE  ENABLED  DESCRIPTION"),
                nobody.run("mcp", "list").out().lines().findFirst());
    }

    private Machine.Result run(String line) {
        return machine.run(line.split(" "));
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
