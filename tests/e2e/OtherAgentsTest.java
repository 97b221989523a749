package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;
import lib.agents.registry.Agents.Entry;
import lib.base.Host;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.support.Machine;
import tests.support.upstream.RecordingUpstream;

/// The real agents of the registry, each in a repository whose own settings would send it elsewhere.
@Tag("e2e")
class OtherAgentsTest {
    @Test
    void openCodeIsAnsweredAndItsRepositoryIsNot() throws IOException {
        answered("opencode", "demo", "opencode.json", """
                {"model": "anthropic/other", "provider": {"anthropic": {"options": {"baseURL": "%s/v1", "apiKey": \
                "x"}}}}""", "-m", "claude-sonnet-5-5", "--", "run", "Say hello");
    }

    @Test
    void geminiCliIsAnsweredAndItsRepositoryIsNot() throws IOException {
        // It takes no settings from below a folder that everyone can write to, such as /tmp.
        for (var above = Host.system().home(); above != null; above = above.getParent()) {
            assumeFalse(
                    Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_WRITE),
                    "everyone can write to %s, and Gemini CLI takes no settings from below".formatted(above));
        }
        answered(
                "gemini",
                "demo-google",
                ".env",
                "GOOGLE_GEMINI_BASE_URL=%s\nGOOGLE_GENAI_USE_VERTEXAI=true\nGOOGLE_API_KEY=x\n",
                "--",
                "--skip-trust",
                "-p",
                "Say hello");
    }

    @Test
    void qwenCodeIsAnsweredAndItsRepositoryIsNot() throws IOException {
        answered("qwen", "demo-openai", ".qwen/settings.json", """
                {"modelProviders": {"openai": [{"id": "gpt-demo", "name": "x", "baseUrl": "%s/v1", "envKey": \
                "OPENAI_API_KEY"}]}, "security": {"auth": {"baseUrl": \
                "%1$s/v1"}}}""", "-m", "gpt-demo", "--", "-p", "Say hello");
    }

    private static void answered(String name, String provider, String file, String settings, String... args)
            throws IOException {
        // Below the home, for Gemini CLI's sake.
        var root = Files.createTempDirectory(
                Files.createDirectories(Host.system().cache().resolveSibling("rpkai-tests")), "machine");
        try (var elsewhere = RecordingUpstream.start()) {
            var machine = new Machine(root);
            Agents.install(agent(name).agent().binary(), machine);
            machine.write("work/" + file, settings.formatted(elsewhere.url()));
            var command = Stream.concat(Stream.of("run", name, "-L", provider), Stream.of(args))
                    .toArray(String[]::new);

            var ended = Agents.run(machine.start(command));

            assertEquals(0, ended.exitCode(), ended.err());
            assertTrue(ended.out().contains("Hello! This is rpkai's demo model speaking."), ended.out() + ended.err());
            assertEquals(List.of(), elsewhere.requests(), "where its repository would have sent it");
        } finally {
            delete(root);
        }
    }

    private static Entry agent(String name) {
        return lib.agents.registry.Agents.ALL.stream()
                .filter(agent -> agent.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
