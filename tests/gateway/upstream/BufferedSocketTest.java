package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import lib.gateway.upstream.tls.BufferedSocket;
import org.junit.jupiter.api.Test;
import tests.support.AcceptLoop;

class BufferedSocketTest {
    /// Each byte comes in time; all of them would take minutes.
    @Test
    void aHandshakeThatDribblesEndsInTime() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AcceptLoop.start(server, socket -> {
                try (socket) {
                    socket.getOutputStream().write(new byte[] {22, 3, 3, 0x40, 0});
                    while (true) {
                        socket.getOutputStream().write(0);
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException e) {
                    // The client has given up.
                }
            });
            var raw = SocketChannel.open(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()))
                    .socket();
            try (var below = new BufferedSocket(raw, Duration.ofMillis(300))) {
                var tls = (SSLSocket)
                        SSLContext.getDefault().getSocketFactory().createSocket(below, "localhost", 443, true);

                assertThrows(SocketTimeoutException.class, tls::startHandshake);
            }
        }
    }
}
