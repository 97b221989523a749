package tests.e2e.codex;

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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.upstream.ResponsesReplies;

/// A session that is longer than its tokens live, watched all the while.
@Tag("e2e")
@Tag("waits")
class CodexSessionTest {
    private static final Duration TOKEN_LIFE = Duration.ofSeconds(20);
    /// The session ends once it has made its observations, however slow the machine is, or after this time.
    private static final Duration AT_MOST = Duration.ofMinutes(4);

    @TempDir
    Path temp;

    @Test
    void fourTokensOfTwentySecondsWithoutAFailedRequestOrATokenWhereItDoesNotBelong() throws Exception {
        try (var codex = CodexMachine.signedIn(temp)) {
            codex.idp.lifetime(TOKEN_LIFE);
            codex.signIn();
            var end = System.nanoTime() + AT_MOST.toNanos();
            codex.gateway.handle(ResponsesReplies.answering(call -> (goesOn(codex) && System.nanoTime() < end
                            ? ResponsesReplies.shell("sleep 4")
                            : ResponsesReplies.text("done"))
                    .apply(call)));

            var watch = new Watch(codex.seen, temp, codex.machine.home().resolve(".rpai/credentials"));
            var ended = codex.run(
                    "run",
                    "codex",
                    "-L",
                    "openai",
                    "--codex-home",
                    "mine",
                    "--",
                    "exec",
                    "--skip-git-repo-check",
                    "work for a while");
            watch.stop();

            assertEquals("done\n", ended.out(), ended.err());
            assertEquals(0, codex.refused.get(), "requests with a token that was no longer good");
            assertTrue(
                    codex.responses().size() > 10,
                    "requests: " + codex.responses().size());
            assertTrue(codex.seen.size() >= 4, "different tokens: " + codex.seen.size());
            assertTrue(codex.idp.refreshes() >= 3, "refreshes: " + codex.idp.refreshes());
            assertEquals(0, codex.idp.reuseDetected());
            assertTrue(watch.rounds > 10, "looks at the disk: " + watch.rounds);
            assertEquals(Set.of(), watch.found, "processes and files with a token in them");
        }
    }

    private static boolean goesOn(CodexMachine codex) {
        return codex.idp.refreshes() < 3
                || codex.seen.size() < 4
                || codex.responses().size() <= 10;
    }

    /// Looks at the command lines of all processes and at the files of the machine again and again, and once more
    /// at the end: the home, which stays in this test, and the temporary folder.
    private static final class Watch {
        private final Set<String> found = new ConcurrentSkipListSet<>();
        private final AtomicBoolean running = new AtomicBoolean(true);
        private final Thread thread;
        private final Set<String> tokens;
        private final Path root;
        private final Path except;
        private int rounds;

        Watch(Set<String> tokens, Path root, Path except) throws IOException {
            this.tokens = tokens;
            this.root = root.toRealPath();
            this.except = except;
            thread = Thread.ofPlatform().start(() -> {
                while (running.get()) {
                    look();
                    LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                }
            });
        }

        void stop() throws InterruptedException {
            running.set(false);
            thread.join();
            look();
        }

        private void look() {
            rounds++;
            var secrets = new TreeSet<>(tokens);
            ProcessHandle.allProcesses().forEach(process -> {
                var line = text(Path.of("/proc/" + process.pid() + "/cmdline"));
                if (secrets.stream().anyMatch(line::contains))
                    found.add(line.substring(0, Math.min(80, line.length())));
            });
            try {
                Files.walkFileTree(root, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile()
                                && attributes.size() < 20_000_000
                                && !file.startsWith(except)
                                && !file.toString().startsWith(except + ".")
                                && !file.getFileName().toString().equals(".credentials.new")) {
                            var text = text(file);
                            if (secrets.stream().anyMatch(text::contains)) found.add(file.toString());
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException vanished) {
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException e) {
                // A folder that vanished while it was looked through.
            }
        }

        private static String text(Path file) {
            try {
                return Files.readString(file, StandardCharsets.ISO_8859_1);
            } catch (IOException gone) {
                return "";
            }
        }
    }
}
