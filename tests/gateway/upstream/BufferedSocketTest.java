package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import lib.gateway.upstream.tls.BufferedSocket;
import org.junit.jupiter.api.Test;
import tests.support.AcceptLoop;

class BufferedSocketTest {
    @Test
    void whatWasReadIsNotReadAgainAfterAReadThatTimedOut() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var raw = SocketChannel.open(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()))
                        .socket();
                var below = new BufferedSocket(raw, Duration.ofMinutes(1));
                var peer = server.accept()) {
            below.endHandshake();
            peer.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
            var in = below.getInputStream();
            assertArrayEquals("abc".getBytes(StandardCharsets.US_ASCII), in.readNBytes(3));
            below.setSoTimeout(1);

            assertThrows(SocketTimeoutException.class, in::read);
            assertFalse(below.hasInput());
            below.setSoTimeout(0);
            peer.getOutputStream().write('d');

            assertEquals('d', in.read());
        }
    }

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
            var raw = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()))
                    .socket();
            try (var below = new BufferedSocket(raw, Duration.ofMillis(300))) {
                var tls = (SSLSocket)
                        SSLContext.getDefault().getSocketFactory().createSocket(below, "localhost", 443, true);

                assertThrows(SocketTimeoutException.class, tls::startHandshake);
            }
        }
    }
}
