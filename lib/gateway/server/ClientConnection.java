package lib.gateway.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import lib.base.Turn;
import lib.gateway.access.Caller;
import lib.gateway.exchange.TrustedProxies;

/// A client's connection. It limits the time for which a client may delay the head or the body of a request. The
/// client itself may wait for an answer without limit, because models may think for long.
public sealed class ClientConnection implements ConnectionContext, Client, WaitingConnection permits Http2Connection {
    /// The longest idle time between two requests. All known clients close idle connections after at most 90 s;
    /// the client should be the side that closes.
    static final long IDLE = Duration.ofMinutes(5).toNanos();

    /// The longest time from the start of a connection to its first byte. Most clients send at once; a few
    /// connect ahead.
    static final long FIRST_BYTE = Duration.ofSeconds(10).toNanos();
    /// The time within which an active client sends the next piece of a body.
    private static final long PIECE = Duration.ofSeconds(1).toNanos();

    private enum Phase {
        REST,
        HEAD,
        BODY,
        ANSWER
    }

    private final ConnectionContext inner;
    private final Optional<Socket> belowTls;
    private final ClientDelay delay = new ClientDelay();
    private final ClientInput reader;
    private final BooleanSupplier draining;
    private volatile Phase phase = Phase.HEAD;
    /// The start of the current phase; in a body, the start of the wait for its next piece.
    private volatile long since = System.nanoTime();
    private volatile boolean reading;
    private volatile boolean heard;
    /// The number of bytes that arrived while a head was awaited. Only the connection's own thread reads it.
    private int head;
    private volatile String provider = "";
    private volatile String caller = "";
    private volatile boolean answered;
    private volatile boolean last;
    private final String peer;
    private final String sender;
    private volatile DisconnectDetector.Watched watched;

    /// @param belowTls the connection below TLS; empty without TLS
    /// @param draining whether the connection must close when it is next idle
    ClientConnection(ConnectionContext inner, Optional<Socket> belowTls, BooleanSupplier draining) {
        this.inner = inner;
        this.belowTls = belowTls;
        this.peer = inner.remotePeer().address() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : "";
        this.sender = TrustedProxies.sender(address());
        this.draining = draining;
        this.reader = new ClientInput(this::piece, this::isBetweenRequests);
    }

    /// Creates the same connection with a filter on its input. Input that has arrived but was not read passes
    /// first.
    ClientConnection(ClientConnection same, UnaryOperator<byte[]> through) {
        this.inner = same.inner;
        this.belowTls = same.belowTls;
        this.peer = same.peer;
        this.sender = same.sender;
        this.draining = same.draining;
        this.reader = new ClientInput(new Filtered(same, through), this::isBetweenRequests);
    }

    /// Waits for the next input of the client. Helidon's other method reads at most 8 KB and copies it.
    @SuppressWarnings("removal")
    private int piece(byte[] into, int from) {
        if (phase == Phase.BODY) since = System.nanoTime();
        if (phase == Phase.REST) Turn.pass();
        reading = true;
        try {
            var room = BufferData.create(into).reset();
            room.write(into, 0, from);
            int count = inner.serverSocket().read(room);
            heard = true;
            if (phase == Phase.REST) enter(Phase.HEAD);
            if (phase == Phase.HEAD && count > 0) head += count;
            return count;
        } catch (UncheckedIOException e) {
            throw new ServerConnectionException("cannot read from the client", e);
        } finally {
            reading = false;
        }
    }

    /// The input of a connection behind a filter, which may hold back a part and pass it on later.
    private static final class Filtered implements ClientInput.Source {
        private final ClientConnection from;
        private final UnaryOperator<byte[]> filter;
        private final byte[] buffer = new byte[16 * 1024];
        private byte[] passed = {};
        private int at;

        Filtered(ClientConnection from, UnaryOperator<byte[]> filter) {
            this.from = from;
            this.filter = filter;
        }

