package tests.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.anthropic;
import static tests.gateway.TestGateway.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.Operations;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.server.TlsCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.gateway.TestGateway;
import tests.support.AcceptLoop;
import tests.support.OwnCertificate;

/// What clients of a gateway with a certificate of its own see of its connections.
class TlsClientsTest {
    private static final int LIMIT = (int) Duration.ofSeconds(30).toMillis();

    @TempDir
    Path temp;

    private OwnCertificate own;

    @BeforeEach
    void certificate() throws Exception {
        own = OwnCertificate.in(temp);
    }

    @Test
    void aConnectionIsClosedAfterItsLastAnswerAlthoughTheClientDoesNotCloseIt() throws Exception {
        try (var gateway = gateway(operations -> operations, demo());
                var socket = connected(gateway)) {
            var client = secured(socket);
            client.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            var answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertTrue(answer.endsWith("ok\n"), answer);
            assertEnds(socket);
        }
    }

    @Test
    void aClientThatSendsNoRequestAfterItsHandshakeIsDisconnected() throws Exception {
        try (var gateway = gateway(operations -> operations.withSending(Duration.ofMillis(300)), demo());
                var socket = connected(gateway)) {
            try {
                secured(socket);
            } catch (IOException slow) {
                // On a busy machine the handshake may take too long, and is ended.
            }

            assertEnds(socket);
        }
    }

    @Test
    void aClientThatReadsNothingDoesNotKeepTheGatewayFromDisconnectingOthers() throws Exception {
        try (var upstream = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            AcceptLoop.start(upstream, TlsClientsTest::answerWithoutEnd);
            var url = URI.create("http://127.0.0.1:" + upstream.getLocalPort());
            try (var gateway = gateway(operations -> operations.withSending(Duration.ofSeconds(1)), anthropic(url));
                    var reading = connected(gateway);
                    var other = connected(gateway)) {
                // The rest of the body does not come, and the gateway must end the connection while it writes to it.
                var client = secured(reading);
                client.getOutputStream()
                        .write((TestGateway.raw("POST", "/llm/v1/providers/anthropic/v1/messages")
                                        + "Content-Length: 1000000||" + "{".repeat(100_000))
                                .replace("|", "\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertEquals('H', client.getInputStream().read());
                secured(other);

                assertEnds(other);
            }
        }
    }

    private static void answerWithoutEnd(Socket socket) {
        try (socket) {
            var out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) out.write(new byte[100_000]);
        } catch (IOException over) {
            // The gateway has closed it.
        }
    }

    /// Checks that the gateway closes the connection, and not only the TLS session on it.
    private static void assertEnds(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // Records that announce the end.
            }
        } catch (SocketTimeoutException stillThere) {
            throw new AssertionError("the connection is kept", stillThere);
        } catch (SocketException reset) {
            // A reset also ends the connection.
        }
    }

    private TestGateway gateway(UnaryOperator<Operations> change, HostedProvider... providers) throws Exception {
        var certificate = TlsCertificate.read(own.chain(), own.key());
        return TestGateway.with(
                config -> config.withPublicEndpoint(PublicEndpoint.plain().over(certificate))
                        .withOperations(change.apply(Operations.quiet())),
                providers);
    }

    private static Socket connected(TestGateway gateway) throws IOException {
        var socket = new Socket("localhost", gateway.url().getPort());
        socket.setSoTimeout(LIMIT);
        return socket;
    }

    /// Returns a TLS client on a connection, which stays open when the client ends its session.
    private SSLSocket secured(Socket socket) throws Exception {
        var client = (SSLSocket)
                own.trusting().getSocketFactory().createSocket(socket, "localhost", socket.getPort(), false);
        client.startHandshake();
        return client;
    }
}
