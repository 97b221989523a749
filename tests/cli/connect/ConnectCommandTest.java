package tests.cli.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.McpJson;
import tests.support.gateway.McpStub;
import tests.support.gateway.ProviderJson;

class ConnectCommandTest {
    private static final String TOKEN = "gateway-token-of-the-test";

    @TempDir
    Path temp;

    private final FakeGateway gateway = FakeGateway.start();
    private Machine machine;

    @BeforeEach
    void aGatewayWithProviders() {
        gateway.provider(ProviderJson.anthropic("claude", "claude-sonnet-5-5"))
                .provider(ProviderJson.passthrough("mine", "m"))
                .provider(ProviderJson.openai("gpt", "gpt-6"))
                .provider(ProviderJson.google("gemini", "gemini-4"))
                .provider(ProviderJson.bedrock("aws", "eu-west-1", "eu.anthropic.x-v1:0"))
                .provider(ProviderJson.openaiCompatible("ollama", "http://localhost:11434/v1", "qwen3"))
                .provider(ProviderJson.ofUnknownType("next"));
        machine = new Machine(temp)
                .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", TOKEN);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claude | curl python node claude",
                "mine | curl python node claude",
                "gpt | curl python node codex",
                "ollama | curl python node codex",
                "gemini | curl python node",
                "aws | curl python node claude"
            })
    void everyClientOfTheTypeGetsTheUrlAndNoSecret(String provider, String clients) throws IOException {
        var snippets = new ObjectMapper()
                .readTree(machine.run("connect", provider, "-o", "json").out());

        assertEquals(
                List.of(clients.split(" ")),
                snippets.valueStream()
                        .map(snippet -> snippet.path("client").asText())
                        .toList());
        for (var snippet : snippets) {
            var text = snippet.path("text").asText();
            assertTrue(text.contains(gateway.proxyUrl(provider)), text);
            assertTrue(text.contains("auth token") || text.contains("\"auth\", \"token\""), text);
            assertFalse(text.contains(TOKEN), text);
        }
        for (var format : new String[] {"table", "markdown", "yaml"})
            assertFalse(machine.run("connect", provider, "-o", format).out().contains(TOKEN));
    }

    @ParameterizedTest
    @CsvSource({
        "claude,/v1/messages,Authorization",
        "mine,/v1/messages,X-Redpanda-Cloud-Token",
        "gpt,/v1/chat/completions,Authorization",
        "gemini,/v1beta/models/gemini-4:generateContent,X-Redpanda-Cloud-Token",
        "aws,/model/eu.anthropic.x-v1%3A0/converse,Authorization"
    })
    void theShellsOwnCurlReachesTheProvider(String provider, String path, String header) throws Exception {
        machine.program("rpkai", "[ \"$*\" = 'auth token' ] && echo " + TOKEN + "\n");
        var script = machine.run("connect", provider, "--client", "curl").out();
        var command = machine.with("PATH", System.getenv("PATH"))
                .with("ANTHROPIC_AUTH_TOKEN", "my-own")
                .process(List.of("sh", "-c", "PATH=" + temp.resolve("bin") + ":$PATH\n" + script))
                .redirectErrorStream(true)
                .start();

        var out = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, command.waitFor(), out);
        var call = gateway.requests().getLast();
        assertEquals("/llm/v1/providers/" + provider + path, call.path());
        assertEquals(Optional.of(header.equals("Authorization") ? "Bearer " + TOKEN : TOKEN), call.header(header));
        if (provider.equals("mine")) assertEquals(Optional.of("my-own"), call.bearer());
        assertTrue(call.json().isObject(), call.text());
    }

    @ParameterizedTest
    @CsvSource({"claude", "mine", "gpt", "gemini", "aws"})
    void thePythonAndNodeProgramsAreWellFormed(String provider) throws Exception {
        for (var check : List.of(
                List.of("python", "python3", "-c", "import ast, sys; ast.parse(sys.stdin.read())"),
                List.of("node", "node", "--input-type=module", "--check", "-"))) {
            var program = machine.run("connect", provider, "--client", check.getFirst())
                    .out();
            var process = new ProcessBuilder(check.subList(1, check.size())).redirectErrorStream(true);
            if (!isInstalled(check.get(1))) continue;
            var started = process.start();
            started.getOutputStream().write(program.getBytes(StandardCharsets.UTF_8));
            started.getOutputStream().close();
            var said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertEquals(0, started.waitFor(), said + program);
        }
    }

    @Test
    void anAgentsConfigAsksForTheTokenAndHasNone() throws IOException {
        var settings = new ObjectMapper()
                .readTree(machine.run("connect", "claude", "--client", "claude").out());
        assertEquals(
                "rpkai auth token --refresh-within 10m",
                settings.path("apiKeyHelper").asText());
        assertEquals(
                gateway.proxyUrl("claude"),
                settings.path("env").path("ANTHROPIC_BASE_URL").asText());

        JsonNode config = new TomlMapper()
                .readTree(machine.run("connect", "gpt", "--client", "codex", "-m", "other")
                        .out());
        assertEquals("other", config.path("model").asText());
        assertEquals(
                gateway.proxyUrl("gpt") + "/v1",
                config.at("/model_providers/rpkai/base_url").asText());
        assertEquals("token", config.at("/model_providers/rpkai/auth/args/2").asText());
    }

    @Test
    void theTokenIsThatOfTheEnvironmentThatWasNamedHere() {
        var out = machine.run("--profile", "prod", "connect", "claude", "--client", "curl")
                .out();

        assertTrue(out.contains("\"$(rpkai --profile prod auth token)\""), out);
    }

    @Test
    void aGatewayWithoutSignInGetsNoToken() {
        gateway.tokens(_ -> true);
        machine.profile("local", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", "");

        var out = machine.run("connect", "claude").out();

        assertTrue(out.contains(gateway.url().toString()), out);
        assertFalse(out.contains("rpkai auth token") || out.contains("Authorization"), out);
    }

    @Test
    void aGatewaysAnswerCannotBecomeShellCode() throws Exception {
        gateway.provider(
                ProviderJson.anthropic("evil", "x'; touch pwned; '$(touch pwned)`touch pwned`\"\n\u009b\u001b[2J"));
        machine.program("rpkai", "echo t\n");

        var script = machine.run("connect", "evil", "--client", "curl").out();
        assertFalse(script.matches("(?s).*[\\p{Cc}&&[^\\n]].*"), script);
        machine.with("PATH", System.getenv("PATH"))
                .process(List.of("sh", "-c", "PATH=" + temp.resolve("bin") + ":$PATH\n" + script))
                .redirectErrorStream(true)
                .start()
                .waitFor();

        assertFalse(machine.cwd().resolve("pwned").toFile().exists());
        assertEquals(
                "x'; touch pwned; '$(touch pwned)`touch pwned`\"\n\u009b\u001b[2J",
                gateway.requests().getLast().json().path("model").asText());
    }

    @Test
    void aProviderThatAllowsEveryModelLeavesAPlaceForOne() {
        gateway.provider(ProviderJson.openai("any"));

        var result = machine.run("connect", "any", "--client", "curl");

        assertTrue(result.out().contains("\"model\": \"MODEL\""), result.out());
        assertEquals(
                "rpkai: warning: the provider allows all models: replace MODEL by one of them (rpkai model "
                        + "list --provider-type openai)\n",
                result.err());
    }

    @Test
    void withoutPermissionToReadTheProviderItsTypeIsAFlag() {
        gateway.failAlways(Endpoint.GET_PROVIDER, Fault.connect("permission_denied", "no get"));

        assertEquals(
                "rpkai: you may not read provider \"claude\" (no get): add its type, such as "
                        + "--provider-type anthropic\n",
                machine.run("connect", "claude").err());
        assertTrue(machine.run("connect", "claude", "--provider-type", "anthropic", "-m", "m")
                .out()
                .contains("/claude/v1/messages"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connect cluade | did you mean \"claude\"?",
                "connect claude --client crul | did you mean \"curl\"?",
                "connect gpt --client claude | use one of curl, python, node, codex",
                "connect next | this version does not support providers of type from_the_future",
                "connect ../x | is not a provider name"
            })
    void anInvalidProviderOrClientIsReported(String line, String said) {
        var result = machine.run(line.split(" "));

        assertTrue(result.exitCode() > 0);
        assertTrue(result.err().contains(said), result.err());
        assertEquals("", result.out());
    }

    @Test
    void anMcpServerIsAddedToAClientWithACommandInPlaceOfATokenThatWouldBeKept() throws Exception {
        gateway.server(McpJson.remote("github"));
        machine.program("rpkai", "[ \"$*\" = 'auth token' ] && echo " + TOKEN + "\n");
        machine.program("claude", "printf '%s\\n' \"$@\"\n");

        var added = sh(machine.run("connect", "--server", "github", "--client", "claude")
                        .out())
                .split("\n");
        assertEquals(
                List.of("mcp", "add-json", "--scope", "user", "github"),
                List.of(added).subList(0, 5));
        var json = new ObjectMapper().readTree(added[5]);
        assertEquals(
                List.of("http", gateway.endpoint("github")),
                List.of(json.path("type").asText(), json.path("url").asText()));
        assertEquals(
                "{\"Authorization\":\"Bearer " + TOKEN + "\"}\n",
                sh(json.path("headersHelper").asText()));

        gateway.serving("github", new McpStub());
        assertTrue(sh(machine.run("connect", "--server", "github", "--client", "curl")
                        .out())
                .contains("\"serverInfo\""));
        assertTrue(machine.run("connect", "--server", "github", "--client", "codex")
                .out()
                .contains("--bearer-token-env-var RPKAI_GATEWAY_TOKEN\n"
                        + "RPKAI_GATEWAY_TOKEN=\"$(rpkai auth token)\" codex\n"));
        for (var format : new String[] {"table", "json", "markdown"})
            assertFalse(machine.run("connect", "--server", "github", "-o", format)
                    .out()
                    .contains(TOKEN));
    }

    @Test
    void withoutATokenAServerIsAddedPlainly() {
        gateway.tokens(_ -> true).server(McpJson.remote("github"));
        machine.profile("local", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", "");

        assertEquals(
                "claude mcp add --transport http --scope user github %s\n".formatted(gateway.endpoint("github")),
                machine.run("connect", "--server", "github", "--client", "claude")
                        .out());
        assertTrue(machine.run("connect", "--server", "gihtub").err().contains("did you mean \"github\"?"));
        assertEquals(2, machine.run("connect").exitCode());
    }

    private String sh(String script) throws Exception {
        var process = machine.with("PATH", System.getenv("PATH"))
                .process(List.of("sh", "-c", "PATH=" + temp.resolve("bin") + ":$PATH\n" + script))
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out;
    }

    @Test
    void theEmbeddedGatewayIsNotThereToConnectTo() {
        assertTrue(new Machine(temp.resolve("nobody"))
                .run("connect", "demo")
                .err()
                .startsWith("rpkai: the embedded gateway runs only during a launch: run rpkai gateway"));
    }

    private static boolean isInstalled(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
