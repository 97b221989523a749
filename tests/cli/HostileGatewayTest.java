package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tests.support.Fault;
import tests.support.Gate;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.McpJson;
import tests.support.gateway.ProviderJson;

/// Runs every command that calls the gateway against a gateway that is newer than the command, or answers
/// unexpectedly.
class HostileGatewayTest {
    private static final String TOKEN = "gateway-token-of-the-test";
    private static final List<String> COMMANDS = List.of(
            "llm list",
            "llm list -o wide",
            "llm list -o json",
            "llm get claude",
            "llm get claude -o yaml",
            "llm create new --openai-config.api-key-ref K",
            "llm update claude --display-name X",
            "llm update gpt --pricing model=m,input=1",
            "llm delete gpt",
            "llm check claude",
            "llm types",
            "llm apply -f m.yaml",
            "llm diff -f m.yaml",
            "model list",
            "model get sonnet",
            "mcp list",
            "mcp list -o json",
            "mcp get github -o yaml",
            "mcp create new --url https://new.example/mcp",
            "mcp update github --description X",
            "mcp update github --no-auth",
            "mcp delete github",
            "mcp types",
            "mcp apply -f s.yaml",
            "mcp diff -f s.yaml",
            "connect claude --client curl",
            "connect --server github --client claude");

    @TempDir
    Path temp;

    private final FakeGateway gateway = FakeGateway.start();
    private Machine machine;

    @BeforeEach
    void aGateway() {
        fill(gateway);
        machine = machine(gateway, temp);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    static Stream<String> commands() {
        return COMMANDS.stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void fieldsOfTheFutureAndPagesOfOneChangeNothing(String command) {
        try (var plain = FakeGateway.start()) {
            fill(plain);
            var expected = machine(plain, temp.resolve("plain")).run(command.split(" "));
            gateway.largestPage(1);
            gateway.failEverywhere(Fault.unknownFields());

            var result = machine.run(command.split(" "));

            assertEquals(expected.exitCode(), result.exitCode(), result.toString());
            assertEquals(expected.err().replace(plain.url(), ""), result.err().replace(gateway.url(), ""));
            // Commands that print the API's own objects also print their new fields.
            if (!command.matches("llm get.*|model get.*|mcp get.*|.*json"))
                assertEquals(
                        expected.out().replace(plain.url(), ""), result.out().replace(gateway.url(), ""));
            else assertTrue(result.out().contains("FUTURE_VALUE"), result.out());
        }
    }

    static Stream<Arguments> failures() {
        return COMMANDS.stream()
                .filter(command -> !command.contains(" -o "))
                .flatMap(command -> Stream.of(
                        Arguments.of(command, "cut off half-way", Fault.cutHalfway()),
                                Arguments.of(
                                        command, "429 for ten minutes", Fault.tooManyRequests(Duration.ofMinutes(10))),
                        Arguments.of(command, "a captive portal", Fault.html(200)),
                                Arguments.of(
                                        command,
                                        "an error of the future",
                                        Fault.connect("internal", "not for " + TOKEN + "\n\u001b[2J"))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("failures")
    void everyFailureIsReportedInOneLineWithoutTheToken(String command, String what, Fault fault) {
        gateway.failEverywhere(fault);

        var result = machine.run(command.split(" "));

        assertEquals(command.matches("(llm|mcp) diff.*") ? 2 : 1, result.exitCode(), result.toString());
        assertEquals("", result.out());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("rpkai: ") && !result.err().contains("internal error"), result.err());
        assertFalse(result.err().contains(TOKEN) || result.err().contains("\u001b"), result.err());
    }

    @Test
    void aGatewayThatAsksForASecondsPatienceGetsIt() {
        gateway.fail(Endpoint.LIST_PROVIDERS, 1, Fault.tooManyRequests(Duration.ofSeconds(1)));

        assertEquals(0, machine.run("llm", "list").exitCode());
        assertEquals(2, gateway.managementCalls("ListLLMProviders").size());
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE_PROVIDER,llm create new --openai-config.api-key-ref K,CreateLLMProvider",
        "DELETE_PROVIDER,llm delete gpt,DeleteLLMProvider"
    })
    void aCallThatMustNotRunTwiceIsRetriedOnlyAfterARateLimit(Endpoint endpoint, String command, String method) {
        gateway.fail(endpoint, 1, Fault.tooManyRequests(Duration.ZERO));
        assertEquals(0, machine.run(command.split(" ")).exitCode());
        assertEquals(2, gateway.managementCalls(method).size());

        gateway.fail(endpoint, 1, Fault.lost());
        assertEquals(
                1,
                machine.run(command.replace("new", "newer")
                                .replace("gpt", "claude")
                                .split(" "))
                        .exitCode());
        assertEquals(3, gateway.managementCalls(method).size());
    }

    @Test
    void aSlowAnswerIsWaitedFor() {
        var gate = new Gate();
        gateway.fail(Endpoint.LIST_PROVIDERS, 1, Fault.heldAnswer(gate));
        var run = CompletableFuture.supplyAsync(() -> machine.run("llm", "list"));
        gate.awaitArrivals(1, Duration.ofMinutes(2));

        assertFalse(run.isDone());
        gate.open();

        assertEquals(0, run.join().exitCode());
    }

    @Test
    void aTypeOfTheFutureIsListedAndManagedAsFarAsThatGoes() {
        gateway.provider(ProviderJson.ofUnknownType("next", "m"));

        assertTrue(
                machine.run("llm", "list").out().contains("next    from_the_future  yes      m"),
                machine.run("llm", "list").out());
        assertEquals(
                0, machine.run("llm", "update", "next", "--display-name", "X").exitCode());
        assertEquals("X", gateway.stored("next").path("displayName").asText());
        assertTrue(gateway.stored("next").path("futureConfig").isObject());
        assertEquals(0, machine.run("llm", "delete", "next").exitCode());
    }

    private static void fill(FakeGateway gateway) {
        gateway.server(McpJson.remote("github"));
        gateway.provider(ProviderJson.anthropic("claude", "sonnet", "opus"))
                .provider(ProviderJson.openai("gpt", "m"))
                .model(JsonNodeFactory.instance
                        .objectNode()
                        .put("name", "sonnet")
                        .put("providerType", "LLM_PROVIDER_TYPE_ANTHROPIC"));
    }

    private static Machine machine(FakeGateway gateway, Path root) {
        var machine = new Machine(root)
                .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", TOKEN);
        machine.write(
                "work/s.yaml",
                "mcpServer: {name: github, description: x}\n---\nname: other\nremote: {url: "
                        + "https://other.example, transport: MCP_TRANSPORT_STREAMABLE_HTTP}\n");
        machine.write("work/m.yaml", "name: claude\ndescription: x\n---\nname: gpt\n");
        return machine;
    }
}
