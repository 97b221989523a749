package tests.usage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import lib.usage.Usage;
import lib.usage.pricing.Prices;
import lib.usage.report.Dimension;
import lib.usage.report.UsageQuery;
import lib.usage.report.Window;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageReports;
import lib.usage.store.UsageStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway that is killed while it writes.
@Tag("processes")
class KilledWriterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final int CALLS = 500;
    private static final Duration PROMISE = Duration.ofSeconds(1);

    @TempDir
    Path temp;

    /// The kill comes at a random moment after the writer has said which of its calls are stored, and after it has
    /// stored some within a second: the promise, which a store that gathers calls for longer never keeps.
    @Test
    void callsAreStoredWithinASecondAndOnceDespiteAKill() throws Exception {
        var file = temp.resolve("usage.db");
        var random = new Random();
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
            int stored = 0;
            var quickest = Duration.ofDays(1);
            try (var said = process.inputReader()) {
                for (String line; (line = said.readLine()) != null; ) {
                    var words = line.split(" ");
                    stored = Integer.parseInt(words[0]);
                    var took = Duration.parse(words[1]);
                    if (took.compareTo(quickest) < 0) quickest = took;
                    if (stored >= CALLS / 5 && quickest.compareTo(PROMISE) < 0) break;
                }
                process.waitFor(random.nextLong(300), TimeUnit.MILLISECONDS);
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertTrue(quickest.compareTo(PROMISE) < 0, "the quickest write took " + quickest);
            kept = assertStored(file, life * CALLS, kept, stored);
        }
    }

    /// Checks what is stored after a kill.
    ///
    /// @param begin the number of the first call of the process that was killed
    /// @param before the number of calls that were stored before that process
    /// @param stored the number of its calls that it said were stored
    /// @return the number of calls that are stored
    private static int assertStored(Path file, int begin, int before, int stored) {
        try (var reports = UsageReports.of(UsageDatabase.sqlite(file))) {
            var report = reports.answer(UsageQuery.of(Window.last(Duration.ofHours(3), NOW))
                    .withDimension(Dimension.SESSION)
                    .withRows(1000));
            var numbers = report.rows().stream()
                    .map(row -> Integer.parseInt(row.key()))
                    .sorted()
                    .toList();
            for (var row : report.rows()) assertEquals(1, row.sums().requests(), row.key());
            assertTrue(
                    numbers.size() >= before + stored,
                    "%d of at least %d + %d".formatted(numbers.size(), before, stored));
            // In the order in which they came, with no gap.
            for (int i = before; i < numbers.size(); i++) assertEquals(begin + i - before, numbers.get(i));
            assertEquals(numbers.size(), report.total().sums().requests());
            // The single calls say the same as their sums.
            assertEquals(
                    numbers.size(),
                    reports.answer(UsageQuery.of(Window.last(Duration.ofHours(3), NOW))
                                    .withStep(Duration.ofMinutes(30)))
                            .total()
                            .sums()
                            .requests());
            return numbers.size();
        }
    }

    /// Takes calls, a few at a time, until it is killed. After each few it says how many calls are stored, and how
    /// long the last of them took.
    static final class Writer {
        private static final int FEW = 20;

        private Writer() {}

        public static void main(String... args) {
            var begin = Integer.parseInt(args[1]);
            @SuppressWarnings("resource")
            var store = UsageStore.open(
                    UsageDatabase.sqlite(Path.of(args[0])),
                    Prices.list(),
                    InstantSource.fixed(NOW),
                    System.err::println);
            for (int i = 0; i < CALLS; i++) {
                var from = System.nanoTime();
                store.accept(Calls.call(
                        NOW.minusSeconds(3600 + i),
                        "claude-opus-5-5",
                        "ada",
                        Integer.toString(begin + i),
                        new Usage(1, 1, 0, 0, 0, 0)));
                if ((i + 1) % FEW == 0 && store.flush(Duration.ofMinutes(1)))
                    System.out.println((i + 1) + " " + Duration.ofNanos(System.nanoTime() - from));
            }
        }
    }
}
