package tests.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tests.support.AcceptLoop;

/// A proxy on loopback, for both ways to ask one: `CONNECT host:port` and `GET http://host/`. Whatever host is
/// asked for, it connects to one address of the test's.
///
///     try (var proxy = new TinyProxy(URI.create(gateway.url()).getPort(), Optional.empty())) {
///         machine.with("HTTP_PROXY", proxy.url());
///         …
///         assertEquals(List.of("POST http://gateway.test/x HTTP/1.1"), proxy.requests());
///     }
public final class TinyProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final Optional<String> userInfo;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /// @param target the loopback port that stands for every host
    /// @param userInfo `name:password`, if the proxy requires it
    public TinyProxy(int target, Optional<String> userInfo) {
        this.target = target;
        this.userInfo = userInfo;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AcceptLoop.start(server, this::serve);
    }

    public int port() {
        return server.getLocalPort();
    }

    public String url() {
        return "http://" + userInfo.map(u -> u + "@").orElse("") + "127.0.0.1:" + port();
    }

    /// The request lines so far, refused ones included.
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void serve(Socket client) {
        try (client;
                var upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
            var head = head(client.getInputStream());
            while (!isAllowed(head)) {
                client.getInputStream().readNBytes(bodyLength(head));
                client.getOutputStream()
                        .write(("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic "
                                        + "realm=\"corp\"\r\nContent-Length: 0\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                head = head(client.getInputStream());
            }
            if (head.startsWith("CONNECT ")) {
                client.getOutputStream()
                        .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } else {
                var line = head.lines().findFirst().orElseThrow();
                var origin = line.replaceFirst(" https?://[^/ ]+/?", " /");
                // One request a connection: the next would not be looked at.
                upstream.getOutputStream()
                        .write((origin + "\r\nConnection: close" + head.substring(line.length()))
                                .replaceFirst("(?i)Proxy-Authorization:.*\r\n", "")
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
            Thread.ofVirtual().start(() -> relay(client, upstream));
            relay(upstream, client);
        } catch (IOException e) {
            // The client went away, as it may.
        }
    }

    private boolean isAllowed(String head) {
        requests.add(head.lines().findFirst().orElse(""));
        return userInfo.isEmpty()
                || head.toLowerCase(Locale.ROOT)
                        .contains("proxy-authorization: basic "
                                + Base64.getEncoder()
                                        .encodeToString(userInfo.get().getBytes(StandardCharsets.UTF_8))
                                        .toLowerCase(Locale.ROOT));
    }

    private static int bodyLength(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .map(line -> line.substring(15).strip())
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
    }

    private static void relay(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // Either side may end it.
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            var next = in.read();
            if (next < 0) throw new IOException("closed");
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
