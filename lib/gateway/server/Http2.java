package lib.gateway.server;

import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Helidon's HTTP/2 for clients that start with it: after TLS has negotiated it, or directly, as AWS's JavaScript
/// SDK does.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-3.3">RFC 9113, starting with prior knowledge</a>
final class Http2 {
    /// The beginning of the HTTP/2 preface; no HTTP/1.1 request begins with it.
    private static final byte[] BEGINNING = "PRI * HTTP/2".getBytes(StandardCharsets.US_ASCII);

    private Http2() {}

    /// Waits for the first bytes of a client, without consuming them, and returns whether they are HTTP/2.
    static boolean isSpokenBy(ClientConnection client) {
        return client.dataReader().startsWith(BEGINNING);
    }

    static ServerConnection connection(Http2Connection client) {
        return Loaded.SELECTOR.connection(client);
    }

    /// Holds the HTTP/2 classes, which are loaded only for clients that use them.
    private static final class Loaded {
        static final Http2ConnectionSelector SELECTOR = Http2ConnectionSelector.builder()
                // A client may pause for as long as it likes, as with HTTP/1.1.
                .http2Config(Http2Config.builder()
                        .maxHeaderListSize(Connections.LARGEST_HEAD)
                        .flowControlTimeout(Duration.ofHours(1))
                        .build())
                .build();
    }
}
