package lib.cli.base;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/// When a command that serves is to stop.
public final class StopSignal {
    private StopSignal() {}

    /// Opens at the first SIGTERM or Ctrl-C. The second is the end of all patience.
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
