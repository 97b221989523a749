package tests.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tests.gateway.TestGateway.KEY;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import lib.gateway.config.Operations;
import org.junit.jupiter.api.Test;
import tests.gateway.TestGateway;
import tests.gateway.upstream.StrictUpstream;

/// Mutated requests, from a seed: 2,000 with every run, `JDK_JAVA_OPTIONS=-Drpkai.fuzz=100000` for many,
/// `-Drpkai.fuzz.seed=7` for others.
class FuzzTest {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3})");
    private static final int COUNT = Integer.getInteger("rpkai.fuzz", 2000);
    private static final long SEED = Long.getLong("rpkai.fuzz.seed", 1);
    private static final int THREADS = 4;

    private final Map<Integer, String> sent = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> statuses = new ConcurrentHashMap<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    @Test
    void noMutatedRequestIsAnInternalErrorOrHangsOrReachesAProviderItDidNotName() throws Exception {
        try (var anthropic = new StrictUpstream("x-api-key: " + KEY, id -> names(id, "anthropic"));
                var openAi = new StrictUpstream("Authorization: Bearer " + KEY, id -> names(id, "openai"));
                var gateway = TestGateway.with(
                        config -> config.withOperations(Operations.quiet()
                                .withConnections(1000)
                                .withBugs((what, bug) -> wrong.add("a bug: " + what + " " + bug))),
                        TestGateway.anthropic(anthropic.url()),
                        TestGateway.openAi(openAi.url(), "m"),
                        TestGateway.demo())) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var sending = new ArrayList<Future<?>>();
                for (int i = 0; i < THREADS; i++) {
                    int thread = i;
                    sending.add(threads.submit(() -> send(gateway, thread)));
                }
                for (var each : sending) each.get();
            }

            assertEquals(
                    "ok", gateway.send(gateway.request("anthropic/v1/models")).body());
            System.out.println("fuzz: " + COUNT + " requests, answers by status " + new TreeMap<>(statuses));
            assertEquals(List.of(), wrong.stream().limit(10).toList());
            assertEquals(List.of(), anthropic.offences.stream().limit(10).toList());
            assertEquals(List.of(), openAi.offences.stream().limit(10).toList());
        }
    }

    private boolean names(int id, String provider) {
        return sent.getOrDefault(id, provider).contains("/llm/v1/providers/" + provider);
    }

    private void send(TestGateway gateway, int thread) {
        var mutations = new Mutations(new Random(SEED * THREADS + thread));
        for (int i = thread; i < COUNT; i += THREADS) {
            var request = mutations.next(i);
            var text = new String(request, StandardCharsets.ISO_8859_1);
            sent.put(i, text);
            try (var socket = new Socket(gateway.url().getHost(), gateway.url().getPort())) {
                socket.setSoTimeout(50_000);
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
                var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                var status = STATUS.matcher(answer);
                if (!status.find())
                    statuses.computeIfAbsent("none", _ -> new AtomicInteger()).incrementAndGet();
                else
                    statuses.computeIfAbsent(status.group(1), _ -> new AtomicInteger())
                            .incrementAndGet();
                if (answer.contains("HTTP/1.1 500") || answer.contains("HTTP/1.1 502"))
                    wrong.add("500: " + text + "\n--> " + answer);
                if (answer.contains(KEY)) wrong.add("the key: " + text);
            } catch (SocketTimeoutException hangs) {
                wrong.add("hangs: " + text);
            } catch (IOException reset) {
                statuses.computeIfAbsent("reset", _ -> new AtomicInteger()).incrementAndGet();
            }
            sent.remove(i - 100 * THREADS);
        }
    }
}
