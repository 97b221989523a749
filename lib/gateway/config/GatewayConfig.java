package lib.gateway.config;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import lib.base.Host;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.certificate.UpstreamClients;
import lib.gateway.demo.DemoScript;
import lib.gateway.exchange.CallListener;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.state.GatewayState;
import lib.gateway.upstream.UpstreamTimeouts;
import lib.http.Http;
import lib.usage.store.UsageService;

/// The configuration of a gateway.
///
///     GatewayConfig.local(MachineProviders.from(host.env()), Authenticator.bearer(token))
///             .withUpstreamsOf(host).withAddress("127.0.0.1", 8090)
///
/// @param listen the address of the gateway
/// @param serve the providers and callers
/// @param upstreams the client for upstreams
/// @param keep the stores
/// @param operations the settings for its operation
public record GatewayConfig(Listen listen, Serve serve, Upstreams upstreams, Keep keep, Operations operations) {

    /// The address of a gateway.
    ///
    /// @param host the address to listen on, such as `127.0.0.1`
    /// @param port the port to listen on; 0 takes a free one
    /// @param endpoint the public URL, TLS, trusted proxies and additional routes
    public record Listen(String host, int port, PublicEndpoint endpoint) {}

    /// The providers of a gateway, and its callers.
    ///
    /// @param providers the configured providers, in the order in which they were found; names are unique
    /// @param callers the authenticator of requests
    /// @param script the answers of the demo model
    /// @param pace the action that waits between two pieces of a streamed demo answer, so that it arrives at the
    ///     speed of typing
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

    /// The client with which a gateway reaches upstreams.
    ///
    /// @param clients the function that creates HTTP clients on first use; the gateway closes them
    /// @param patience the longest wait for the beginning of an answer; the duration of an answer is not limited
    /// @param first the provider that will be asked first
    public record Upstreams(UpstreamClients clients, Duration patience, Optional<String> first) {}

    /// The stores of a gateway.
    ///
    /// @param meter the listener for model calls; empty if there is none
    /// @param state the store of providers, secrets and accounts; empty for a gateway that stores nothing
    /// @param usage the store of usage and budgets; empty for a gateway without either
    public record Keep(Optional<CallListener> meter, Optional<GatewayState> state, Optional<UsageService> usage) {
        private static final Keep NOTHING = new Keep(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// Returns the configuration of a gateway for this machine alone: on loopback, at a free port, with the
    /// built-in demo script.
    public static GatewayConfig local(List<HostedProvider> providers, Authenticator callers) {
        return new GatewayConfig(
                new Listen("127.0.0.1", 0, PublicEndpoint.plain()),
                new Serve(providers, callers, DemoScript.standard(), GatewayConfig::typing),
                new Upstreams(key -> client(Http.plain(key)), UpstreamTimeouts.ANSWER, Optional.empty()),
                Keep.NOTHING,
                Operations.quiet());
    }

    /// Returns a copy with another address.
    public GatewayConfig withAddress(String host, int port) {
        return withListen(new Listen(host, port, listen.endpoint));
    }

    /// Returns a copy with another public URL, TLS certificate, list of trusted proxies or additional routes.
    public GatewayConfig withPublicEndpoint(PublicEndpoint endpoint) {
        return withListen(new Listen(listen.host, listen.port, endpoint));
    }

    private GatewayConfig withListen(Listen listen) {
        return new GatewayConfig(listen, serve, upstreams, keep, operations);
    }

    /// Returns a copy with another authenticator.
    public GatewayConfig withCallers(Authenticator callers) {
        return withServe(new Serve(serve.providers, callers, serve.script, serve.pace));
    }

    /// Returns a copy with another demo script.
    public GatewayConfig withDemoScript(DemoScript script) {
        return withDemoScript(script, serve.pace);
    }

    /// Returns a copy with another demo script, paced by `pace`.
    public GatewayConfig withDemoScript(DemoScript script, Runnable pace) {
        return withServe(new Serve(serve.providers, serve.callers, script, pace));
    }

    private GatewayConfig withServe(Serve serve) {
        return new GatewayConfig(listen, serve, upstreams, keep, operations);
    }

    /// Returns a copy that reaches upstreams as this machine's `HTTPS_PROXY`, `NO_PROXY` and `SSL_CERT_FILE` say.
    public GatewayConfig withUpstreamsOf(Host host) {
        return withUpstreams(key -> client(Http.plain(host, key)), upstreams.patience);
    }

    /// Returns a copy with another client for its upstreams.
    public GatewayConfig withUpstreams(UpstreamClients clients, Duration patience) {
        return withUpstreams(new Upstreams(clients, patience, upstreams.first));
    }

    /// Returns a copy that connects to the upstream of that provider while the gateway starts, so that the first
    /// request is answered sooner. No request is sent. Empty connects when a request arrives.
    public GatewayConfig withFirstProvider(Optional<String> first) {
        return withUpstreams(new Upstreams(upstreams.clients, upstreams.patience, first));
    }

    private GatewayConfig withUpstreams(Upstreams upstreams) {
        return new GatewayConfig(listen, serve, upstreams, keep, operations);
    }

    /// Returns a copy with an additional listener for model calls.
    public GatewayConfig withCallListener(CallListener meter) {
        var both = keep.meter.map(told -> told.and(meter)).orElse(meter);
        return withKeep(new Keep(Optional.of(both), keep.state, keep.usage));
    }

    /// Returns a copy that stores its providers and secrets in `state`. The opener of the state closes it.
    public GatewayConfig withState(GatewayState state) {
        return withKeep(new Keep(keep.meter, Optional.of(state), keep.usage));
    }

    /// Returns a copy that stores its usage and enforces its budgets with `usage`. The opener of the service
    /// closes it.
    public GatewayConfig withUsage(UsageService usage) {
        var metered = withCallListener(new CallListener(usage.calls(), usage.clock()));
        return metered.withKeep(new Keep(metered.keep.meter, keep.state, Optional.of(usage)));
    }

    private GatewayConfig withKeep(Keep keep) {
        return new GatewayConfig(listen, serve, upstreams, keep, operations);
    }

    /// Returns a copy with other settings for its operation.
    public GatewayConfig withOperations(Operations operations) {
        return new GatewayConfig(listen, serve, upstreams, keep, operations);
    }

    private static HttpClient client(HttpClient.Builder builder) {
        return builder.connectTimeout(UpstreamTimeouts.CONNECT)
                // A key must never be sent to the target of a redirect. The gateway rejects an answer that
                // redirects.
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
