package tests.cli;

import static tests.support.gateway.ProviderJson.anthropic;
import static tests.support.gateway.ProviderJson.bedrock;
import static tests.support.gateway.ProviderJson.google;
import static tests.support.gateway.ProviderJson.openai;
import static tests.support.gateway.ProviderJson.passthrough;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lib.usage.Call;
import lib.usage.Usage;
import lib.usage.pricing.Prices;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageStore;
import tests.auth.SignedIn;
import tests.support.Cluster;
import tests.support.Machine;
import tests.support.Machine.Result;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.McpStub;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;

/// A machine on which a line of a transcript is typed, with a gateway, a sign-in and some usage; new for every
/// line.
///
///     scene.run("rpkai llm get gpt -o yaml | rpkai llm apply -f -").out()   // gpt unchanged
final class Scene implements AutoCloseable {
    static final int COLUMNS = 80;

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String INSTALLED_AS = "rpkai.command";
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(?!4000[12])((?:\\d(?:\n *)?){4}\\d)");

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);

    /// Runs a line: commands joined by `&&` and `|`; all of their standard error, the output of the last.
    Result run(String line) throws IOException {
        // Always of the same length, so that columns after it stay aligned.
        var root = Files.createDirectory(
                Path.of("/tmp/rpkai-%08x".formatted(ThreadLocalRandom.current().nextInt())));
        try (var gateway = gateway()) {
            // The doctor compares it with the gateway's.
            InstantSource clock = line.contains(" doctor ") ? InstantSource.system() : () -> NOW;
            idp.clock(clock).devices().interval(0).approveAfter(1);
            idp.controlPlane()
                    .clusters(Cluster.ready("cl-abc", "prod", gateway.url()), Cluster.notReady("cl-def", "staging"));
            var machine = machine(root, gateway, line).at(clock);
            // As if it were installed: the class path of the tests is in no transcript.
            System.setProperty(INSTALLED_AS, machine.program("rpkai", "").toString());
            var err = new StringBuilder();
            var result = new Result(0, "", "");
            for (var part : line.split(" && ")) {
                result = new Result(0, "the-value\n", "");
                for (var command : part.split(" \\| ")) {
                    result = machine.typing(result.out()).run(words(command));
                    err.append(result.err());
                }
                if (result.exitCode() != 0) break;
            }
            return new Result(
                    result.exitCode(), lasting(result.out(), root, gateway), lasting(err.toString(), root, gateway));
        } finally {
            System.clearProperty(INSTALLED_AS);
            try (var files = Files.walk(root)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    private static FakeGateway gateway() {
        var gpt = openai("gpt", "gpt-6.1-sol", "gpt-6.1-mini")
                .put("displayName", "GPT for everyone")
                .put(
                        "description",
                        "What the whole organisation may use, within its budget, for all that is no secret.");
        gpt.withObject("openaiConfig").put("baseUrl", "https://openai.example/v1");
        gpt.putObject("tags").put("team", "platform").put("cost-center", "4711");
        var github = json("{'name': 'github', 'type': 'MCP_SERVER_TYPE_REMOTE', 'enabled': true, 'description': "
                + "'Issues and pull requests', 'remote': {'url': 'https://github.example/mcp', "
                + "'transport': 'MCP_TRANSPORT_STREAMABLE_HTTP', 'authConfig': {'staticKey': {'keyRef': "
                + "'GITHUB_KEY'}}}}");
        var echo = json("{'name': 'echo', 'description': 'Says it again.', 'inputSchema': {'type': 'object', "
                + "'properties': {'message': {'type': 'string'}}, 'required': ['message']}}");
        return FakeGateway.start()
                .tokens(_ -> true)
                .server(github)
                .serving(
                        "github",
                        new McpStub()
                                .tool(
                                        echo,
                                        arguments -> McpStub.text(
                                                arguments.path("message").asText())))
                .provider(anthropic("claude", "claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-5-5"))
                .provider(gpt)
                .provider(passthrough("mine"))
                .provider(bedrock("aws", "eu-central-1", "eu.anthropic.claude-sonnet-5-5")
                        .put("enabled", false))
                .provider(google("gemini"))
                .check("gpt", json("{'code': 14, 'message': 'the upstream cannot be reached'}"))
                .model(json("{'name': 'claude-sonnet-5-5', 'label': 'Claude Sonnet 5.5', "
                        + "'providerType': 'LLM_PROVIDER_TYPE_ANTHROPIC', 'maxInputTokens': "
                        + "'1000000', 'maxOutputTokens': '64000', 'capabilities': {'tools': true, "
                        + "'vision': true, 'reasoning': true}, 'defaultPricing': "
                        + "{'inputPerMillion': '300000000', 'outputPerMillion': '1500000000'}}"))
                .model(json("{'name': 'next', 'providerType': 'LLM_PROVIDER_TYPE_FROM_THE_FUTURE'}"));
    }

    private Machine machine(Path root, FakeGateway gateway, String line) {
        var machine = SignedIn.configured(root, idp)
                .with("COLUMNS", "" + COLUMNS)
                .with("NO_COLOR", "1")
                .with("SHELL", "/bin/bash");
        // Who signs in has nothing yet.
        if (!line.contains(" login")) {
            SignedIn.save(machine, idp, "org_123", idp.signIn());
            machine.write("home/.rpai/config", """
                    current: prod
                    profiles:
                      prod: {organization: org_123, environment: {id: cl-abc, name: prod}, ai_gateway_url: '%s', \
                    auth_mode: device}
                      local: {ai_gateway_url: 'http://localhost:8090', auth_mode: none, description: a gateway on \
                    this machine}
                    """.formatted(gateway.url()));
        }
        machine.write("work/new.yaml", "name: new\nenabled: true\nopenaiConfig: {apiKeyRef: OPENAI_API_KEY}\n");
        machine.write(
                "work/providers/claude.yaml",
                "name: claude\nenabled: true\ndescription: ours\nanthropicConfig: {apiKeyRef: "
                        + "ANTHROPIC_API_KEY}\nproviderModels: [claude-sonnet-5-5, claude-opus-5-5, "
                        + "claude-haiku-5-5]\n---\nname: gpt\nenabled: true\nopenaiConfig: {apiKeyRef: "
                        + "OPENAI_API_KEY, baseUrl: 'https://openai.example/v1'}\nproviderModels: [gpt-6.1-sol, "
                        + "gpt-6.1-mini]\ndescription: What the whole organisation may use, within its budget, for "
                        + "all that is no secret.\ntags: {team: platform, cost-center: '4711'}\n");
        machine.write(
                "work/providers/new.json",
                "{\"name\": \"new\", \"enabled\": true, \"openaiConfig\": {\"apiKeyRef\": \"OPENAI_API_KEY\"}}");
        machine.write(
                "work/servers/s.yaml",
                "mcpServer: {name: github, enabled: true, description: ours, remote: {url: "
                        + "'https://github.example/mcp', transport: streamable-http, authConfig: {staticKey: "
                        + "{keyRef: GITHUB_KEY}}}}\n---\nname: docs\nenabled: true\nremote: {url: "
                        + "https://docs.example/mcp, transport: MCP_TRANSPORT_STREAMABLE_HTTP}\n");
        machine.write("home/.local/bin/rpkai", "not ours");
        for (var agent : List.of("claude", "codex", "opencode", "gemini", "qwen"))
            machine.program(agent, "echo 99.0.0\n");
        if (line.contains("--usage-store")) record(root);
        return machine;
    }

    private static void record(Path root) {
        try (var store = UsageStore.open(
                UsageDatabase.sqlite(root.resolve("work/usage.db")), Prices.list(), () -> NOW, System.err::println)) {
            store.accept(call("claude-opus-5-5", "ada@example.com", new Usage(1000, 2000, 10_000, 0, 0, 100)));
            store.accept(call("a-model-without-a-price", "bob", new Usage(7, 8, 0, 0, 0, 0)));
        }
    }

    private static Call call(String model, String user, Usage usage) {
        return new Call(
                NOW.minus(Duration.ofHours(1)),
                new Call.Origin(user, "claude-code", "s"),
                new Call.Destination("anthropic", "anthropic", model),
                new Call.Outcome(200, Duration.ofSeconds(1), Optional.empty(), true),
                Call.Consumption.of(usage));
    }

    /// Replaces everything that differs between runs; a port has five digits, so that columns stay aligned.
    private String lasting(String text, Path root, FakeGateway gateway) {
        var same = replaced(text, gateway.url(), "http://127.0.0.1:40001");
        same = replaced(same, idp.apiUrl(), "http://127.0.0.1:40002");
        same = PORT.matcher(same).replaceAll(match -> "127.0.0.1:" + inPlaceOf(match.group(1), "40003"));
        return replaced(same, root.toString(), "/tmp/rpkai-0123abcd")
                .replaceAll("in \\d+ ms", "in 9 ms")
                .replaceAll("until (\\d{4}-\\d\\d-\\d\\d )?\\d\\d:\\d\\d ", "until 13:00 ")
                .replaceAll("\\b[0-9A-F]{4}-[0-9A-F]{4}\\b", "ABCD-1234")
                .replaceAll("(?<![\\w-])[\\w-]{43}(?![\\w-])", "<key>")
                .replaceAll("\\(in \\d+ min\\)", "(in 60 min)")
                .replaceAll("eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+", "<token>");
    }

    /// Replaces a text by another of equal length, even where a table breaks it.
    private static String replaced(String text, String from, String to) {
        var pattern = from.chars().mapToObj(c -> Pattern.quote("" + (char) c)).collect(Collectors.joining("(?:\n *)?"));
        return Pattern.compile(pattern).matcher(text).replaceAll(match -> inPlaceOf(match.group(), to));
    }

    private static String inPlaceOf(String text, String to) {
        var left = to.chars().iterator();
        return text.chars()
                .mapToObj(c -> "" + (char) (Character.isWhitespace(c) ? c : left.nextInt()))
                .collect(Collectors.joining());
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        idp.close();
    }

    private static String[] words(String command) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(command);
        while (matcher.find()) words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        return words.subList(1, words.size()).toArray(String[]::new);
    }
}
