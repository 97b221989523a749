package tests.gateway.server;

import static tests.gateway.TestGateway.demo;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocketFactory;
import lib.gateway.config.Operations;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.server.TlsCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tests.gateway.TestGateway;
import tests.support.Eventually;
import tests.support.OwnCertificate;

/// Clients that send in time to a gateway whose threads do not run in time, because the machine is busy.
@Isolated("it takes all processors for some seconds")
class BusyMachineTest {
    private static final Duration SENDING = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path temp;

    @Test
    void aTlsClientKeepsItsConnectionWhenTheGatewayIsLateInTheHandshake() throws Exception {
        var own = OwnCertificate.in(temp);
        var certificate = TlsCertificate.read(own.chain(), own.key());
        var sockets = own.trusting().getSocketFactory();
        try (var gateway = TestGateway.with(
                config -> config.withPublicEndpoint(PublicEndpoint.plain().over(certificate))
                        .withOperations(Operations.quiet().withSending(SENDING)),
                demo())) {
            Eventually.holds(() -> isAnswered(gateway, sockets), LIMIT, () -> "the client is disconnected each time");
        }
    }

    /// Connects, and asks while the gateway gets no processor for longer than a client may take. Whether the
    /// gateway had accepted the connection before cannot be seen from here; it had in almost all attempts.
    private static boolean isAnswered(TestGateway gateway, SSLSocketFactory sockets) {
        try (var socket = new Socket("localhost", gateway.url().getPort())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            Thread.sleep(SENDING.dividedBy(4));
            var over = allProcessorsTaken();
            try {
                Thread.ofPlatform().start(() -> release(over));
                return isAnswered(sockets.createSocket(socket, "localhost", socket.getPort(), true));
            } finally {
                over.set(true);
            }
        } catch (IOException disconnected) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isAnswered(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket.getInputStream().read() == 'H';
    }

    /// Occupies the threads that run virtual threads, the gateway's among them, until it is over.
    private static AtomicBoolean allProcessorsTaken() throws InterruptedException {
        int count = Runtime.getRuntime().availableProcessors();
        var over = new AtomicBoolean();
        var running = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            Thread.ofVirtual().start(() -> {
                running.countDown();
                while (!over.get()) Thread.onSpinWait();
            });
        }
        running.await();
        return over;
    }

    private static void release(AtomicBoolean over) {
        try {
            Thread.sleep(SENDING.multipliedBy(3));
        } catch (InterruptedException e) {
            // It ends now.
        }
        over.set(true);
    }
}
