package lib.base;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Checks something periodically, such as the time limits of many short operations, so that they need no timer
/// each. The checks run on one virtual thread, which ends if there was nothing to check for a while.
///
///     var patrol = new PeriodicScan("late answers", Duration.ofMillis(50), () -> { asking.forEach(Asking::look);
///             return !asking.isEmpty(); });
///     asking.add(one);
///     patrol.wake();
public final class PeriodicScan {
    /// The time without anything to check after which the thread ends.
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final String name;
    private final Duration pause;
    private final BooleanSupplier turn;
    private final AtomicBoolean isOn = new AtomicBoolean();

    /// @param pause the time between two checks
    /// @param turn makes one check, and returns whether there is anything to check
    public PeriodicScan(String name, Duration pause, BooleanSupplier turn) {
        this.name = name;
        this.pause = pause;
        this.turn = turn;
    }

    /// Starts the checks if they are not running. It costs almost nothing if they are.
    public void wake() {
        if (!isOn.get() && isOn.compareAndSet(false, true))
            Thread.ofVirtual().name(name).start(this::look);
    }

    private void look() {
        try {
            long most = Math.max(1, IDLE.toNanos() / Math.max(1, pause.toNanos()));
            for (long idle = 0; idle < most; ) {
                Thread.sleep(pause);
                idle = turn.getAsBoolean() ? 0 : idle + 1;
            }
        } catch (InterruptedException e) {
            // It ends.
        } finally {
            isOn.set(false);
        }
        // A caller of [#wake] may have just seen the checks as running.
        if (turn.getAsBoolean()) wake();
    }
}
