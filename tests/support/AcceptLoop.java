package tests.support;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/// Accepts the connections of a test's own server.
///
///     AcceptLoop.start(server, this::serve);
public final class AcceptLoop {
    private AcceptLoop() {}

    /// Passes each connection to `serve` on a thread of its own, until the server is closed.
    public static void start(ServerSocket server, Consumer<Socket> serve) {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    Thread.ofVirtual().start(() -> serve.accept(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }
}
