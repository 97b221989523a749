package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.agents.claude.ClaudeCode;
import lib.agents.codex.Codex;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;

/// The doctor in a process of its own, with the real agents and the real npm.
@Tag("e2e")
class DoctorAdviceTest {
    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void aMachine() {
        machine = new Machine(temp).with("LC_ALL", "C.UTF-8");
    }

    @Test
    void withTheRealClaudeCodeAndNoAccountNothingIsWrong() throws Exception {
        Agents.install(ClaudeCode.BINARY, machine);

        var ended = Agents.run(machine.start("doctor"));

        assertEquals(0, ended.exitCode(), ended.out() + ended.err());
        assertTrue(
                ended.out().contains("✓ agent        Claude Code " + ClaudeCode.BINARY.version() + ", "), ended.out());
        assertTrue(ended.out().contains("✓ request      HTTP 200 in "), ended.out());
        // Looking changes nothing.
        try (var left = Files.walk(machine.home())) {
            assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
        }
    }

    @Test
    void withTheRealCodexNothingIsWrongAndItsHomeIsLeftAlone() throws Exception {
        Agents.install(Codex.BINARY, machine);
        try (var idp = FakeIdentityProvider.start();
                var gateway = FakeGateway.start().tokens(idp::isValid).provider(ProviderJson.openai("gpt"))) {
            SignedInAgents.to(gateway.url(), idp, machine);

            var ended = Agents.run(machine.start("doctor", "codex", "-L", "gpt"));

            assertEquals(0, ended.exitCode(), ended.out() + ended.err());
            assertTrue(ended.out().contains("✓ agent        Codex " + Codex.BINARY.version() + ", "), ended.out());
            assertTrue(Files.notExists(machine.home().resolve(".codex")), "~/.codex was made");
        }
    }

    @Test
    void theCommandThatInstallsAMissingAgentDoesSo() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/npm")), "no npm in /usr/bin");
        machine.with("npm_config_prefix", temp.resolve("npm").toString())
                .with("PATH", temp.resolve("npm/bin") + ":/usr/bin:/bin");

        var missing = Agents.run(machine.start("doctor"));

        assertEquals(1, missing.exitCode(), missing.out());
        assertTrue(
                missing.out()
                        .contains("✗ agent        no claude on the PATH\n  → npm install -g "
                                + "@anthropic-ai/claude-code@latest\n"),
                missing.out());
        var install = machine.process(List.of("/bin/sh", "-c", "npm install -g @anthropic-ai/claude-code@latest"));
        // The way to npm's registry is the real machine's.
        for (var name : List.of("HTTPS_PROXY", "NODE_EXTRA_CA_CERTS", "NO_PROXY", "https_proxy", "no_proxy")) {
            Optional.ofNullable(System.getenv(name))
                    .ifPresent(value -> install.environment().put(name, value));
        }
        var npm = Agents.run(install);
        Assumptions.assumeTrue(npm.exitCode() == 0, "npm can't install it: " + npm.err());
        var mended = Agents.run(machine.start("doctor"));
        assertEquals(0, mended.exitCode(), mended.out() + mended.err());
    }
}
