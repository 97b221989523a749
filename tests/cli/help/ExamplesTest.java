package tests.cli.help;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.cli.help.HelpTextTest.all;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.cli.Cli;
import lib.cli.help.CommandPage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.McpStub;
import tests.support.gateway.NewerGateway;
import tests.support.gateway.ProviderJson;

/// The examples of `--help` run. Those that sign in, serve, install or become an agent are parsed only: other
/// tests run those.
class ExamplesTest {
    private static final Pattern NOT_RUN = Pattern.compile(
            "rpkai (auth login|cloud login|install|upgrade|uninstall|run |doctor|ui|gateway( -| export| import|$)).*");
    /// Commands that only newer gateways support: secrets over the wire, and the check of a draft.
    private static final String NEWER = "rpkai (secret (create|get|list|update|delete)|llm check -f)( .*)?";
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    @TempDir
    Path temp;

    static Stream<String> examples() {
        return all().filter(command -> command.subcommands().isEmpty()
                        || command.parent() == null
                        || command.name().equals("gateway"))
                .flatMap(command -> CommandPage.of(command).examples().stream());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleRuns(String example) {
        var line = example.replaceFirst("\\s+(#|> ).*", "")
                .replaceFirst("^jbang rpkai@\\S+", "rpkai")
                .replaceFirst("^source <\\((.*)\\)$", "$1")
                .replaceFirst(" \\| source$", "");
        if (NOT_RUN.matcher(line).matches()) {
            var parsed = Cli.commands().commandLine().parseArgs(words(line));
            assertTrue(parsed.errors().isEmpty() && parsed.unmatched().isEmpty(), line);
            return;
        }
        try (var gateway = gateway();
                var newer = NewerGateway.start()) {
            for (var server : List.of("github", "docs"))
                if (!line.contains("mcp create " + server)) gateway.server(server(server));
            var machine = machine(line.matches(NEWER) ? newer.url() : gateway.url(), line);
            var result = new Machine.Result(0, "the-value\n", "");
            for (var part : line.split(" \\| ")) {
                result = machine.typing(result.out()).run(words(part));
                // A diff finds something to do.
                assertEquals(part.contains(" diff ") ? 1 : 0, result.exitCode(), part + ": " + result.err());
            }
        }
    }

    private static FakeGateway gateway() {
        var gateway = FakeGateway.start().tokens(_ -> true);
        for (var provider : List.of("demo", "anthropic"))
            gateway.provider(ProviderJson.anthropic(provider, "claude-sonnet-5-5"));
        gateway.provider(ProviderJson.google("google", "gemini-2.5-pro"));
        for (var provider : List.of("openai", "gpt")) {
            var configured = ProviderJson.openai(provider, "gpt-6");
            configured.withObject("openaiConfig").put("baseUrl", "https://upstream.example");
            gateway.provider(configured);
        }
        var stub = new McpStub();
        for (var tool : List.of("echo", "find", "github_search"))
            stub.tool(
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("name", tool)
                            .set(
                                    "inputSchema",
                                    JsonNodeFactory.instance.objectNode().put("type", "object")),
                    _ -> McpStub.text("done"));
        for (var server : List.of("github", "github-code", "everything")) gateway.serving(server, stub);
        return gateway.model(JsonNodeFactory.instance
                .objectNode()
                .put("name", "claude-sonnet-5-5")
                .put("providerType", "LLM_PROVIDER_TYPE_ANTHROPIC"));
    }

    private static ObjectNode server(String name) {
        var server = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("type", "MCP_SERVER_TYPE_REMOTE")
                .put("description", "theirs")
                .put("enabled", true);
        server.putObject("remote")
                .put("url", "https://%s.example/mcp".formatted(name))
                .put("transport", "MCP_TRANSPORT_STREAMABLE_HTTP");
        return server;
    }

    private Machine machine(String gateway, String line) {
        // Codex takes no static token.
        var mode = line.contains("codex") ? "none" : "token";
        var machine = new Machine(temp);
        if (mode.equals("token")) machine.with("RPAI_TOKEN", "t");
        machine.write(
                "home/.rpai/config",
                ("current: prod\nprofiles:\n  prod: {ai_gateway_url: '%s', auth_mode: %s}\n  old: "
                                + "{ai_gateway_url: 'http://localhost:1', auth_mode: none}\n")
                        .formatted(gateway, mode));
        machine.write("work/gpt.yaml", "name: gpt\nopenaiConfig: {apiKeyRef: OPENAI_API_KEY}\n");
        machine.write("work/new.yaml", "name: new\nanthropicConfig: {apiKeyRef: ANTHROPIC_API_KEY}\n");
        machine.write("work/key.txt", "key\n");
        machine.write(
                "work/providers/openai.yaml",
                "name: openai\ndescription: ours\n"
                        + "openaiConfig: {apiKeyRef: OPENAI_API_KEY, baseUrl: 'https://upstream.example'}\n");
        machine.write(
                "work/servers/github.yaml",
                "mcpServer: {name: github, description: ours, remote: "
                        + "{url: 'https://github.example/mcp', transport: MCP_TRANSPORT_STREAMABLE_HTTP}}\n");
        // What an example deletes or changes is there.
        if (line.contains("secret remove")) machine.typing("key").run("secret", "set", "ANTHROPIC_API_KEY");
        if (line.matches("rpkai (secret (get|update|delete)|llm check -f) .*"))
            machine.typing("key").run("secret", "create", "ANTHROPIC_API_KEY");
        if (line.matches("rpkai (usage|budget)( .*)?"))
            machine.with("RPAI_USAGE_STORE", temp.resolve("usage.db").toString())
                    .run("budget", "set", "each-user", "25", "--period", "daily");
        if (line.matches("rpkai budget (get|update|delete) team.*"))
            machine.run("budget", "create", "team", "--period", "monthly", "--limit-usd", "500");
        if (line.matches(".* gateway (user|client) (update|remove) .*"))
            machine.run(words(line.replaceFirst(" (update|remove) (\\S+).*", " add $2")));
        return machine;
    }

    /// Splits a line into words as a shell does, as far as the examples need it.
    private static String[] words(String line) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(line);
        while (matcher.find())
            words.add(Stream.of(1, 2, 3)
                    .map(matcher::group)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow());
        assertEquals("rpkai", words.removeFirst());
        return words.toArray(String[]::new);
    }
}
