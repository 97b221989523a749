package tests.usage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.base.Secret;
import lib.database.SqlRows;
import lib.usage.Usage;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetDecision;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.budget.Unpriced;
import lib.usage.pricing.Prices;
import lib.usage.report.Dimension;
import lib.usage.report.UsageQuery;
import lib.usage.report.UsageReport;
import lib.usage.report.Window;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageJournal;
import lib.usage.store.UsageReports;
import lib.usage.store.UsageService;
import lib.usage.store.UsageStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Postgres;
import tests.support.PostgresDatabases;
import tests.support.TcpGate;

/// The journal of a store in PostgreSQL that does not answer for a while.
@DisabledOnOs(OS.WINDOWS)
class UsageJournalTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:34:56.789Z");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int CALLS = 500;

    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    @TempDir
    Path temp;

    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private TcpGate gate;
    private URI direct;
    private URI url;
    private Path folder;

    @BeforeEach
    void anEmptyDatabase() throws Exception {
        gate = TcpGate.before(POSTGRES.server().url());
        direct = POSTGRES.empty();
        url = gate.url(direct);
        folder = temp.resolve("gateway/usage-journal");
    }

    @AfterEach
    void closeGate() throws IOException {
        gate.close();
    }

    private UsageStore open() {
        return open(UsageJournal.LIMIT);
    }

    private UsageStore open(long limit) {
        return open(limit, NOW);
    }

    private UsageStore open(long limit, Instant now) {
        return UsageStore.open(
                UsageDatabase.postgres(url, Optional.of(Postgres.PASSWORD)),
                Prices.list(),
                InstantSource.fixed(now),
                warnings::add,
                Optional.of(UsageJournal.in(folder, limit)));
    }

    private static void accept(UsageStore store, int from, int to) {
        for (int i = from; i < to; i++)
            store.accept(Calls.call(
                    NOW.minusSeconds(1800 + i),
                    "claude-opus-5-5",
                    "ada",
                    Integer.toString(i),
                    new Usage(1, 1, 0, 0, 0, 0)));
    }

    /// Asserts that calls 0 to `calls` are in the store, each once, and nothing else is.
    private void assertStored(int calls) {
        var report = report();
        assertEquals(calls, report.total().sums().requests());
        assertEquals(2L * calls, report.total().sums().tokens().total());
        var numbers = report.rows().stream()
                .map(row -> Integer.parseInt(row.key()))
                .sorted()
                .toList();
        for (int i = 0; i < calls; i++) assertEquals(i, numbers.get(i));
        for (var row : report.rows()) assertEquals(1, row.sums().requests(), row.key());
        assertEquals(calls, single().total().sums().requests());
    }

    private UsageReport report() {
        try (var reports = reports()) {
            return reports.answer(UsageQuery.of(Window.last(Duration.ofHours(3), NOW))
                    .withDimension(Dimension.SESSION)
                    .withRows(1000));
        }
    }

    /// The same by the single calls.
    private UsageReport single() {
        try (var reports = reports()) {
            return reports.answer(
                    UsageQuery.of(Window.last(Duration.ofHours(3), NOW)).withStep(Duration.ofMinutes(30)));
        }
    }

    private UsageReports reports() {
        return UsageReports.of(UsageDatabase.postgres(url, Optional.of(Postgres.PASSWORD)));
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) return List.of();
        try (var all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the number of calls that the journal holds.
    private int kept() {
        int calls = 0;
        for (var file : files()) {
            try {
                for (var line : Files.readAllLines(file)) calls += Integer.parseInt(line.split(" ", 4)[2]);
            } catch (IOException e) {
                // It was deleted, and its calls are in the store.
            }
        }
        return calls;
    }

    private void awaitKept(int calls) {
        Eventually.holds(() -> kept() == calls, LIMIT, () -> kept() + " of " + calls + " " + warnings);
    }

    private void awaitNoFiles() {
        Eventually.holds(() -> files().isEmpty(), LIMIT, () -> files() + " " + warnings);
    }

    @Test
    void callsOfAServerThatIsDownAreKeptOnDiskAndWrittenOnceWhenItIsBack() throws Exception {
        try (var store = open()) {
            accept(store, 0, 20);
            assertTrue(store.flush(LIMIT));
            assertEquals(List.of(), files(), "a store that answers needs no journal");
            POSTGRES.server().down();
            try {
                accept(store, 20, 30);
                awaitKept(10);
                accept(store, 30, 50);
                awaitKept(30);
            } finally {
                POSTGRES.server().up();
            }
            assertTrue(store.flush(LIMIT));
            accept(store, 50, 60);
            assertTrue(store.flush(LIMIT));
            awaitNoFiles();
        }
        assertStored(60);
        assertEquals(2, warnings.size(), warnings.toString());
    }

    @Test
    void callsOfAServerThatSaysNothingAreOnDiskWithinASecondToo() throws Exception {
        try (var store = open()) {
            accept(store, 0, 10);
            assertTrue(store.flush(LIMIT));
            gate.freeze();
            accept(store, 10, 20);
            awaitKept(10);
            assertEquals(List.of(), warnings, "they are kept before the database has failed to answer in time");
            accept(store, 20, 30);
            awaitKept(20);
            gate.thaw();
            assertTrue(store.flush(LIMIT));
            awaitNoFiles();
        }
        assertStored(30);
    }

    @Test
    void whatAStoreLeavesWhenItClosesIsWrittenByTheNextOneAndNeverTwice() throws Exception {
        var copy = temp.resolve("copy");
        try (var store = open()) {
            accept(store, 0, 10);
            assertTrue(store.flush(LIMIT));
            POSTGRES.server().down();
            accept(store, 10, 40);
            awaitKept(30);
            accept(store, 40, 50);
        } finally {
            POSTGRES.server().up();
        }
        assertTrue(warnings.getLast().startsWith("the usage of 40 calls is kept in " + folder), warnings.toString());
        assertEquals(40, kept());
        var left = files().getFirst();
        Files.copy(left, copy);
        try (var _ = open()) {
            awaitNoFiles();
        }
        assertStored(50);
        // As a process leaves it that is killed after a commit and before it knows of it.
        Files.copy(copy, left);
        try (var _ = open()) {
            awaitNoFiles();
        }
        assertStored(50);
    }

    @Test
    void aStoreThatIsClosedWhileItWritesItsJournalToTheDatabaseLosesNothing() throws Exception {
        var store = open();
        accept(store, 0, 10);
        assertTrue(store.flush(LIMIT));
        gate.freeze();
        for (int calls = 20; calls <= 40; calls += 10) {
            accept(store, calls - 10, calls);
            awaitKept(calls - 10);
        }
        Thread closing;
        try (var blocking = connect()) {
            blocking.setAutoCommit(false);
            SqlRows.execute(blocking, "LOCK TABLE call IN EXCLUSIVE MODE");
            gate.thaw();
            Eventually.holds(() -> isWaiting(blocking), LIMIT, () -> "the journal is not written " + warnings);
            closing = Thread.ofPlatform().start(store::close);
            Eventually.holds(() -> closing.getState() == Thread.State.TIMED_WAITING, LIMIT, () -> "it does not close");
        }
        closing.join();
        try (var _ = open()) {
            awaitNoFiles();
        }
        assertStored(40);
    }

    /// Connects past the gate.
    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + direct.toString().replace("rpkai@", ""), "rpkai", Postgres.PASSWORD.reveal());
    }

    private static boolean isWaiting(Connection sql) {
        try {
            return SqlRows.number(sql, "SELECT COUNT(*) FROM pg_locks WHERE NOT granted") > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As on a machine that was off for a year.
    @Test
    void aJournalThatIsWrittenAgainAfterAYearCountsOnce() throws Exception {
        var copy = temp.resolve("copy");
        POSTGRES.server().down();
        try (var store = open()) {
            accept(store, 0, 10);
            awaitKept(10);
        } finally {
            POSTGRES.server().up();
        }
        var left = files().getFirst();
        Files.copy(left, copy);
        try (var _ = open()) {
            awaitNoFiles();
        }
        var later = NOW.plus(Duration.ofDays(400));
        try (var store = open(UsageJournal.LIMIT, later)) {
            // A round that writes deletes what is old.
            store.accept(Calls.call(later, "m", "bob", "later", new Usage(1, 1, 0, 0, 0, 0)));
            assertTrue(store.flush(LIMIT));
            store.accept(Calls.call(later, "m", "bob", "later", new Usage(1, 1, 0, 0, 0, 0)));
            assertTrue(store.flush(LIMIT));
        }
        Files.copy(copy, left);
        try (var _ = open(UsageJournal.LIMIT, later)) {
            awaitNoFiles();
        }
        assertEquals(10, report().total().sums().requests());
    }

    @Test
    void callsWithoutRoomAreCounted() throws Exception {
        POSTGRES.server().down();
        try (var service = UsageService.open(
                UsageDatabase.postgres(url, Optional.of(Postgres.PASSWORD)),
                Prices.list(),
                InstantSource.fixed(NOW),
                warnings::add,
                Optional.of(UsageJournal.in(folder, 0)))) {
            assertEquals(0, service.backlog().lostCalls());
            var call = Calls.call(NOW, "m", "ada", "s", new Usage(1, 1, 0, 0, 0, 0));
            for (int i = 0; service.backlog().lostCalls() == 0; i++) {
                assertTrue(i < 400_000, "nothing is lost");
                service.calls().accept(call);
            }
            service.calls().accept(call);
            assertEquals(2, service.backlog().lostCalls());
        } finally {
            POSTGRES.server().up();
        }
    }

    @Test
    void aLineThatWasCutOffEndsAFile() throws Exception {
        POSTGRES.server().down();
        try (var store = open()) {
            accept(store, 0, 10);
            awaitKept(10);
            accept(store, 10, 20);
            awaitKept(20);
        } finally {
            POSTGRES.server().up();
        }
        var left = files().getFirst();
        var text = Files.readString(left);
        Files.writeString(left, text.substring(0, text.length() - 5));
        try (var _ = open()) {
            awaitNoFiles();
        }
        assertStored(10);
    }

    @Test
    void everythingThatIsKnownOfACallComesThroughTheJournal() throws Exception {
        var random = new Random(7);
        var calls = new ArrayList<lib.usage.Call>();
        for (int i = 0; i < 300; i++) {
            var call = Calls.any(random, NOW.minus(Duration.ofHours(2)), Duration.ofHours(2), 5);
            calls.add(
                    i % 3 == 0
                            ? call.withAttribution(
                                    new lib.usage.Attribution("eu", 2, "team", "p", "b", "tag", "key", "tool"))
                            : call);
        }
        try (var store = open()) {
            calls.forEach(store);
            assertTrue(store.flush(LIMIT));
        }
        var direct = everything();
        url = gate.url(POSTGRES.empty());
        POSTGRES.server().down();
        try (var store = open()) {
            calls.forEach(store);
            awaitKept(300);
        } finally {
            POSTGRES.server().up();
        }
        try (var _ = open()) {
            awaitNoFiles();
        }
        assertEquals(direct, everything());
    }

    private List<String> everything() throws SQLException {
        var all = new ArrayList<String>();
        try (var sql = DriverManager.getConnection(
                        "jdbc:" + url.toString().replace("rpkai@", ""), "rpkai", Postgres.PASSWORD.reveal());
                var rows = sql.createStatement()
                        .executeQuery(
                                "SELECT to_jsonb(h) - 'detail' || to_jsonb(d) - 'id' - 'series' || to_jsonb(s) - 'id' "
                                        + "FROM detail_hour h JOIN detail d ON d.id = h.detail JOIN series s "
                                        + "ON s.id = d.series UNION ALL "
                                        + "SELECT to_jsonb(l) - 'series' || to_jsonb(s) - 'id' "
                                        + "FROM latency l JOIN series s ON s.id = l.series UNION ALL "
                                        + "SELECT to_jsonb(c) - 'series' - 'detail' || to_jsonb(s) - 'id' "
                                        + "FROM call c JOIN series s ON s.id = c.series")) {
            while (rows.next()) all.add(rows.getString(1));
        }
        all.sort(Comparator.naturalOrder());
        assertTrue(all.size() > 300, "it reads nothing");
        try (var reports = reports()) {
            for (var dimension : Dimension.values()) {
                var report = reports.answer(
                        UsageQuery.of(Window.last(Duration.ofHours(3), NOW)).withDimension(dimension));
                all.add(dimension + " " + report.total() + " " + report.rows());
            }
        }
        return all;
    }

    @Test
    void theJournalIsBoundedAndWhatComesAfterWaitsInMemory() throws Exception {
        POSTGRES.server().down();
        try (var store = open(4000)) {
            int calls = 0;
            while (warnings.stream().noneMatch(line -> line.contains("is full: up to 100000 more calls wait"))) {
                accept(store, calls, calls + 5);
                calls += 5;
                assertTrue(calls < 1000, "the journal is not bounded");
                var before = kept();
                Eventually.holds(
                        () -> kept() > before || warnings.size() > 1, LIMIT, () -> "nothing is kept " + warnings);
            }
            accept(store, calls, calls + 20);
            long size = 0;
            for (var file : files()) size += Files.size(file);
            assertTrue(size <= 4000, size + "");
            POSTGRES.server().up();
            assertTrue(store.flush(LIMIT));
            assertStored(calls + 20);
        }
    }

    @Test
    void theJournalIsForItsOwnerOnlyAndForOneStore() throws Exception {
        var first = url;
        POSTGRES.server().down();
        try (var store = open()) {
            accept(store, 0, 10);
            awaitKept(10);
        } finally {
            POSTGRES.server().up();
        }
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())));
        assertFalse(Files.readString(files().getFirst()).contains(Postgres.PASSWORD.reveal()));

        url = gate.url(POSTGRES.empty());
        try (var other = open()) {
            accept(other, 0, 1);
            assertTrue(other.flush(LIMIT));
        }
        assertEquals(10, kept(), "it is for another store");
        assertStored(1);
        url = first;
        try (var _ = open()) {
            awaitNoFiles();
        }
        assertStored(10);
    }

    @Test
    void budgetsCountWhatIsInTheJournal() throws Exception {
        var database = UsageDatabase.postgres(url, Optional.of(Postgres.PASSWORD));
        try (var service = UsageService.open(
                database,
                Prices.list(),
                InstantSource.fixed(NOW),
                warnings::add,
                Optional.of(UsageJournal.in(folder)))) {
            service.stored()
                    .set(new Budget(new BudgetTarget.User("ada"), Period.DAILY, 100_000_000L, 80, Unpriced.ALLOW));
            Eventually.holds(
                    () -> !service.budgets().list().isEmpty(), LIMIT, () -> "the budget is not known " + warnings);
            POSTGRES.server().down();
            try {
                for (int i = 0; i < 2; i++)
                    service.calls()
                            .accept(Calls.call(
                                    NOW.minusSeconds(i),
                                    "claude-opus-5-5",
                                    "ada",
                                    "s",
                                    new Usage(1_000_000, 100_000, 0, 0, 0, 0)));
                awaitKept(2);
                assertTrue(
                        service.budgets().decide("ada", "claude-code") instanceof BudgetDecision.Spent,
                        "what is in the journal is spent");
            } finally {
                POSTGRES.server().up();
            }
            awaitNoFiles();
            // With another budget the budgets read again what is in the store.
            service.stored()
                    .set(new Budget(new BudgetTarget.User("bob"), Period.DAILY, 100_000_000L, 80, Unpriced.ALLOW));
            Eventually.holds(
                    () -> service.budgets().list().size() == 2, LIMIT, () -> "the budget is not known " + warnings);
            assertTrue(service.budgets().decide("ada", "claude-code") instanceof BudgetDecision.Spent);
            var spent = service.budgets().list().stream()
                    .filter(budget -> budget.target().equals(new BudgetTarget.User("ada")))
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    service.budgets().spent(spent, "ada"),
                    service.stored().standing(NOW).get(spent),
                    "nothing counts twice");
        }
    }

    @Test
    void aLivingProcessKeepsItsFileAndAKilledOneLosesAtMostItsLastSecond() throws Exception {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                url.toString(),
                folder.toString());
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int old = 0;
        try (var said = process.inputReader()) {
            for (String line; (line = said.readLine()) != null; ) {
                // It says how many calls it had accepted more than two seconds before.
                old = Integer.parseInt(line);
                if (old >= CALLS / 5) break;
            }
            try (var other = open()) {
                other.accept(Calls.call(NOW.minusSeconds(1), "m", "bob", "9999", new Usage(1, 1, 0, 0, 0, 0)));
                assertTrue(other.flush(LIMIT));
            }
            assertEquals(1, report().total().sums().requests(), "it wrote what a living process keeps");
            assertEquals(1, files().size(), files().toString());
        } finally {
            process.destroyForcibly().waitFor();
        }
        try (var _ = open()) {
            awaitNoFiles();
        }
        var numbers = report().rows().stream()
                .map(row -> Integer.parseInt(row.key()))
                .sorted()
                .toList();
        assertTrue(numbers.size() > old, "%d of at least %d".formatted(numbers.size() - 1, old));
        for (int i = 0; i < numbers.size() - 1; i++) assertEquals(i, numbers.get(i));
        for (var row : report().rows()) assertEquals(1, row.sums().requests(), row.key());
    }

    /// Accepts a call every few milliseconds until it is killed. The store does not know its password.
    static final class Writer {
        private Writer() {}

        public static void main(String... args) throws InterruptedException {
            var times = new long[CALLS];
            @SuppressWarnings("resource")
            var store = UsageStore.open(
                    UsageDatabase.postgres(URI.create(args[0]), Optional.of(new Secret("wrong"))),
                    Prices.list(),
                    InstantSource.fixed(NOW),
                    System.err::println,
                    Optional.of(UsageJournal.in(Path.of(args[1]))));
            int old = 0;
            for (int i = 0; i < CALLS; i++) {
                times[i] = System.nanoTime();
                accept(store, i, i + 1);
                while (System.nanoTime() - times[old] > 2_000_000_000L) old++;
                System.out.println(old);
                Thread.sleep(6);
            }
            Thread.sleep(Duration.ofMinutes(1));
        }
    }
}
