package lib.gateway;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A client's connection that carries several requests at a time. What runs on it ends with it.
final class SharedConnection extends ClientConnection {
    private static final long IDLE = Duration.ofMinutes(5).toNanos();

    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private volatile long latest = System.nanoTime();

    /// @param first that connection, of which only the first bytes were looked at
    SharedConnection(ClientConnection first) {
        super(first);
    }

    /// A request of it begins, on the thread that calls this.
    ClientStream begin() {
        running.add(Thread.currentThread());
        return new ClientStream(peer());
    }

    /// That request is over.
    void end() {
        latest = System.nanoTime();
        running.remove(Thread.currentThread());
        if (isDraining()) leaveOff();
    }

    @Override
    void leaveOff() {
        if (running.isEmpty()) hangUp();
    }

    @Override
    boolean isSlow(long now, long sending) {
        return running.isEmpty() && now - latest > IDLE;
    }

    /// It has ended, and with it all that runs on it.
    void endAll() {
        running.forEach(Thread::interrupt);
    }
}
