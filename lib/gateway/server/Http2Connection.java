package lib.gateway.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.webserver.CloseConnectionException;
import java.util.concurrent.ConcurrentHashMap;

/// A client connection that carries several requests at a time. Its requests end with the connection, or when the
/// client cancels them.
public final class Http2Connection extends ClientConnection {
    /// By the number of the stream, and by the thread.
    private final ConcurrentHashMap<Integer, Running> running;
    private final ConcurrentHashMap<Thread, Running> threads = new ConcurrentHashMap<>();
    private final DataWriter writer;
    private volatile long latest = System.nanoTime();

    /// @param first the same connection before its protocol was known; only its first bytes were examined
    Http2Connection(ClientConnection first) {
        this(first, new ConcurrentHashMap<>());
    }

    private Http2Connection(ClientConnection first, ConcurrentHashMap<Integer, Running> running) {
        super(first, new ClientFrames(number -> giveUp(running.get(number)))::pass);
        this.running = running;
        this.writer = new Writer(super.dataWriter());
    }

    /// Registers the start of a request on the calling thread.
    ///
    /// @param number the number of its stream
    public ClientStream begin(int number) {
        var request = new Running(Thread.currentThread());
        running.put(number, request);
        threads.put(request.thread, request);
        return new ClientStream(peer());
    }

    /// Registers the end of that request.
    public void end(int number) {
        latest = System.nanoTime();
        threads.remove(running.remove(number).thread);
        // The interrupt flag must be clear for the remaining writes.
        Thread.interrupted();
        if (isDraining()) leaveOff();
    }

    private static void giveUp(Running request) {
        if (request != null) request.giveUp();
    }

    /// Ends all running requests, because the connection has ended.
    void endAll() {
        running.values().forEach(Running::giveUp);
    }

    @Override
    void leaveOff() {
        if (running.isEmpty()) close();
    }

    @Override
    boolean isSlow(ClientDelay.Turn turn, long sending) {
        return running.isEmpty() && turn.now() - latest > IDLE;
    }

    @Override
    boolean isBetweenRequests() {
        return running.isEmpty();
    }

    @Override
    public int idleness() {
        return running.isEmpty() ? 2 : -1;
    }

    @Override
    public long since() {
        return latest;
    }

    @Override
    public DataWriter dataWriter() {
        return writer;
    }

    /// A request and the thread that answers it. While the thread writes, it is not interrupted: an interrupt
    /// would close the connection of all other requests.
    private static final class Running {
        private final Thread thread;
        private boolean writing;
        private boolean givenUp;

        Running(Thread thread) {
            this.thread = thread;
        }

        synchronized void giveUp() {
            givenUp = true;
            if (!writing) thread.interrupt();
        }

        synchronized void beginToWrite() {
            if (givenUp) throw new CloseConnectionException("the client cancelled it");
            writing = true;
        }

        synchronized void endToWrite() {
            writing = false;
            if (givenUp) thread.interrupt();
        }
    }

    private final class Writer implements DataWriter {
        private final DataWriter out;

        Writer(DataWriter out) {
            this.out = out;
        }

        private void write(Runnable piece) {
            var request = threads.get(Thread.currentThread());
            if (request != null) request.beginToWrite();
            try {
                piece.run();
            } finally {
                if (request != null) request.endToWrite();
            }
        }

        @Override
        public void write(BufferData... buffers) {
            write(() -> out.write(buffers));
        }

        @Override
        public void write(BufferData buffer) {
            write(() -> out.write(buffer));
        }

        @Override
        public void writeNow(BufferData... buffers) {
            write(() -> out.writeNow(buffers));
        }

        @Override
        public void writeNow(BufferData buffer) {
            write(() -> out.writeNow(buffer));
        }

        @Override
        public void flush() {
            write(out::flush);
        }

        @Override
        public void close() {
            out.close();
        }
    }
}
