package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import lib.api.ProviderType;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.certificate.ClientTls;
import lib.gateway.upstream.HostLookup;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;
import org.junit.jupiter.api.Test;
import tests.gateway.TestGateway;
import tests.support.AcceptLoop;
import tests.support.Eventually;

/// Hosts whose addresses change while there are connections to them.
class HostLookupTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void aConnectionToAnAddressThatTheNameNoLongerHasIsClosedAndNotUsed() throws Exception {
        var names = new Names("127.0.0.1");
        try (var first = new Server("127.0.0.1", 0);
                var second = new Server("127.0.0.2", first.port());
                var gateway = gateway(first.port(), names)) {
            assertEquals("127.0.0.1", asked(gateway));

            names.address = "127.0.0.2";

            // As long as it is in use it does not end for having been idle.
            Eventually.holds(() -> asked(gateway).equals("127.0.0.2"), MINUTE, () -> "the old address is used");
            Eventually.holds(() -> first.open.get() == 0, MINUTE, () -> "the old connection stays open");
            assertEquals(1, second.open.get());
        }
    }

    @Test
    void aConnectionStaysInUseWhileItsAddressIsCurrentOrCannotBeLookedUp() throws Exception {
        var names = new Names("127.0.0.1");
        try (var server = new Server("127.0.0.1", 0);
                var gateway = gateway(server.port(), names)) {
            assertEquals("127.0.0.1", asked(gateway));
            names.awaitLookups(2);
            assertEquals("127.0.0.1", asked(gateway));

            names.address = "";
            names.awaitLookups(2);

            assertEquals("127.0.0.1", asked(gateway));
            assertEquals(1, server.connections.get());
        }
    }

    private static TestGateway gateway(int port, HostLookup names) {
        return TestGateway.serving(new HostedProvider(
                TestGateway.provider("up", ProviderType.OPENAI_COMPATIBLE),
                new Upstream.Remote(
                        URI.create("http://models.test:" + port), new UpstreamAuth.None(), "", names, ClientTls.NONE)));
    }

    private static String asked(TestGateway gateway) {
        try {
            return gateway.send(gateway.request("up/models")).body();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// Names that change at once, and not after some seconds.
    private static final class Names implements HostLookup {
        private final AtomicInteger lookups = new AtomicInteger();
        /// Empty if names cannot be looked up.
        volatile String address;

        Names(String address) {
            this.address = address;
        }

        void awaitLookups(int count) {
            int least = lookups.get() + count;
            Eventually.holds(() -> lookups.get() >= least, MINUTE, () -> lookups + " lookups");
        }

        @Override
        public InetAddress[] addresses(String host) throws IOException {
            var current = address;
            lookups.incrementAndGet();
            if (current.isEmpty()) throw new ConnectException("no name server");
            return new InetAddress[] {InetAddress.getByName(current)};
        }

        @Override
        public Duration validity() {
            return Duration.ZERO;
        }
    }

    /// A server that answers with its address.
    private static final class Server implements AutoCloseable {
        final AtomicInteger connections = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();
        private final ServerSocket server;
        private final String address;

        Server(String address, int port) throws IOException {
            this.address = address;
            server = new ServerSocket(port, 50, InetAddress.getByName(address));
            AcceptLoop.start(server, this::serve);
        }

        int port() {
            return server.getLocalPort();
        }

        private void serve(Socket socket) {
            connections.incrementAndGet();
            open.incrementAndGet();
            try (socket) {
                while (RawUpstream.request(socket.getInputStream())) RawUpstream.answer(socket, 200, "", address);
            } catch (IOException gone) {
                // It was closed.
            } finally {
                open.decrementAndGet();
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
