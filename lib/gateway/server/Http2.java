package lib.gateway.server;

import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// HTTP/2 as Helidon speaks it, for clients that begin with it: after TLS has agreed on it, or at once, as AWS's
/// JavaScript SDK does.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-3.3">RFC 9113, starting with prior knowledge</a>
final class Http2 {
    /// How its preface begins, and no request of HTTP/1.1.
    private static final byte[] BEGINNING = "PRI * HTTP/2".getBytes(StandardCharsets.US_ASCII);

    private Http2() {}

    /// Waits for the first bytes of a client, and leaves them where they are.
    static boolean isSpokenBy(ClientConnection client) {
        return client.dataReader().startsWith(BEGINNING);
    }

    static ServerConnection connection(Http2Connection client) {
        return Loaded.SELECTOR.connection(client);
    }

    /// Nobody waits for its classes but who speaks it.
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
