package lib.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.exchange.CallListener;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.server.LoopbackCertificate;
import lib.gateway.upstream.Upstream;

/// Warms up a fresh process before it reports ready. Until the JVM has compiled them, the first TLS handshakes
/// and encrypted bodies take a hundred times as long as later ones: a burst of requests would occupy both
/// processors for ten seconds. Therefore further gateways in this process, with providers and an upstream of
/// their own, answer the first requests. They run the same code, and nothing of theirs is in the logs, metrics and
/// usage of the gateway that becomes ready.
///
///     var warmUp = new WarmUp();
///     warmUp.start(config, relay::client);
///     warmUp.isOver();
final class WarmUp {
    /// The maximum duration in nanoseconds. The warm-up ends then even if it is unfinished, so that a slow
    /// machine becomes ready too.
    private static final long NANOS = Duration.ofSeconds(4).toNanos();
    private static final int ROUNDS = 6;
    private static final int CLIENTS = 8;
    private static final int SMALL_REQUESTS = 8;
    private static final int SMALL = 20;
    private static final int LARGE = 300_000;
    /// The gateway must find the model in each body, since it is the last one of their lists.
    private static final List<Provider> PROVIDERS = List.of(
            Provider.of("a", ProviderType.ANTHROPIC).withModels(List.of("other", "m")),
            Provider.of("o", ProviderType.OPENAI_COMPATIBLE).withModels(List.of("other", "m")));
    private static final List<String> PATHS = List.of("a/v1/messages", "o/v1/chat/completions");

    private volatile boolean over;

    /// Returns whether the warm-up has ended.
    boolean isOver() {
        return over;
    }

    /// Marks the warm-up as finished without running it.
    void skip() {
        over = true;
    }

    /// Starts the warm-up in the background.
    ///
    /// @param config the configuration of the gateway that becomes ready
    /// @param client creates the client for upstream calls; called once
    void start(GatewayConfig config, Supplier<HttpClient> client) {
        Thread.ofPlatform().daemon().name("warm-up").start(() -> {
            try {
                run(config.listen().endpoint().tls().isPresent(), client);
            } catch (Exception e) {
                // If the warm-up fails, the first real requests warm up the process.
            } finally {
                over = true;
            }
        });
    }

    private static void run(boolean clientsUseTls, Supplier<HttpClient> client) throws Exception {
        long end = System.nanoTime() + NANOS;
        var trust = Thread.ofVirtual().name("warm-up trust").start(() -> readAuthorities(client));
        var certificate = LoopbackCertificate.make();
        try (var upstream = WarmUpUpstream.start(certificate)) {
            for (int i = 0; i < ROUNDS && System.nanoTime() < end; i++) {
                // Until encryption is compiled, each large body takes a tenth of a second.
                int large = i == 0 ? 1 : CLIENTS;
                round(certificate, upstream.url(), clientsUseTls, large, end);
            }
        }
        join(trust, end);
    }

    private static void readAuthorities(Supplier<HttpClient> client) {
        try {
            var _ = client.get();
        } catch (RuntimeException e) {
            // The first request gets the error.
        }
    }

    /// Starts a gateway and sends requests to it from several clients at once. Its first connections to the
    /// upstream need full handshakes; the next ones resume their session.
    ///
    /// @param large the number of clients that send a large body too
    private static void round(LoopbackCertificate certificate, URI upstream, boolean clientsUseTls, int large, long end)
            throws IOException, GeneralSecurityException, InterruptedException {
        var token = Secret.random();
        var trusting = certificate.trusting();
        var hosted = PROVIDERS.stream()
                .map(each -> new HostedProvider(each, Upstream.keyed(each.type(), upstream, Secret.random())))
                .toList();
        var config = GatewayConfig.local(hosted, Authenticator.bearer(token))
                .withUpstreams(_ -> client(trusting), Duration.ofNanos(NANOS))
                .withCallListener(new CallListener(_ -> {}, InstantSource.system()));
        if (clientsUseTls)
            config = config.withPublicEndpoint(PublicEndpoint.plain().over(certificate.serving()));
        try (var gateway = EmbeddedGateway.start(config)) {
            var client = new WarmUpClient(
                    gateway.baseUrl(), clientsUseTls ? Optional.of(trusting) : Optional.empty(), token);
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < CLIENTS; i++) {
                var path = PATHS.get(i % PATHS.size());
                boolean isLarge = i < large;
                threads.add(Thread.ofVirtual().name("warm-up client").start(() -> send(client, path, isLarge, end)));
            }
            for (var each : threads) join(each, end);
        }
    }

    private static HttpClient client(SSLContext trusting) {
        return HttpClient.newBuilder()
                .sslContext(trusting)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
    }

    /// Sends a large request, and small ones for a document or for a stream.
    private static void send(WarmUpClient client, String path, boolean isLarge, long end) {
        try {
            if (isLarge) client.send(path, LARGE);
            for (int i = 0; i < SMALL_REQUESTS && System.nanoTime() < end; i++)
                client.send(i % 4 == 0 ? path + "?" + WarmUpUpstream.STREAM : path, SMALL);
        } catch (IOException e) {
            // The other clients go on.
        }
    }

    private static void join(Thread thread, long end) throws InterruptedException {
        thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    }
}
