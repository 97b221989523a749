package lib.usage.budget;

import java.util.concurrent.atomic.AtomicBoolean;

/// The expected cost of a running call, which counts against the budgets until the reservation is closed. Closing
/// it twice does no harm.
///
///     try (var reserved = open.reserved()) { relay(call); }
public final class Reservation implements AutoCloseable {
    /// A reservation of nothing.
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
