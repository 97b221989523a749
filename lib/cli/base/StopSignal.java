package lib.cli.base;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/// Waits for the signal to stop, for commands that serve.
public final class StopSignal {
    private StopSignal() {}

    /// Returns a latch that opens at the first SIGTERM or Ctrl-C. A second signal ends the process at once.
    public static CountDownLatch awaited() {
        var stopped = new CountDownLatch(1);
        for (var name : new String[] {"TERM", "INT"})
            Signal.handle(new Signal(name), signal -> {
                if (stopped.getCount() == 0) Runtime.getRuntime().halt(128 + signal.getNumber());
                stopped.countDown();
            });
        return stopped;
    }
}
