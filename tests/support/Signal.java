package tests.support;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Lets a thread wait for something that another thread brings about, so that no test has to sleep.
public final class Signal {

    /// Must be called after every change that a thread may be waiting for.
    public synchronized void changed() {
        notifyAll();
    }

    /// Waits until `holds` is true; fails with the message `otherwise` if that takes longer than `limit`.
    public synchronized void await(BooleanSupplier holds, Duration limit, Supplier<String> otherwise) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!holds.getAsBoolean()) {
            var left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError(otherwise.get() + " (waited " + limit + ")");
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting", e);
            }
        }
    }
}
