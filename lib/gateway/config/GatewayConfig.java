package lib.gateway.config;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import lib.base.Host;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.demo.DemoScript;
import lib.gateway.exchange.CallListener;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.state.GatewayState;
import lib.gateway.upstream.UpstreamTimeouts;
import lib.http.Http;
import lib.usage.store.UsageService;

/// What a gateway serves, to whom, and where it listens.
///
///     GatewayConfig.local(MachineProviders.from(host.env()), Authenticator.bearer(token))
///             .withUpstreamsOf(host).withAddress("127.0.0.1", 8090)
///
/// @param listen where the gateway is reached
/// @param serve what it answers, and to whom
/// @param upstreams how it reaches upstreams
/// @param keep what it records
/// @param operations how it is run
public record GatewayConfig(Listen listen, Serve serve, Upstreams upstreams, Keep keep, Operations operations) {

    /// Where a gateway is reached.
    ///
    /// @param host the address to listen on, such as `127.0.0.1`
    /// @param port the port to listen on; 0 takes a free one
    /// @param endpoint its public URL, TLS, trusted proxies and further pages
    public record Listen(String host, int port, PublicEndpoint endpoint) {}

    /// What a gateway answers, and to whom.
    ///
    /// @param providers the configured providers, in the order in which they were found; names are unique
    /// @param callers authenticates each request
    /// @param script what the `demo` provider answers
    /// @param pace called between two pieces of a streamed demo answer, so that it arrives at the speed of typing
    public record Serve(List<HostedProvider> providers, Authenticator callers, DemoScript script, Runnable pace) {
        /// @throws IllegalArgumentException if two providers have the same name
        public Serve {
            providers = List.copyOf(providers);
            var names = new HashSet<String>();
            for (var hosted : providers) {
                if (!names.add(hosted.provider().name())) {
                    throw new IllegalArgumentException(
                            "two providers have the name " + hosted.provider().name());
                }
            }
        }
    }

    /// How a gateway reaches upstreams.
    ///
    /// @param clients makes the HTTP client once, when it is first needed; the gateway closes it
    /// @param patience how long an upstream may take to begin its answer; the length of the answer is not limited
    public record Upstreams(Supplier<HttpClient> clients, Duration patience) {}

    /// What a gateway records.
    ///
    /// @param meter told of every call; empty if nothing listens
    /// @param state the providers and secrets of the management API; empty for a gateway that stores nothing
    /// @param usage where usage is stored and budgets are enforced; empty for neither
    public record Keep(Optional<CallListener> meter, Optional<GatewayState> state, Optional<UsageService> usage) {
        private static final Keep NOTHING = new Keep(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// A gateway for this machine alone: loopback, a free port, the standard demo script.
    public static GatewayConfig local(List<HostedProvider> providers, Authenticator callers) {
        return new GatewayConfig(
                new Listen("127.0.0.1", 0, PublicEndpoint.plain()),
                new Serve(providers, callers, DemoScript.standard(), GatewayConfig::typing),
                new Upstreams(() -> client(HttpClient.newBuilder()), UpstreamTimeouts.ANSWER),
                Keep.NOTHING,
                Operations.quiet());
    }

    /// The same gateway on another address.
    public GatewayConfig withAddress(String host, int port) {
        return withListen(new Listen(host, port, listen.endpoint));
    }

    /// The same gateway with another public URL, TLS certificate, list of trusted proxies or further pages.
    public GatewayConfig withPublicEndpoint(PublicEndpoint endpoint) {
        return withListen(new Listen(listen.host, listen.port, endpoint));
    }

    private GatewayConfig withListen(Listen listen) {
        return new GatewayConfig(listen, serve, upstreams, keep, operations);
    }

    /// The same gateway with another authenticator.
    public GatewayConfig withCallers(Authenticator callers) {
        return withServe(new Serve(serve.providers, callers, serve.script, serve.pace));
    }

    /// The same gateway with another demo script.
    public GatewayConfig withDemoScript(DemoScript script) {
        return withDemoScript(script, serve.pace);
    }

    /// The same gateway with another demo script, paced by `pace`.
    public GatewayConfig withDemoScript(DemoScript script, Runnable pace) {
        return withServe(new Serve(serve.providers, serve.callers, script, pace));
    }

    private GatewayConfig withServe(Serve serve) {
        return new GatewayConfig(listen, serve, upstreams, keep, operations);
    }

    /// The same gateway; it reaches upstreams as this machine's `HTTPS_PROXY`, `NO_PROXY` and `SSL_CERT_FILE` say.
    public GatewayConfig withUpstreamsOf(Host host) {
        return withUpstreams(() -> client(Http.plain(host)), upstreams.patience);
    }

    /// The same gateway with another client for its upstreams.
    public GatewayConfig withUpstreams(Supplier<HttpClient> clients, Duration patience) {
        return new GatewayConfig(listen, serve, new Upstreams(clients, patience), keep, operations);
    }

    /// The same gateway with one more listener, which is told of every model call.
    public GatewayConfig withCallListener(CallListener meter) {
        var both = keep.meter.map(told -> told.and(meter)).orElse(meter);
        return withKeep(new Keep(Optional.of(both), keep.state, keep.usage));
    }

    /// The same gateway with its providers and secrets in `state`. The opener of the state closes it.
    public GatewayConfig withState(GatewayState state) {
        return withKeep(new Keep(keep.meter, Optional.of(state), keep.usage));
    }

    /// The same gateway with its usage stored and its budgets enforced by `usage`. The opener of the service
    /// closes it.
    public GatewayConfig withUsage(UsageService usage) {
        var metered = withCallListener(new CallListener(usage.calls(), usage.clock()));
        return metered.withKeep(new Keep(metered.keep.meter, keep.state, Optional.of(usage)));
    }

    private GatewayConfig withKeep(Keep keep) {
        return new GatewayConfig(listen, serve, upstreams, keep, operations);
    }

    /// The same gateway with other operations.
    public GatewayConfig withOperations(Operations operations) {
        return new GatewayConfig(listen, serve, upstreams, keep, operations);
    }

    private static HttpClient client(HttpClient.Builder builder) {
        return builder.connectTimeout(UpstreamTimeouts.CONNECT)
                // A key must never follow a redirect; the client is told of it and decides.
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    private static void typing() {
        try {
            Thread.sleep(Duration.ofMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
