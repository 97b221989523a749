package lib.gateway.exchange;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Looks in turns at what may take too long, so that nobody has to set an alarm for each of many short things.
/// One thread looks, a virtual one; it is gone when there was nothing to look at for a while.
///
///     var patrol = new PeriodicScan("late answers", Duration.ofMillis(50), () -> { asking.forEach(Asking::look);
///             return !asking.isEmpty(); });
///     asking.add(one);
///     patrol.wake();
public final class PeriodicScan {
    private static final int IDLE_TURNS = 200;

    private final String name;
    private final Duration pause;
    private final BooleanSupplier turn;
    private final AtomicBoolean isOn = new AtomicBoolean();

    /// @param pause from one turn to the next
    /// @param turn looks once, and tells whether there is anything to look at
    public PeriodicScan(String name, Duration pause, BooleanSupplier turn) {
        this.name = name;
        this.pause = pause;
        this.turn = turn;
    }

    /// There is something to look at; costs nothing where somebody looks already.
    public void wake() {
        if (!isOn.get() && isOn.compareAndSet(false, true))
            Thread.ofVirtual().name(name).start(this::look);
    }

    private void look() {
        for (int idle = 0; idle < IDLE_TURNS; ) {
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                break;
            }
            idle = turn.getAsBoolean() ? 0 : idle + 1;
        }
        isOn.set(false);
        // What came just now has seen that somebody looks.
        if (turn.getAsBoolean()) wake();
    }
}
