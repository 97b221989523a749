package tests.support;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Holds an answer back until the test lets it go, and tells the test when one is being held.
///
///     var gate = new Gate();
///     idp.fail(Endpoint.TOKEN, 1, Fault.held(gate));
///     var first = start(client);                      // asks for a token, gets no answer yet
///     gate.awaitArrivals(1, Duration.ofMinutes(2));
///     var second = start(client);                     // now one refresh is half-way
///     gate.open();
///
/// A gate stays open once opened. A gate that is not opened within two minutes fails the fixture it holds.
public final class Gate {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Signal signal = new Signal();
    private final AtomicInteger arrivals = new AtomicInteger();
    private volatile boolean open;

    /// Lets everything through, both waiting and later calls.
    public void open() {
        open = true;
        signal.changed();
    }

    /// Waits until `n` answers in all have come to this gate.
    public void awaitArrivals(int n, Duration limit) {
        signal.await(() -> arrivals.get() >= n, limit, () -> arrivals + " of " + n + " arrived at the gate");
    }

    /// Waits here until the gate is open; for handlers that a test writes itself.
    public void pass() {
        arrivals.incrementAndGet();
        signal.changed();
        signal.await(() -> open, PATIENCE, () -> "nobody opened the gate");
    }
}
