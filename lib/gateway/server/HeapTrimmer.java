package lib.gateway.server;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;

/// Keeps the old generation of the serial collector close to the size of its live objects. The collector itself
/// examines it only when the whole heap is full, which never happens on a machine with much memory: a server
/// under load would grow for days with objects that die soon after they were promoted.
///
///     HeapTrimmer.keepSmall();
///
/// @see <a href="https://docs.oracle.com/en/java/javase/25/gctuning/available-collectors.html">The serial
///     collector</a>
public final class HeapTrimmer {
    private static final Duration LOOK = Duration.ofSeconds(1);
    /// The number of bytes that does not justify a pause of 30 ms.
    private static final long SLACK = 8 << 20;

    private HeapTrimmer() {}

    /// Trims the heap until the process ends. Does nothing with other collectors.
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
            // No thread interrupts this one.
        }
    }

    /// Returns whether enough objects have died.
    ///
    /// @param used the bytes in use now
    /// @param alive the bytes in use after the last collection
    public static boolean isWorthCollecting(long used, long alive) {
        return used > alive + Math.max(SLACK, alive / 8);
    }
}
