package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.OwnCertificate;

/// `rpkai gateway` as a process, asked by many at once.
@DisabledOnOs(OS.WINDOWS)
@Tag("processes")
class FreshGatewayTest {
    private static final Pattern LISTENS = Pattern.compile("listens on (http://\\S+)");
    private static final Pattern MOST_RESIDENT = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private static final Pattern COUNTED =
            Pattern.compile("(?m)^http_server_request_duration_seconds_count\\S* (\\d+)$");

    @TempDir
    Path temp;

    private Process process;
    private URI url;

    @AfterEach
    void stop() {
        if (process != null) process.destroyForcibly();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 300_000})
    void sixtyFourRequestsAtOnceRightAfterItIsReadyAreAnsweredOverTls(int size) throws Exception {
        var own = OwnCertificate.in(temp);
        try (var upstream = answering(Optional.of(own))) {
            start(new Machine(temp).with("SSL_CERT_FILE", own.chain().toString()), upstream, "");
            awaitReady();

            var answers = EarlyAnswerTest.all(Collections.nCopies(64, () -> asked(size)));

            assertEquals(Collections.nCopies(64, "200"), answers);
        }
    }

    @Test
    void theRequestsThatWarmItUpAreNotCounted() throws Exception {
        try (var upstream = answering(Optional.empty())) {
            start(new Machine(temp), upstream, "");
            awaitReady();

            assertEquals(List.of(), counted());

            assertEquals("200", asked(20));
            Eventually.holds(
                    () -> counted().equals(List.of("1")), Duration.ofSeconds(30), () -> "counted: " + counted());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void twentyLargeBodiesThatAreLookedIntoFitIntoMemory() throws Exception {
        try (var upstream = answering(Optional.empty())) {
            // The server is a process of its own, which takes its limit from the environment.
            var machine = new Machine(temp).with("JDK_JAVA_OPTIONS", "-Xmx256m");
            start(machine, upstream, "providerModels: [{name: m}]\n");
            awaitReady();

            var answers = EarlyAnswerTest.all(Collections.nCopies(20, () -> asked(31 << 20)));

            assertEquals(Collections.nCopies(20, "200"), answers);
            var status = MOST_RESIDENT.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
            assertTrue(status.find());
            // The bodies alone are 620 MiB, and the heap has 256: they cannot all have been held at once. Without a
            // limit the heap grows by chance, up to 700 MiB in all.
            assertTrue(Long.parseLong(status.group(1)) < 400 * 1024, status.group());
        }
    }

    private static RawUpstream answering(Optional<OwnCertificate> certificate) throws Exception {
        return new RawUpstream(certificate, socket -> {
            while (RawUpstream.request(socket.getInputStream())) RawUpstream.answer(socket, 200, "", "{}");
        });
    }

    private void start(Machine machine, RawUpstream upstream, String more) throws IOException {
        var manifest = machine.write(
                "work/up.yaml",
                "name: up\nenabled: true\nopenaiCompatibleConfig: {baseUrl: '%s/v1'}\n%s"
                        .formatted(upstream.url(), more));
        process = machine.start("gateway", "--listen", "127.0.0.1:0", "-f", manifest.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        url = listening(process.errorReader());
    }

    private static URI listening(BufferedReader log) throws IOException {
        for (String line; (line = log.readLine()) != null; ) {
            var found = LISTENS.matcher(line);
            if (found.find()) return URI.create(found.group(1));
        }
        throw new AssertionError("it ended before it listened");
    }

    private void awaitReady() {
        try (var client = HttpClient.newHttpClient()) {
            Eventually.holds(() -> isReady(client), Duration.ofMinutes(2), () -> "it does not become ready");
        }
    }

    private boolean isReady(HttpClient client) {
        try {
            return client.send(HttpRequest.newBuilder(url.resolve("/readyz")).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException | InterruptedException notYet) {
            return false;
        }
    }

    /// Returns the numbers of requests in the metrics, for each kind of request.
    private List<String> counted() {
        try (var client = HttpClient.newHttpClient()) {
            var metrics =
                    client.send(HttpRequest.newBuilder(url.resolve("/metrics")).build(), BodyHandlers.ofString());
            return COUNTED.matcher(metrics.body())
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// @param size size of the body, which is generated while it is sent, so that these clients need no memory
    /// for it
    private String asked(int size) throws IOException {
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(200_000);
            var out = socket.getOutputStream();
            var begin = "{\"model\":\"m\",\"input\":\"".getBytes(StandardCharsets.US_ASCII);
            var piece = "x".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
            out.write(("POST /llm/v1/providers/up/v1/responses HTTP/1.1\r\nHost: localhost:%d\r\n"
                            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n")
                    .formatted(url.getPort(), begin.length + size + 2)
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(begin);
            for (int left = size; left > 0; left -= piece.length) out.write(piece, 0, Math.min(left, piece.length));
            out.write("\"}".getBytes(StandardCharsets.US_ASCII));
            return RawUpstream.head(socket.getInputStream()).substring(9, 12);
        }
    }
}
