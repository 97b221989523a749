package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.KEY;
import static tests.gateway.TestGateway.provider;

import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.upstream.AwsCredentials;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;
import org.junit.jupiter.api.Test;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;

/// No request is relayed whose model, as the most forgiving known server reads it, is not on the list. Requests
/// from a seed: 3,000 with every run, `JDK_JAVA_OPTIONS=-Drpkai.fuzz=100000` for many, `-Drpkai.fuzz.seed=7` for
/// others.
class AllowlistPropertyTest {
    private static final int COUNT = Integer.getInteger("rpkai.fuzz", 3000);
    private static final long SEED = Long.getLong("rpkai.fuzz.seed", 1);
    private static final int THREADS = 4;

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger relayed = new AtomicInteger();

    @Test
    void noRequestIsRelayedThatAnyServerCouldReadAsAForbiddenModel() throws Exception {
        try (var upstream = new FakeUpstream(this::answer);
                var gateway = TestGateway.serving(
                        hosted("anthropic", ProviderType.ANTHROPIC, upstream.url()),
                                hosted("openai", ProviderType.OPENAI, upstream.url()),
                        hosted("google", ProviderType.GOOGLE, upstream.url()),
                                hosted("bedrock", ProviderType.BEDROCK, upstream.url()))) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var sending = new ArrayList<Future<?>>();
                for (int i = 0; i < THREADS; i++) {
                    int thread = i;
                    sending.add(threads.submit(() -> send(gateway, thread)));
                }
                for (var each : sending) each.get();
            }
            System.out.println("allowlist: " + COUNT + " requests, " + relayed + " relayed");
            assertEquals(List.of(), wrong.stream().limit(10).toList());
            assertTrue(relayed.get() > COUNT / 10, "too few were relayed to say anything: " + relayed);
        }
    }

    private void answer(FakeUpstream.Call call) throws Exception {
        var models = LenientReader.models(call);
        if (call.body().length < Integer.parseInt(call.header("content-length").getFirst())) {
            // It was refused while it was forwarded. What was forwarded until then must be allowed, too.
            models = new HashSet<>(models);
            models.remove(LenientReader.DEFAULT);
        } else {
            relayed.incrementAndGet();
        }
        if (!Set.of(ModelRequests.ALLOWED).containsAll(models)) {
            wrong.add(models + ": " + call.line() + " " + call.headers() + " " + text(call.body()));
        }
        call.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    }

    private void send(TestGateway gateway, int thread) {
        var requests = new ModelRequests(new Random(SEED * THREADS + thread));
        for (int i = thread; i < COUNT; i += THREADS) {
            var request = new byte[0];
            try (var socket = new Socket(gateway.url().getHost(), gateway.url().getPort())) {
                socket.setSoTimeout(20_000);
                request = requests.next();
                socket.getOutputStream().write(request);
                var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                if (answer.startsWith("HTTP/1.1 5")) wrong.add("failed: " + text(request) + "\n--> " + answer);
            } catch (Exception e) {
                wrong.add(e + ": " + text(request));
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("x{1000,}", "xxx...");
    }

    private static HostedProvider hosted(String name, ProviderType type, URI upstream) {
        UpstreamAuth access = type.equals(ProviderType.BEDROCK)
                ? new UpstreamAuth.Aws(
                        "eu-central-1", new AwsCredentials.Keys("AKIA1", new Secret(KEY), Optional.empty()))
                : new UpstreamAuth.Key("x-key", "", new Secret(KEY));
        return new HostedProvider(provider(name, type, ModelRequests.ALLOWED), new Upstream.Remote(upstream, access));
    }
}
