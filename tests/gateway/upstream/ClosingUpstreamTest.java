package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;
import tests.support.OwnCertificate;

/// An upstream that closes the connections that it promised to keep, at random moments, while many clients ask. It
/// answers the first request of each connection, and answers each request that it has read.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClosingUpstreamTest {
    private static final int CLIENTS = 24;
    private static final int REQUESTS = 960;
    private static final int LARGE = 200_000;

    private static OwnCertificate own;

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Map<Integer, Integer> executed = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        own = OwnCertificate.in(folder);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noClientNoticesThatIdleConnectionsWereClosed(boolean secure) throws Exception {
        try (var upstream = new RawUpstream(secure ? Optional.of(own) : Optional.empty(), this::serve);
                var gateway = TestGateway.with(
                        config -> TestGateway.trusting(config, own, Duration.ofMinutes(5)),
                        TestGateway.anthropic(upstream.url()))) {
            Callable<Void> client = () -> {
                for (int id; (id = next.getAndIncrement()) < REQUESTS; ) ask(gateway, id);
                return null;
            };
            EarlyAnswerTest.all(Collections.nCopies(CLIENTS, client));
        }

        assertEquals(List.of(), List.copyOf(failures));
        assertTrue(refused.get() > 0, "no connection was closed as a request arrived");
    }

    /// The body of a large request is gone after it was sent, so that it cannot be sent again: it may fail if the
    /// connection closes just then.
    private void ask(TestGateway gateway, int id) throws Exception {
        var isLarge = id % 5 == 0;
        var body = "%6d".formatted(id) + "x".repeat(isLarge ? LARGE : id % 7 * 100);
        var answer = gateway.post("anthropic/v1/messages", body);
        int times = executed.getOrDefault(id, 0);
        var isAnswered = answer.statusCode() == 200 && answer.body().equals("{\"id\":" + id + "}") && times == 1;
        var isUnavoidable = isLarge && answer.statusCode() == 502 && times == 0;
        if (!isAnswered && !isUnavoidable)
            failures.add("%d, executed %d times: %d %s".formatted(id, times, answer.statusCode(), answer.body()));
    }

    private void serve(Socket socket) throws IOException {
        var random = new Random(connections.incrementAndGet());
        for (var isFirst = true; ; isFirst = false) {
            var in = socket.getInputStream();
            if (!isFirst) {
                switch (random.nextInt(8)) {
                    // At once, maybe before the client has read the answer.
                    case 0 -> {
                        return;
                    }
                    // After a while, if no request comes before.
                    case 1, 2 -> socket.setSoTimeout(1 + random.nextInt(5));
                    // When the next request arrives.
                    case 3 -> {
                        if (in.read() >= 0) refused.incrementAndGet();
                        return;
                    }
                    default -> {}
                }
            }
            String head;
            try {
                head = RawUpstream.head(in);
                socket.setSoTimeout(0);
            } catch (SocketTimeoutException idle) {
                return;
            }
            var body = in.readNBytes((int) RawUpstream.length(head));
            if (body.length < 6) {
                failures.add("a request without its body");
                return;
            }
            int id = Integer.parseInt(new String(body, 0, 6, StandardCharsets.US_ASCII).strip());
            executed.merge(id, 1, Integer::sum);
            RawUpstream.answer(socket, 200, "", "{\"id\":" + id + "}");
        }
    }
}
