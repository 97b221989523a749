package tests.e2e.codex;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import tests.support.Sinkhole;
import tests.support.upstream.ResponsesReplies;

/// A launch of Codex in a network that has nothing but loopback, where every other host's name leads to a
/// sinkhole. Run by [CodexNoOtherHostTest] as a program of its own inside that network; prints one JSON object of
/// what was seen.
final class CodexSealedNetwork {
    private CodexSealedNetwork() {}

    /// @param args the folder of the machine and the agent's program
    public static void main(String... args) throws Exception {
        var folder = Files.createDirectories(Path.of(args[0]));
        try (var sinkhole = Sinkhole.open(folder);
                var codex = CodexMachine.signedIn(folder, Path.of(args[1]))) {
            codex.gateway.handle(ResponsesReplies.upstream(ResponsesReplies.text("through the gateway")));
            codex.machine.with("SSL_CERT_FILE", sinkhole.authority().toString());
            CodexHostile.variables("https://api.openai.com", folder.resolve("outside"))
                    .forEach(codex.machine::with);
            CodexHostile.repository(codex.machine, "https://api.openai.com", folder.resolve("outside"));

            var ended = codex.run("run", "codex", "-L", "openai", "--", "exec", "--skip-git-repo-check", "hi");

            var report = JsonNodeFactory.instance
                    .objectNode()
                    .put("exitCode", ended.exitCode())
                    .put("out", ended.out())
                    .put("err", ended.err());
            report.put("requestsToTheGateway", codex.responses().size())
                    .put("tokensSeen", codex.seen.size())
                    .put("refused", codex.refused.get());
            var hosts = report.putArray("otherHosts");
            sinkhole.received().stream()
                    .map(request -> request.lines().findFirst().orElse(""))
                    .forEach(hosts::add);
            var names = report.putArray("namesAsked");
            new TreeSet<>(sinkhole.asked()).forEach(names::add);
            report.put(
                    "leaked",
                    sinkhole.received().stream()
                            .anyMatch(request -> codex.seen.stream().anyMatch(request::contains)));
            System.out.println(report);
        }
    }
}
