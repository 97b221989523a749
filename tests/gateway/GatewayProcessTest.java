package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Machine;

/// `rpkai gateway` as a process, stopped as a service manager stops it.
@DisabledOnOs(OS.WINDOWS)
@Tag("processes")
class GatewayProcessTest {
    private static final Pattern LISTENS = Pattern.compile("listens on (http://\\S+)");

    @TempDir
    Path temp;

    private final CountDownLatch goOn = new CountDownLatch(1);
    private FakeUpstream upstream;
    private Process process;
    private URI url;

    @BeforeEach
    void start() throws Exception {
        upstream = new FakeUpstream(call -> {
            call.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
                    + "\r\n7\r\nfirst\n\n\r\n");
            goOn.await();
            call.write("6\r\nlast\n\n\r\n0\r\n\r\n");
        });
        process = new Machine(temp)
                .with("OPENAI_API_KEY", "sk-test")
                .with("OPENAI_BASE_URL", upstream.url() + "/v1")
                .start("gateway", "--listen", "127.0.0.1:0")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        url = listening(process.errorReader());
    }

    @AfterEach
    void stop() throws IOException {
        goOn.countDown();
        process.destroyForcibly();
        upstream.close();
    }

    private static URI listening(BufferedReader log) throws IOException {
        for (String line; (line = log.readLine()) != null; ) {
            var found = LISTENS.matcher(line);
            if (found.find()) return URI.create(found.group(1));
        }
        throw new AssertionError("it ended before it listened");
    }

    @Test
    void itRunsInAJvmForServersUnderTheProcessThatWasStarted() {
        var command = process.toHandle().info().commandLine().orElseThrow();

        assertTrue(command.contains("-Drpkai.server=true"), command);
        assertFalse(command.contains("-XX:TieredStopAtLevel=1"), command);
    }

    @Test
    void runningCallsFinishAfterSigterm() throws Exception {
        try (var client = asking()) {
            process.destroy();
            awaitNotListening();
            goOn.countDown();

            var rest = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertTrue(rest.contains("last"), rest);
            assertTrue(process.waitFor(2, TimeUnit.MINUTES));
            assertEquals(0, process.exitValue());
        }
    }

    @Test
    void aSecondSigtermEndsItAtOnce() throws Exception {
        try (var _ = asking()) {
            process.destroy();
            awaitNotListening();
            assertTrue(process.isAlive());

            process.destroy();

            assertTrue(process.waitFor(2, TimeUnit.MINUTES));
            assertEquals(128 + 15, process.exitValue());
        }
    }

    /// A client whose answer has begun.
    private Socket asking() throws IOException {
        var client = new Socket(url.getHost(), url.getPort());
        client.setSoTimeout(120_000);
        var body = "{\"model\":\"m\",\"stream\":true}";
        client.getOutputStream()
                .write(("POST /llm/v1/providers/openai/v1/chat/completions HTTP/1.1\r\nHost: "
                                + "localhost:%d\r\nContent-Type: application/json\r\n"
                                + "Content-Length: %d\r\n\r\n%s")
                        .formatted(url.getPort(), body.length(), body)
                        .getBytes(StandardCharsets.US_ASCII));
        var seen = new StringBuilder();
        while (!seen.toString().contains("first")) {
            int next = client.getInputStream().read();
            if (next < 0) throw new AssertionError("no answer: " + seen);
            seen.append((char) next);
        }
        return client;
    }

    private void awaitNotListening() {
        Eventually.holds(() -> !isListening(), Duration.ofMinutes(2), () -> "it takes on clients still");
    }

    private boolean isListening() {
        try (var _ = new Socket(url.getHost(), url.getPort())) {
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
