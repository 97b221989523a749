package tests.usage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import lib.usage.Usage;
import lib.usage.pricing.Prices;
import lib.usage.report.Dimension;
import lib.usage.report.UsageQuery;
import lib.usage.report.Window;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageReports;
import lib.usage.store.UsageStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway that is killed while it writes.
class KilledWriterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final int CALLS = 500;

    @TempDir
    Path temp;

    @Test
    void callsOlderThanASecondAreStoredOnceDespiteAKill() throws Exception {
        var file = temp.resolve("usage.db");
        int kept = 0;
        for (int life = 0; life < 2; life++) {
            var command = List.of(
                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Writer.class.getName(),
                    file.toString(),
                    Integer.toString(life * CALLS));
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int old = 0;
            try (var said = process.inputReader()) {
                for (String line; (line = said.readLine()) != null; ) {
                    // It says how many calls it had taken more than two seconds before, twice what is promised:
                    // the disk of a test machine may be busy.
                    old = Integer.parseInt(line);
                    if (old >= CALLS / 5) break;
                }
                process.destroyForcibly().waitFor();
            }
            try (var reports = UsageReports.of(UsageDatabase.sqlite(file))) {
                var report = reports.answer(UsageQuery.of(Window.last(Duration.ofHours(3), NOW))
                        .by(Dimension.SESSION)
                        .rows(1000));
                var numbers = report.rows().stream()
                        .map(row -> Integer.parseInt(row.key()))
                        .sorted()
                        .toList();
                for (var row : report.rows()) assertEquals(1, row.sums().requests(), row.key());
                assertTrue(numbers.size() >= kept + old, "%d of at least %d + %d".formatted(numbers.size(), kept, old));
                // In the order in which they came, with no gap.
                for (int i = kept; i < numbers.size(); i++) assertEquals(life * CALLS + i - kept, numbers.get(i));
                assertEquals(numbers.size(), report.total().sums().requests());
                // The single calls say the same as their sums.
                assertEquals(
                        numbers.size(),
                        reports.answer(UsageQuery.of(Window.last(Duration.ofHours(3), NOW))
                                        .every(Duration.ofMinutes(30)))
                                .total()
                                .sums()
                                .requests());
                kept = numbers.size();
            }
        }
    }

    /// Takes a call every few milliseconds until it is killed.
    static final class Writer {
        private Writer() {}

        public static void main(String... args) throws InterruptedException {
            var begin = Integer.parseInt(args[1]);
            var times = new long[CALLS];
            @SuppressWarnings("resource")
            var store = UsageStore.open(
                    UsageDatabase.sqlite(Path.of(args[0])),
                    Prices.list(),
                    InstantSource.fixed(NOW),
                    System.err::println);
            int old = 0;
            for (int i = 0; i < CALLS; i++) {
                times[i] = System.nanoTime();
                store.accept(Calls.call(
                        NOW.minusSeconds(3600 + i),
                        "claude-opus-5-5",
                        "ada",
                        Integer.toString(begin + i),
                        new Usage(1, 1, 0, 0, 0, 0)));
                while (System.nanoTime() - times[old] > 2_000_000_000L) old++;
                System.out.println(old);
                Thread.sleep(6);
            }
            Thread.sleep(Duration.ofMinutes(1));
        }
    }
}
