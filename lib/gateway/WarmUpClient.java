package lib.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import lib.base.Secret;
import lib.gateway.exchange.ProxyPath;
import lib.gateway.server.LoopbackCertificate;

/// A client of a [WarmUp]'s gateway. It reads the answers and ignores them.
///
///     new WarmUpClient(gateway.baseUrl(), Optional.empty(), token).send("a/v1/messages", 300_000);
///
/// @param tls the settings of a client whose gateway serves TLS
record WarmUpClient(URI gateway, Optional<SSLContext> tls, Secret token) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// Sends a request on a new connection.
    ///
    /// @param path the path after the one of all providers
    /// @param size about how many bytes the body has
    void send(String path, int size) throws IOException {
        try (var raw = new Socket(gateway.getHost(), gateway.getPort());
                var socket = tls.isEmpty()
                        ? raw
                        : tls.get()
                                .getSocketFactory()
                                .createSocket(raw, LoopbackCertificate.HOST, gateway.getPort(), true)) {
            raw.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request(path, size));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    private byte[] request(String path, int size) {
        var body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted("x".repeat(size));
        return ("POST %s%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                        + "Content-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s")
                .formatted(ProxyPath.PREFIX, path, token.reveal(), body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
