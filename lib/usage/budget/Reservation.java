package lib.usage.budget;

import java.util.concurrent.atomic.AtomicBoolean;

/// What is kept back for a call that is under way, until what it cost is known. It is given back once, however
/// often it is closed.
///
///     try (var reserved = open.reserved()) { relay(call); }
public final class Reservation implements AutoCloseable {
    /// Keeps nothing back.
    public static final Reservation NONE = new Reservation(() -> {});

    private final Runnable release;
    private final AtomicBoolean released = new AtomicBoolean();

    Reservation(Runnable release) {
        this.release = release;
    }

    @Override
    public void close() {
        if (released.compareAndSet(false, true)) release.run();
    }
}
