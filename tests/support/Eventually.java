package tests.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for a result of another process that sends no notification.
///
///     Eventually.holds(() -> Files.exists(pidFile), Duration.ofMinutes(2), () -> "the agent has not started");
public final class Eventually {
    private static final long BEAT = Duration.ofMillis(20).toNanos();

    private Eventually() {}

    /// Returns as soon as the condition holds; fails with the message `otherwise` if it doesn't within `limit`.
    public static void holds(BooleanSupplier condition, Duration limit, Supplier<String> otherwise) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) throw new AssertionError(otherwise.get() + " (waited " + limit + ")");
            LockSupport.parkNanos(BEAT);
        }
    }
}
