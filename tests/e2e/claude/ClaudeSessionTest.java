package tests.e2e.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import lib.agents.claude.ClaudeCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.Agents;
import tests.e2e.SignedInAgents;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;
import tests.support.upstream.Replies;

/// A session that is longer than its tokens live.
@Tag("e2e")
@Tag("waits")
class ClaudeSessionTest {
    private static final Duration TOKEN_LIFE = Duration.ofSeconds(20);
    /// The session ends once it has made its observations, however slow the machine is, or after this time.
    private static final Duration AT_MOST = Duration.ofMinutes(4);

    @TempDir
    Path temp;

    @Test
    void fourTokensOfTwentySecondsWithoutAFailedRequestOrATokenWhereItDoesNotBelong() throws Exception {
        var machine = new Machine(temp);
        Agents.install(ClaudeCode.BINARY, machine);
        try (var idp = FakeIdentityProvider.start().lifetime(TOKEN_LIFE);
                var gateway = FakeGateway.start()) {
            var seen = new ConcurrentSkipListSet<String>();
            var refused = new AtomicInteger();
            gateway.provider(ProviderJson.anthropic("claude")).tokens(token -> {
                seen.add(token);
                if (idp.isValid(token)) return true;
                refused.incrementAndGet();
                return false;
            });
            SignedInAgents.to(gateway.url(), idp, machine);
            var end = System.nanoTime() + AT_MOST.toNanos();
            gateway.handle(call -> {
                if (call.json().path("tools").isEmpty()) return gateway.standard(call);
                var goesOn = idp.refreshes() < 4
                        || seen.size() < 4
                        || gateway.proxied().size() <= 10;
                var reply = goesOn && System.nanoTime() < end
                        ? Replies.toolUse("Bash", Map.of("command", "sleep 4", "description", "wait"))
                        : Replies.text("done");
                return reply.apply(call);
            });

            var arguments = new Watch(seen);
            var ended = Agents.run(machine.start(
                    "run", "claude", "-L", "claude", "--", "--dangerously-skip-permissions", "-p", "work for a while"));
            var found = arguments.stop();

            assertEquals("done\n", ended.out(), ended.err());
            assertEquals(0, refused.get(), "requests with a token that was no longer good");
            assertTrue(
                    gateway.proxied().size() > 10,
                    "requests: " + gateway.proxied().size());
            assertTrue(idp.refreshes() >= 4, "refreshes: " + idp.refreshes());
            assertTrue(seen.size() >= 4, "different tokens: " + seen.size());
            assertEquals(Set.of(), found, "processes with a token in their arguments");
            assertEquals(
                    List.of(),
                    filesWith(seen, temp, machine.home().resolve(".rpai/credentials")),
                    "files of the machine with a token in them");
            assertEquals(
                    List.of(),
                    filesWith(
                            seen,
                            Path.of(System.getProperty("java.io.tmpdir")),
                            machine.home().resolve(".rpai/credentials")),
                    "temporary files with a token in them");
        }
    }

    /// Looks at the command lines of all processes again and again.
    private static final class Watch {
        private final Set<String> found = new ConcurrentSkipListSet<>();
        private final AtomicBoolean running = new AtomicBoolean(true);
        private final Thread thread;

        Watch(Set<String> tokens) {
            thread = Thread.ofPlatform().start(() -> {
                while (running.get()) {
                    ProcessHandle.allProcesses().forEach(process -> {
                        var line = commandLine(process.pid());
                        if (tokens.stream().anyMatch(line::contains))
                            found.add(line.substring(0, Math.min(80, line.length())));
                    });
                    LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                }
            });
        }

        Set<String> stop() throws InterruptedException {
            running.set(false);
            thread.join();
            return new TreeSet<>(found);
        }

        private static String commandLine(long pid) {
            try {
                return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
            } catch (IOException gone) {
                return "";
            }
        }
    }

    private static List<String> filesWith(Set<String> secrets, Path root, Path except) throws IOException {
        var found = new ArrayList<String>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                // A token is text in a small file; agents' programs and logs of other tests are neither.
                if (!attributes.isRegularFile() || attributes.size() > 20_000_000 || file.equals(except))
                    return FileVisitResult.CONTINUE;
                var text = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (secrets.stream().anyMatch(text::contains)) found.add(file.toString());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException vanished) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }
}
