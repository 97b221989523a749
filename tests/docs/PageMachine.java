package tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tests.auth.SignedIn;
import tests.support.Cluster;
import tests.support.Machine;
import tests.support.OwnCertificate;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.McpStub;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.Reply;

/// A machine on which the commands of one block of a page run, one after the other: signed in to a gateway that
/// has the providers of the pages, with agents that say what they were asked.
///
///     try (var machine = new PageMachine(temp)) { machine.run("rpkai llm list"); }
final class PageMachine implements AutoCloseable {
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    /// The gateway's address in the pages, optionally followed by its port.
    private static final String GATEWAY = "https://aigw\\.example\\.com(:8443)?";

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private final FakeGateway gateway = FakeGateway.start().tokens(_ -> true);
    /// A gateway that says where to sign in, and lets browsers in.
    private final RecordingUpstream site = RecordingUpstream.start();
    private final Path root;
    private final Machine machine;

    PageMachine(Path root) {
        this.root = root;
        for (var name : List.of("demo", "anthropic", "x"))
            gateway.provider(ProviderJson.anthropic(name, "claude-opus-5-5", "claude-sonnet-5-5", "claude-sonnet-4-6"));
        for (var name : List.of("demo-openai", "openai")) gateway.provider(ProviderJson.openai(name));
        gateway.provider(ProviderJson.passthrough("subscription"))
                .provider(ProviderJson.bedrock("bedrock", "us-east-1"));
        var stub = new McpStub();
        for (var tool : List.of("get_me", "list_issues"))
            stub.tool(
                    json("{'name': '%s', 'inputSchema': {'type': 'object'}}".formatted(tool)),
                    _ -> McpStub.text("done"));
        gateway.serving("github", stub)
                .server(json("{'name': 'github', 'type': 'MCP_SERVER_TYPE_REMOTE', 'enabled': true, "
                        + "'remote': {'url': 'https://github.example/mcp', 'transport': "
                        + "'MCP_TRANSPORT_STREAMABLE_HTTP'}}"));
        idp.serviceAccount("...", "...").devices().interval(0).approveAfter(1);
        idp.controlPlane().clusters(Cluster.ready("cl-abc", "prod", gateway.url()));
        site.handle(_ -> Reply.of(
                200,
                "application/json",
                "{\"authorization_servers\": [\"%s\"], \"code\": \"c\"}".formatted(idp.issuer())));
        machine = SignedIn.machine(root, idp).with("SHELL", "/bin/bash");
        machine.profile("prod", "{organization: org_123, ai_gateway_url: '%s'}".formatted(gateway.url()));
        for (var agent : List.of("claude", "codex", "npm"))
            machine.program(agent, "[ \"$1\" = --version ] && echo 99.0.0 || echo \"$@\" >\"$HOME/asked\"\n");
        machine.write("work/arguments.json", "{}");
        machine.write(
                "work/gateway/all.yaml",
                "mcpServer: {name: github, enabled: true, description: ours, remote: {url: "
                        + "'https://github.example/mcp', transport: streamable-http}}\n");
        for (var file : List.of("work/providers.yaml", "work/providers/mine.yaml"))
            machine.write(file, "name: mine\nenabled: true\nanthropicConfig: {apiKeyRef: TEAM_KEY}\n");
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a line of a block.
    void run(String line) throws Exception {
        if (line.startsWith("export ")) {
            for (var assignment : line.substring("export ".length()).split(" "))
                machine.with(assignment.split("=", 2)[0], assignment.split("=", 2)[1]);
            return;
        }
        // What is sent to a command comes from the test.
        var words = here(line.replaceFirst(" < \\S+$", ""));
        if (words.getFirst().equals("run") && !line.contains("--print")) launch(line, words);
        else if (words.getFirst().equals("gateway")
                && (words.size() == 1 || words.get(1).startsWith("-"))) serve(line, words);
        else {
            prepare(words);
            // No command has a terminal; `secret set` reads its value from standard input.
            var there = words.contains("set") && words.contains("secret") ? machine.typing("the-value\n") : machine;
            var result = there.run(words.toArray(String[]::new));
            // The manifest differs from the gateway's providers.
            assertEquals(words.contains("diff") ? 1 : 0, result.exitCode(), line + ": " + result.out() + result.err());
        }
    }

    /// Prepares the state that the pages assume: the gateway was used, and the provider to be created does not
    /// exist yet.
    private void prepare(List<String> words) {
        var isStored = words.getFirst().matches("usage|budget");
        machine.with("RPAI_USAGE_STORE", isStored ? root.resolve("usage.db").toString() : "");
        if (isStored) machine.run("budget", "set", "everyone", "1", "--period", "daily");
        if (words.getFirst().equals("ui"))
            machine.profile("prod", "{organization: org_123, ai_gateway_url: '%s'}".formatted(site.url()));
        if (words.contains("create")) machine.run(words.getFirst(), "delete", words.get(2));
    }

    /// A launch replaces its process; the agent prints its arguments.
    private void launch(String line, List<String> words) throws Exception {
        if (line.contains("codex -L x")) gateway.provider(ProviderJson.openai("x"));
        if (words.contains("--embedded")) machine.with("ANTHROPIC_API_KEY", "k");
        var ended = machine.start(words.toArray(String[]::new))
                .redirectErrorStream(true)
                .start();
        var said = new String(ended.getInputStream().readAllBytes());
        assertEquals(0, ended.waitFor(), line + ": " + said);
        var asked = Files.readString(root.resolve("home/asked"));
        var typed = words.contains("--") ? String.join(" ", words.subList(words.indexOf("--") + 1, words.size())) : "";
        assertTrue(asked.contains(typed), line + ": " + asked);
    }

    /// A server runs until it is told to stop; here it listens wherever there is room.
    private void serve(String line, List<String> words) throws Exception {
        var args = new ArrayList<>(words);
        if (args.contains("--tls-cert")) OwnCertificate.in(root.resolve("work"));
        if (!args.contains("--listen")) args.addAll(List.of("--listen", ""));
        args.set(args.indexOf("--listen") + 1, "127.0.0.1:0");
        var process = machine.start(args.toArray(String[]::new))
                .redirectErrorStream(true)
                .start();
        try (var lines = process.inputReader()) {
            var seen = new StringBuilder();
            for (String said;
                    !seen.toString().contains("the gateway listens on ");
                    seen.append(said).append('\n')) {
                said = lines.readLine();
                assertTrue(said != null, line + ": " + seen);
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private List<String> here(String line) {
        var words = words(line);
        if (words.contains("login") || words.contains("--endpoint"))
            words.replaceAll(word -> word.replaceFirst(GATEWAY, words.contains("login") ? site.url() : gateway.url()));
        words.replaceAll(word -> word.equals("https://idp.example.com") ? idp.issuer() : word);
        return words;
    }

    /// Splits a line into words as a shell does, as far as the pages need it, without the leading `rpkai`.
    static List<String> words(String line) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(line);
        while (matcher.find()) words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        assertEquals("rpkai", words.removeFirst(), line);
        return words;
    }

    @Override
    public void close() {
        site.close();
        gateway.close();
        idp.close();
    }
}
