package lib.gateway;

import io.helidon.webserver.WebServer;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import lib.api.Providers;
import lib.base.UserError;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.catalog.HostedProviders;
import lib.gateway.config.GatewayConfig;
import lib.gateway.server.Connections;
import lib.gateway.upstream.LazyHttpClient;
import lib.gateway.upstream.Relay;
import lib.gateway.upstream.Upstream;

/// An AI gateway inside this process. It serves the proxy and the management API that the rest of `rpkai` calls.
///
///     var token = Secret.random();
///     var providers = MachineProviders.from(System.getenv());
///     try (var gateway = EmbeddedGateway.start(GatewayConfig.local(providers, Authenticator.bearer(token)))) {
///         launch(gateway.baseUrl() + "/llm/v1/providers/demo", token);
///     }
///
/// The gateway prints nothing and serves every request on its own virtual thread. It keeps the process alive
/// until it is closed.
public final class EmbeddedGateway implements AutoCloseable {
    /// The longest wait for calls that have been ended and are being counted.
    private static final Duration LAST_COUNTS = Duration.ofSeconds(5);

    private final WebServer server;
    private final RunningRequests running;
    private final Connections connections;
    private final Relay relay;
    private final LazyHttpClient client;
    private final HostedProviders providers;
    private final URI baseUrl;

    private EmbeddedGateway(
            WebServer server,
            RunningRequests running,
            Connections connections,
            Relay relay,
            LazyHttpClient client,
            HostedProviders providers,
            URI baseUrl) {
        this.server = server;
        this.running = running;
        this.connections = connections;
        this.relay = relay;
        this.client = client;
        this.providers = providers;
        this.baseUrl = baseUrl;
    }

    /// Starts a gateway. It accepts requests when this method returns.
    ///
    /// @throws UserError if the gateway cannot listen on the address
    public static EmbeddedGateway start(GatewayConfig config) {
        var none = new WarmUp();
        none.skip();
        return start(config, none);
    }

    /// Starts a gateway that many callers will use at once. It first warms up the JVM with requests to itself and
    /// reports ready (`/readyz`) when it is fast; see [WarmUp].
    public static EmbeddedGateway startWarm(GatewayConfig config) {
        var warmUp = new WarmUp();
        var gateway = start(config, warmUp);
        warmUp.start(config, gateway.relay::client);
        return gateway;
    }

    private static EmbeddedGateway start(GatewayConfig config, WarmUp warmUp) {
        var address = address(config.listen().host());
        var client = new LazyHttpClient(config.upstreams().clients());
        var providers =
                new HostedProviders(config.serve().providers(), config.keep().state(), client);
        var relay = new Relay(
                config.upstreams().clients(),
                config.upstreams().patience(),
                config.operations().bodies());
        config.upstreams()
                .first()
                .flatMap(providers::hosted)
                .map(HostedProvider::upstream)
                .filter(Upstream.Remote.class::isInstance)
                .ifPresent(upstream -> relay.prepare((Upstream.Remote) upstream));
        var connections = HelidonServer.connections(config);
        var router = new Router(config, providers, relay, client, connections, warmUp);
        var server = HelidonServer.on(address, config, connections, router).start();
        // Helidon does not throw when the port is taken.
        if (!server.isRunning()) {
            throw new UserError(
                    "cannot listen on " + config.listen().host() + ":"
                            + config.listen().port(),
                    "choose another port");
        }
        return new EmbeddedGateway(
                server,
                router.running(),
                connections,
                relay,
                client,
                providers,
                URI.create(config.listen().endpoint().scheme() + "://" + urlHost(address) + ":" + server.port()));
    }

    /// Returns the gateway's local URL without a trailing slash, such as `http://127.0.0.1:43121`.
    public URI baseUrl() {
        return baseUrl;
    }

    /// Returns the providers that the management API lists, without making a call.
    public Providers providers() {
        return providers;
    }

    /// Stops accepting requests, lets running ones finish for up to [lib.gateway.config.Operations#drain], then ends
    /// the rest together with their upstream calls. When this method returns, the listener has been told of every
    /// call.
    @Override
    public void close() {
        connections.drain();
        server.stop();
        relay.close();
        client.close();
        running.awaitEnd(LAST_COUNTS);
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new UserError(
                    "cannot listen on " + host + ", which is not an address of this machine", "use 127.0.0.1");
        }
    }

    private static String urlHost(InetAddress address) {
        var reachable = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
        var text = reachable.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
