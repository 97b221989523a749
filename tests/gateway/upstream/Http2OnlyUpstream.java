package tests.gateway.upstream;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import tests.support.AcceptLoop;
import tests.support.OwnCertificate;

/// An upstream over TLS that speaks HTTP/2 and no other protocol. It answers every request with the same status
/// and body: where it is early by its head alone, and then resets the stream without an error, as RFC 9113,
/// section 8.1 has it.
final class Http2OnlyUpstream implements AutoCloseable {
    static final String SAID = "{\"said\":\"h2\"}";

    private static final int DATA = 0, HEADERS = 1, RST_STREAM = 3, SETTINGS = 4, PING = 6, WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1, ACK = 1, END_HEADERS = 4;
    private static final int PREFACE = 24;

    /// Those whose handshake succeeded.
    final AtomicInteger connections = new AtomicInteger();
    private final SSLServerSocket server;
    private final int status;
    private final boolean early;

    Http2OnlyUpstream(OwnCertificate certificate, int status, boolean early) throws Exception {
        this(RawUpstream.secure(RawUpstream.context(certificate)), status, early);
    }

    Http2OnlyUpstream(SSLServerSocket server, int status, boolean early) {
        this.server = server;
        this.status = status;
        this.early = early;
        var parameters = server.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        server.setSSLParameters(parameters);
        AcceptLoop.start(server, socket -> serve((SSLSocket) socket));
    }

    URI url() {
        return URI.create("https://localhost:" + server.getLocalPort());
    }

    private void serve(SSLSocket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.startHandshake();
            connections.incrementAndGet();
            var in = new DataInputStream(socket.getInputStream());
            var out = socket.getOutputStream();
            in.skipNBytes(PREFACE);
            write(out, SETTINGS, 0, 0, new byte[0]);
            while (true) frame(in, out);
        } catch (IOException left) {
            // The test sees it as a cut connection.
        }
    }

    private void frame(DataInputStream in, OutputStream out) throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        var payload = in.readNBytes(length);
        switch (type) {
            case SETTINGS -> {
                if ((flags & ACK) == 0) write(out, SETTINGS, ACK, 0, new byte[0]);
            }
            case PING -> write(out, PING, ACK, 0, payload);
            case HEADERS -> {
                if (early || (flags & END_STREAM) != 0) answer(out, stream);
            }
            case DATA -> {
                if (length > 0) write(out, WINDOW_UPDATE, 0, 0, number(length));
                if (early) return;
                if (length > 0) write(out, WINDOW_UPDATE, 0, stream, number(length));
                if ((flags & END_STREAM) != 0) answer(out, stream);
            }
            default -> {}
        }
    }

    private void answer(OutputStream out, int stream) throws IOException {
        var head = new ByteArrayOutputStream();
        // Literals without indexing, by RFC 7541, section 6.2.2: ":status" is the 8th name, "content-type" the
        // 31st.
        literal(head, Integer.toString(status), 8);
        literal(head, "application/json", 0x0f, 0x10);
        write(out, HEADERS, END_HEADERS, stream, head.toByteArray());
        write(out, DATA, END_STREAM, stream, SAID.getBytes(StandardCharsets.US_ASCII));
        if (early) write(out, RST_STREAM, 0, stream, number(0));
    }

    private static void literal(ByteArrayOutputStream head, String value, int... name) {
        for (int each : name) head.write(each);
        head.write(value.length());
        head.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    private static void write(OutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
