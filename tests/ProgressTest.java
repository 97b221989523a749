package tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import lib.base.Host;
import lib.http.Http;
import lib.http.Http.Retry;
import lib.terminal.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.Reply;

/// Tests the progress line of a slow operation. The test moves the clock itself.
class ProgressTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Instant now = Instant.EPOCH;
    private OptionalInt columns = OptionalInt.of(40);
    private Runnable tick;
    private int asked;
    private Progress progress;

    /// Progress belongs to the thread that creates it, and JUnit creates a test on another thread than it runs it
    /// on.
    private Progress progress() {
        if (progress == null)
            progress = new Progress(
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    () -> {
                        asked++;
                        return columns;
                    },
                    () -> now,
                    each -> {
                        tick = each;
                        return () -> tick = null;
                    });
        return progress;
    }

    @Test
    void aShortWaitIsNotMentioned() {
        try (var _ = progress().on("Waiting")) {
            passes(Duration.ofMillis(999));
        }

        assertEquals("", said());
        assertEquals(0, asked);
    }

    @Test
    void aLongWaitIsShownAndErasedAtItsEnd() {
        try (var _ = progress().on("Waiting")) {
            passes(Duration.ofSeconds(1));
            assertEquals("\rWaiting ... 1 s", said());
            passes(Duration.ofSeconds(9));
        }

        assertEquals("\rWaiting ... 1 s\rWaiting ... 10 s\r                \r", said());
        assertNull(tick, "it ticks on");
    }

    @Test
    void aLineIsNeverAsWideAsTheTerminal() {
        try (var _ = progress().on("W".repeat(100) + "\u001b[2J")) {
            passes(Duration.ofSeconds(1));
        }

        assertEquals("\r" + "W".repeat(31) + " ... 1 s", said().substring(0, 40));
    }

    @Test
    void withoutATerminalNothingIsPrintedAndTheWidthIsReadOnce() {
        columns = OptionalInt.empty();
        try (var _ = progress().on("Waiting")) {
            passes(Duration.ofSeconds(1));
            passes(Duration.ofSeconds(1));
        }

        assertEquals("", said());
        assertEquals(1, asked);
    }

    @Test
    void aWaitWithinAnotherIsPartOfIt() {
        try (var _ = progress().on("Outer")) {
            try (var inner = progress().on("Inner")) {
                passes(Duration.ofSeconds(1));
                inner.now("Busy");
                passes(Duration.ofSeconds(1));
            }
            passes(Duration.ofSeconds(1));
        }

        assertEquals("\rOuter ... 1 s\rBusy ... 2 s \b\rOuter ... 3 s\r             \r", said());
    }

    @Test
    void otherOutputErasesTheProgressLineFirst() {
        try (var _ = progress().on("Waiting")) {
            passes(Duration.ofSeconds(1));
            progress().wipe();
            progress().wipe();
        }

        assertEquals("\rWaiting ... 1 s\r               \r", said());
    }

    @Test
    void progressOfAnotherThreadIsNotShown() throws InterruptedException {
        progress();
        var ticking = new Runnable[1];
        Thread.ofPlatform()
                .start(() -> {
                    try (var _ = progress.on("Beside")) {
                        ticking[0] = tick;
                    }
                })
                .join();
        assertNull(ticking[0]);

        try (var _ = progress.on("Waiting")) {
            passes(Duration.ofSeconds(1));
        }
        assertEquals("\rWaiting ... 1 s\r               \r", said());
    }

    @Test
    void capturedOutputIsNotTreatedAsATerminal(@TempDir Path temp) {
        assertFalse(new Machine(temp).typing("").host().streams().isProcess());
        assertFalse(Host.system().silent().streams().isProcess());
    }

    @Test
    void aCallNamesItsServerAndTheReasonOfARetry(@TempDir Path temp) {
        try (var server = RecordingUpstream.start()) {
            server.handle(_ -> {
                passes(Duration.ofSeconds(1));
                return server.requests().size() < 2
                        ? Reply.of(429, "text/plain", "later").header("Retry-After", "0")
                        : Reply.of(200, "text/plain", "well");
            });

            Http.of(new Machine(temp).host(), progress())
                    .send(
                            HttpRequest.newBuilder(URI.create(server.url() + "/secret"))
                                    .build(),
                            Retry.SAFE,
                            "it");

            assertEquals(
                    "\rWaiting for it at http://127.0. ... 1 s\r%.31s ... 2 s\r%s\r"
                            .formatted(server.url() + " is busy (HTTP 429), trying again", " ".repeat(39)),
                    said());
        }
    }

    private void passes(Duration time) {
        now = now.plus(time);
        tick.run();
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
