package lib.gateway.server;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;

/// The serial collector's old generation, kept near what lives in it. The collector itself looks there only when
/// the whole heap is full, which on a machine with much memory it never is: a server under load would grow for
/// days by what dies just after it was promoted.
///
///     HeapTrimmer.keepSmall();
///
/// @see <a href="https://docs.oracle.com/en/java/javase/25/gctuning/available-collectors.html">The serial
///     collector</a>
public final class HeapTrimmer {
    private static final Duration LOOK = Duration.ofSeconds(1);
    /// Bytes. So much is no reason to stop everything for 30 ms.
    private static final long SLACK = 8 << 20;

    private HeapTrimmer() {}

    /// Looks after it until the process ends; where another collector is at work, that one is trusted.
    public static void keepSmall() {
        for (var pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getName().equals("Tenured Gen"))
                Thread.ofVirtual().name("old generation").start(() -> watch(pool));
        }
    }

    private static void watch(MemoryPoolMXBean pool) {
        try {
            while (true) {
                Thread.sleep(LOOK);
                if (isWorthCollecting(
                        pool.getUsage().getUsed(), pool.getCollectionUsage().getUsed())) System.gc();
            }
        } catch (InterruptedException e) {
            // Nobody does.
        }
    }

    /// Whether enough of it has died.
    ///
    /// @param used bytes in it now
    /// @param alive bytes that were in it after it was collected
    public static boolean isWorthCollecting(long used, long alive) {
        return used > alive + Math.max(SLACK, alive / 8);
    }
}
