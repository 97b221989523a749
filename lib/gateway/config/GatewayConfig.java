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
///             .reachingFrom(host).listeningOn("127.0.0.1", 8090)
///
/// @param host the address to listen on, such as `127.0.0.1`
/// @param port the port to listen on; 0 takes a free one
/// @param providers what is served, in the order in which it was found; names are unique
/// @param callers the check of who calls
/// @param script what the `demo` provider says
/// @param pace called between two pieces of a streamed demo answer, so that it reads as one being written
/// @param patience how long an upstream may take until its answer begins; the answer itself may take forever
/// @param upstreams makes the client that reaches upstreams, once, when first needed; the gateway closes it
/// @param front how it is reached from outside, and its further pages
/// @param meter told of every call; empty where nobody wants to know
/// @param state what it keeps: the providers and secrets of its management API; empty for a gateway that keeps
///     nothing
/// @param accounting where usage is kept and budgets are enforced; empty where neither is
/// @param operations how it is run
public record GatewayConfig(
        String host,
        int port,
        List<HostedProvider> providers,
        Authenticator callers,
        DemoScript script,
        Runnable pace,
        Duration patience,
        Supplier<HttpClient> upstreams,
        PublicEndpoint front,
        Optional<CallListener> meter,
        Optional<GatewayState> state,
        Optional<UsageService> accounting,
        Operations operations) {

    /// @throws IllegalArgumentException where two providers have the same name
    public GatewayConfig {
        providers = List.copyOf(providers);
        var names = new HashSet<String>();
        for (var hosted : providers) {
            if (!names.add(hosted.provider().name())) {
                throw new IllegalArgumentException(
                        "two providers are named " + hosted.provider().name());
            }
        }
    }

    /// A gateway for this machine alone: loopback, a free port, the standard demo script.
    public static GatewayConfig local(List<HostedProvider> providers, Authenticator callers) {
        return new GatewayConfig(
                "127.0.0.1",
                0,
                providers,
                callers,
                DemoScript.standard(),
                GatewayConfig::typing,
                UpstreamTimeouts.ANSWER,
                () -> client(HttpClient.newBuilder()),
                PublicEndpoint.plain(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Operations.quiet());
    }

    /// The same gateway on another address.
    public GatewayConfig listeningOn(String host, int port) {
        return new GatewayConfig(
                host,
                port,
                providers,
                callers,
                script,
                pace,
                patience,
                upstreams,
                front,
                meter,
                state,
                accounting,
                operations);
    }

    /// The same gateway with another demo script.
    public GatewayConfig saying(DemoScript script) {
        return saying(script, pace);
    }

    /// The same gateway with another demo script, paced by `pace`.
    public GatewayConfig saying(DemoScript script, Runnable pace) {
        return new GatewayConfig(
                host,
                port,
                providers,
                callers,
                script,
                pace,
                patience,
                upstreams,
                front,
                meter,
                state,
                accounting,
                operations);
    }

    /// The same gateway, its way to upstreams the one that this machine asks for: `HTTPS_PROXY`, `NO_PROXY`,
    /// `SSL_CERT_FILE`.
    public GatewayConfig reachingFrom(Host host) {
        return reaching(() -> client(Http.plain(host)), patience);
    }

    /// The same gateway with another way to its upstreams.
    public GatewayConfig reaching(Supplier<HttpClient> upstreams, Duration patience) {
        return new GatewayConfig(
                host,
                port,
                providers,
                callers,
                script,
                pace,
                patience,
                upstreams,
                front,
                meter,
                state,
                accounting,
                operations);
    }

    /// The same gateway behind another front.
    public GatewayConfig behind(PublicEndpoint front) {
        return new GatewayConfig(
                host,
                port,
                providers,
                callers,
                script,
                pace,
                patience,
                upstreams,
                front,
                meter,
                state,
                accounting,
                operations);
    }

    /// The same gateway, every call of a model told to `meter` too.
    public GatewayConfig metered(CallListener meter) {
        return new GatewayConfig(
                host,
                port,
                providers,
                callers,
                script,
                pace,
                patience,
                upstreams,
                front,
                Optional.of(this.meter.map(told -> told.and(meter)).orElse(meter)),
                state,
                accounting,
                operations);
    }

    /// The same gateway keeping its providers and secrets there; whoever opened the state closes it.
    public GatewayConfig keeping(GatewayState state) {
        return new GatewayConfig(
                host,
                port,
                providers,
                callers,
                script,
                pace,
                patience,
                upstreams,
                front,
                meter,
                Optional.of(state),
                accounting,
                operations);
    }

    /// The same gateway, its usage kept and its budgets enforced there; whoever opened it closes it.
    public GatewayConfig accounting(UsageService accounting) {
        var metered = metered(new CallListener(accounting.calls(), accounting.clock()));
        return new GatewayConfig(
                host,
                port,
                providers,
                callers,
                script,
                pace,
                patience,
                upstreams,
                front,
                metered.meter,
                state,
                Optional.of(accounting),
                operations);
    }

    /// The same gateway, run like that.
    public GatewayConfig operated(Operations operations) {
        return new GatewayConfig(
                host,
                port,
                providers,
                callers,
                script,
                pace,
                patience,
                upstreams,
                front,
                meter,
                state,
                accounting,
                operations);
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
