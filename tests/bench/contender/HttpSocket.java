package tests.bench.contender;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;

/// One connection of a client, which sends requests one after the other and waits for each answer.
///
///     try (var socket = new HttpSocket(connected)) { socket.send(request, events -> {}); }
public final class HttpSocket implements AutoCloseable {
    private final byte[] input = new byte[32 * 1024];
    private final Message answer = new Message(false);
    private final Socket socket;

    public HttpSocket(Socket socket) {
        this.socket = socket;
    }

    /// Is told about events when they arrive.
    public interface Events {
        /// @param count how many have arrived so far
        void arrived(int count);
    }

    /// Returns the status of the answer when it is complete.
    public int send(byte[] request, Events events) throws IOException {
        answer.reset();
        socket.getOutputStream().write(request);
        var in = socket.getInputStream();
        int seen = 0;
        while (true) {
            int count = in.read(input);
            if (count < 0 && answer.endsWithTheConnection()) return answer.status();
            if (count < 0) throw new EOFException("the answer is cut");
            var isComplete = answer.read(ByteBuffer.wrap(input, 0, count));
            if (answer.events() > seen) {
                seen = answer.events();
                events.arrived(seen);
            }
            if (isComplete) return answer.status();
        }
    }

    public int send(byte[] request) throws IOException {
        return send(request, _ -> {});
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
