package tests.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import lib.agents.claude.ClaudeCode;
import org.junit.jupiter.api.Assumptions;
import tests.support.Machine;
import tests.support.Sinkhole;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;
import tests.support.upstream.BedrockReplies;
import tests.support.upstream.Recorded;
import tests.support.upstream.Replies;
import tests.support.upstream.Reply;

/// A launch in a network that has nothing but loopback, where every other host's name leads to a sinkhole. Run by
/// [tests.e2e.claude.NoOtherHostTest] as a program of its own inside that network; prints one JSON object of what was
/// seen.
public final class SealedNetwork {
    private SealedNetwork() {}

    /// @param args the mode, the folder of the machine, the agent's program
    public static void main(String... args) throws Exception {
        var mode = args[0];
        var machine = new Machine(Path.of(args[1]));
        Agents.use(ClaudeCode.BINARY, Path.of(args[2]), machine);
        try (var sinkhole = Sinkhole.open(Path.of(args[1]));
                var idp = FakeIdentityProvider.start();
                var gateway = FakeGateway.start()) {
            var tokens = new ConcurrentSkipListSet<String>();
            gateway.provider(ProviderJson.anthropic("managed"))
                    .provider(ProviderJson.passthrough("passthrough"))
                    .provider(ProviderJson.bedrock("bedrock", "us-east-1"));
            gateway.tokens(token -> {
                boolean valid = idp.isValid(token);
                if (valid) tokens.add(token);
                return valid;
            });
            SignedInAgents.to(gateway.url(), idp, machine);
            gateway.handle(answers(mode));
            machine.with("NODE_EXTRA_CA_CERTS", sinkhole.authority().toString())
                    .with("SSL_CERT_FILE", sinkhole.authority().toString());
            // Everything that a hostile environment and, but for passthrough, which refuses them, hostile files
            // can set.
            Hostile.variables("https://api.anthropic.com").forEach(machine::with);
            if (mode.equals("passthrough")) {
                machine.with("CLAUDE_CODE_OAUTH_TOKEN", "sk-ant-oat01-mine");
            } else {
                Hostile.login().forEach(machine::with);
                machine.write(
                        "work/.claude/settings.json",
                        Hostile.settings(Hostile.variables("https://api.anthropic.com"), true));
                machine.write(
                        "home/.claude/settings.json",
                        Hostile.settings(Hostile.variables("https://api.anthropic.com"), true));
            }
            var command =
                    Machine.command("run", "claude", "-L", mode, "--", "--dangerously-skip-permissions", "-p", "hi");
            var ended = Agents.run(machine.process(command));

            System.out.println(report(ended, sinkhole, gateway, tokens));
        }
    }

    private static JsonNode report(
            Agents.Ended ended, Sinkhole sinkhole, FakeGateway gateway, ConcurrentSkipListSet<String> tokens) {
        var report = JsonNodeFactory.instance
                .objectNode()
                .put("exitCode", ended.exitCode())
                .put("out", ended.out())
                .put("err", ended.err());
        report.put("requestsToTheGateway", gateway.proxied().size()).put("tokensSeen", tokens.size());
        var hosts = report.putArray("otherHosts");
        sinkhole.received().stream()
                .map(request -> request.lines().findFirst().orElse(""))
                .forEach(hosts::add);
        var names = report.putArray("namesAsked");
        new TreeSet<>(sinkhole.asked()).forEach(names::add);
        report.put(
                "leaked",
                sinkhole.received().stream().anyMatch(request -> tokens.stream().anyMatch(request::contains)));
        return report;
    }

    private static Function<Recorded, Reply> answers(String mode) {
        var answer = Replies.text("through the gateway");
        return mode.equals("bedrock") ? BedrockReplies.of(answer) : answer;
    }

    /// Runs a program inside such a network and returns its report. Skips the test on a machine without network
    /// namespaces.
    ///
    /// @param temp a folder for the network's files
    /// @param program the class with the main method
    public static JsonNode run(Path temp, Class<?> program, String... arguments) throws Exception {
        return parse(Agents.run(new ProcessBuilder(inside(temp, List.of(), program, arguments))));
    }

    /// The same for a program that takes longer and starts processes: they end with it. Its errors are shown at once.
    public static JsonNode runWithProcesses(Path temp, Duration limit, Class<?> program, String... arguments)
            throws Exception {
        var inside = inside(temp, List.of("--pid", "--fork", "--kill-child", "--mount-proc"), program, arguments);
        var out = temp.resolve("out.txt");
        var process = new ProcessBuilder(inside)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (!process.waitFor(limit)) throw new AssertionError("did not end within " + limit);
        } finally {
            process.destroyForcibly();
        }
        return parse(Files.readString(out));
    }

    private static List<String> inside(Path temp, List<String> options, Class<?> program, String... arguments)
            throws Exception {
        assumeNamespaces();
        Files.writeString(temp.resolve("resolv.conf"), "nameserver 127.0.0.1\n");
        var inside = new ArrayList<>(List.of("unshare", "--net", "--mount"));
        inside.addAll(options);
        inside.addAll(List.of(
                "/bin/sh",
                "-c",
                "ip link set lo up && mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
                temp.resolve("resolv.conf").toString()));
        var java = Machine.command();
        inside.addAll(java.subList(0, java.size() - 1));
        inside.add(program.getName());
        inside.addAll(List.of(arguments));
        return inside;
    }

    private static void assumeNamespaces() throws Exception {
        try {
            var can = new ProcessBuilder("unshare", "--net", "--mount", "ip", "link", "set", "lo", "up")
                    .redirectErrorStream(true)
                    .start();
            Assumptions.assumeTrue(
                    can.waitFor() == 0, "this machine forbids network namespaces, or lacks unshare or ip");
        } catch (IOException e) {
            Assumptions.abort("this machine lacks unshare (util-linux)");
        }
    }

    private static JsonNode parse(Agents.Ended ended) throws Exception {
        return parse(ended.out() + ended.err());
    }

    private static JsonNode parse(String out) throws Exception {
        return new ObjectMapper()
                .readTree(Arrays.stream(out.split("\n"))
                        .filter(line -> line.startsWith("{"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(out)));
    }
}
