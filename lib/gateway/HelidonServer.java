package lib.gateway;

import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.service.registry.GlobalServiceRegistry;
import io.helidon.service.registry.ServiceRegistry;
import io.helidon.service.registry.ServiceRegistryConfig;
import io.helidon.service.registry.ServiceRegistryManager;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import java.net.InetAddress;
import java.util.logging.Level;
import java.util.logging.Logger;
import lib.gateway.config.GatewayConfig;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.JsonResponses;
import lib.gateway.formats.Formats;
import lib.gateway.server.ConnectionPlaces;
import lib.gateway.server.Connections;
import lib.gateway.server.PassthroughEncoding;

/// Configures Helidon for fast starts: no service discovery, no logging, no delayed writes.
final class HelidonServer {
    // Helidon logs a greeting on stderr. JUL holds loggers weakly: without this reference the setting would be
    // lost to garbage collection.
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    private static final Status HEAD_TOO_LARGE = Status.create(431, "Request Header Fields Too Large");

    private HelidonServer() {}

    /// Returns a server that has not been started yet.
    static WebServer on(InetAddress address, GatewayConfig config, Connections connections, Router routes) {
        HELIDON.setLevel(Level.OFF);
        GlobalServiceRegistry.registry(HelidonServer::noServices);
        var server = WebServer.builder();
        config.listen()
                .endpoint()
                .tls()
                .ifPresent(context -> server.tls(Tls.builder()
                        .sslContext(connections.handshakes().watched(context))
                        .build()));
        return server.address(address)
                .port(config.listen().port())
                .shutdownHook(false)
                .shutdownGracePeriod(config.operations().drain())
                // Connections above the limit are accepted so that each can replace another; further ones wait.
                .maxTcpConnections(config.operations().connections()
                        + Math.max(1, config.operations().connections() / 16))
                .backlog(4096)
                // Helidon's NIO sockets use 16 KB each, these half of that.
                .useNio(false)
                // Nagle's algorithm would delay every flushed event by 40 ms.
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .writeBufferSize(0)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(connections)
                .mediaContext(MediaContext.builder()
                        .mediaSupportsDiscoverServices(false)
                        .build())
                .contentEncoding(ContentEncodingContext.builder()
                        .contentEncodingsDiscoverServices(false)
                        .addContentEncoding(new PassthroughEncoding())
                        .build())
                .directHandlers(malformed())
                .routing(new FixedRoutingBuilder(routes))
                .build();
    }

    /// Returns the client connections of one server.
    static Connections connections(GatewayConfig config) {
        var operations = config.operations();
        return new Connections(
                Http1Config.builder()
                        .maxHeadersSize(Connections.LARGEST_HEAD)
                        .maxPrologueLength(16 * 1024)
                        .sendKeepAliveHeader(false)
                        .build(),
                operations.sending(),
                new ConnectionPlaces(
                        operations.connections(), config.listen().endpoint().proxies()));
    }

    /// Returns an empty service registry; filling one takes a seventh of the start-up time. The price is that
    /// Helidon's typed values (`query().first(…)`, `header.asInt()`) do not work: headers and queries are read as
    /// strings.
    private static ServiceRegistry noServices() {
        return ServiceRegistryManager.create(ServiceRegistryConfig.builder()
                        .discoverServices(false)
                        .discoverServicesFromServiceLoader(false)
                        .allowLateBinding(false)
                        .useBinding(false)
                        .build())
                .registry();
    }

    /// Answers input that never becomes a request, in the error format that agents read.
    private static DirectHandlers malformed() {
        var handlers = DirectHandlers.builder();
        for (var event : DirectHandler.EventType.values()) handlers.addHandler(event, new Malformed());
        return handlers.build();
    }

    private static final class Malformed implements DirectHandler {
        @Override
        public TransportResponse handle(
                TransportRequest request,
                EventType event,
                Status status,
                ServerResponseHeaders headers,
                Throwable thrown) {
            for (var cause = thrown; cause != null; cause = cause.getCause()) {
                if (cause instanceof OutOfMemoryError)
                    return answer(Status.SERVICE_UNAVAILABLE_503, GatewayError.busy());
            }
            return handle(request, event, status, headers, "");
        }

        @Override
        public TransportResponse handle(
                TransportRequest request,
                EventType event,
                Status status,
                ServerResponseHeaders headers,
                String message) {
            // An error before the request exists, such as a NUL in its method, is the client's fault.
            if (Connections.hasLargeHead())
                return answer(HEAD_TOO_LARGE, GatewayError.largeHead(Connections.LARGEST_HEAD));
            return answer(
                    status.code() == 500 ? Status.BAD_REQUEST_400 : status,
                    GatewayError.invalid("the HTTP request is malformed"));
        }

        private static TransportResponse answer(Status status, GatewayError refusal) {
            return TransportResponse.builder()
                    .status(status)
                    .header(JsonResponses.JSON)
                    .entity(JsonResponses.bytes(Formats.ANTHROPIC.error(refusal)))
                    .keepAlive(false)
                    .build();
        }
    }
}