        @Override
        public int read(byte[] into, int start) {
            while (at == passed.length) {
                int early = from.reader.available();
                int count = early > 0 ? early : from.piece(buffer, 0);
                if (count < 0) return -1;
                passed = filter.apply(early > 0 ? from.reader.readBytes(early) : Arrays.copyOf(buffer, count));
                at = 0;
            }
            int count = Math.min(passed.length - at, into.length - start);
            System.arraycopy(passed, at, into, start, count);
            at += count;
            return count;
        }
    }

    /// Returns whether the next input will be the beginning of a request.
    boolean isBetweenRequests() {
        return phase == Phase.REST || phase == Phase.ANSWER;
    }

    /// Returns whether more bytes have arrived for one head than a head may have.
    boolean hasLargeHead() {
        return phase == Phase.HEAD && head > Connections.LARGEST_HEAD;
    }

    private void enter(Phase next) {
        since = System.nanoTime();
        phase = next;
    }

    @Override
    public void asks(boolean last) {
        this.last = last;
        provider = "";
        caller = "";
        answered = false;
        enter(Phase.BODY);
    }

    @Override
    public void asks(String provider, Caller caller) {
        this.provider = provider;
        this.caller = caller.name();
    }

    /// Returns the exchange that is being answered and watched for a disconnect; null if there is none.
    DisconnectDetector.Watched watched() {
        return watched;
    }

    void watched(DisconnectDetector.Watched exchange) {
        watched = exchange;
    }

    public boolean asksNoMore() {
        return last;
    }

    @Override
    public String provider() {
        return provider;
    }

    @Override
    public boolean isAnswered() {
        return answered;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String caller() {
        return caller;
    }

    /// Records that the body has arrived.
    void waits() {
        enter(Phase.ANSWER);
    }

    @Override
    public void rests() {
        answered = true;
        head = reader.available();
        enter(head > 0 ? Phase.HEAD : Phase.REST);
        if (isDraining()) close();
    }

    final boolean isDraining() {
        return draining.getAsBoolean();
    }

    /// Closes the connection if it is between two requests.
    void leaveOff() {
        if (phase == Phase.REST) close();
    }

    /// Returns whether the client has taken too long.
    ///
    /// @param sending the limit in nanoseconds for a head, from its first byte or from the beginning, and for
    ///     each piece of a body
    boolean isSlow(ClientDelay.Turn turn, long sending) {
        long start = since;
        return switch (phase) {
            case REST -> turn.now() - start > IDLE;
            case HEAD -> delay.count(turn, start) > (heard ? sending : Math.min(sending, FIRST_BYTE));
            // The body may have been read to its end long ago.
            case BODY -> reading && delay.count(turn, start) > sending;
            case ANSWER -> false;
        };
    }

    @Override
    public InetAddress address() {
        return inner.remotePeer().address() instanceof InetSocketAddress address
                ? address.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    @Override
    public String sender() {
        return sender;
    }

    @Override
    public int idleness() {
        return switch (phase) {
            case HEAD -> heard ? 1 : 0;
            case BODY -> reading && System.nanoTime() - since > PIECE ? 1 : -1;
            case REST -> 2;
            case ANSWER -> -1;
        };
    }

    @Override
    public long since() {
        return since;
    }

    /// Closes the connection at once. TLS would first announce the end, and to do so wait for a thread that is
    /// writing, which may itself wait for the client.
    @Override
    public void hangUp() {
        if (belowTls.isEmpty()) close();
        else close(belowTls.get());
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // The connection is closed already.
        }
    }

    /// Closes the connection after the end of an answer, or between two requests.
    void close() {
        try {
            inner.serverSocket().close();
        } catch (RuntimeException _) {
            // The connection is closed already.
        }
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public ListenerContext listenerContext() {
        return inner.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return inner.executor();
    }

    @Override
    public DataWriter dataWriter() {
        return inner.dataWriter();
    }

    @Override
    public Router router() {
        return inner.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return inner.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return inner.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return inner.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return inner.localPeer();
    }

    @Override
    public boolean isSecure() {
        return inner.isSecure();
    }

    @Override
    public String socketId() {
        return inner.socketId();
    }

    @Override
    public String childSocketId() {
        return inner.childSocketId();
    }
}
