package tests.usage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import lib.base.UserError;
import lib.database.Database;
import lib.usage.Attribution;
import lib.usage.BillingHints;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.budget.Unpriced;
import lib.usage.pricing.Cost;
import lib.usage.pricing.Prices;
import lib.usage.report.Dimension;
import lib.usage.report.UsageQuery;
import lib.usage.report.UsageReport;
import lib.usage.report.UsageReport.Row;
import lib.usage.report.UsageTotals;
import lib.usage.report.Window;
import lib.usage.store.StoredBudgets;
import lib.usage.store.UsageReports;
import lib.usage.store.UsageStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests that a store passes on every kind of database.
abstract class StoreContract {
    static final Instant NOW = Instant.parse("2026-11-22T12:34:56.789Z");
    static final Duration SOON = Duration.ofMinutes(2);

    final List<String> warnings = new ArrayList<>();

    /// An empty one; the same within a test.
    abstract Database database() throws Exception;

    final UsageStore open() throws Exception {
        return open(NOW);
    }

    final UsageStore open(Instant now) throws Exception {
        return UsageStore.open(database(), Prices.list(), InstantSource.fixed(now), warnings::add);
    }

    final UsageReport answer(UsageQuery question) throws Exception {
        try (var reports = UsageReports.of(database())) {
            return reports.answer(question);
        }
    }

    final void record(Iterable<Call> calls) throws Exception {
        try (var store = open()) {
            calls.forEach(store);
            assertTrue(store.flush(SOON), () -> String.join("\n", warnings));
        }
        assertEquals(List.of(), warnings);
    }

    @Test
    void theCostOfACallIsThatOfAHandCalculation() throws Exception {
        // 1000*4 + 2000*20 + 10000*0.20 + 4000*5 + 500*8 = 70,000 millionths of a dollar
        record(List.of(Calls.call(
                NOW.minusSeconds(60), "claude-opus-5-5", "ada", "s1", new Usage(1000, 2000, 10_000, 4000, 500, 300))));

        var total = answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW)))
                .total()
                .sums();

        assertEquals(
                new UsageTotals(
                        new UsageTotals.Counts(1, 1, 0, 0, 0),
                        UsageTotals.Unknown.NONE,
                        new Usage(1000, 2000, 10_000, 4000, 500, 300),
                        new Cost(400_000, 4_000_000, 200_000, 2_000_000, 400_000)),
                total);
        assertEquals("0.07000000", Cost.dollars(total.cost().total()).toPlainString());
    }

    @Test
    void aModelWithoutAPriceIsCountedAsUnpriced() throws Exception {
        record(List.of(
                Calls.call(NOW.minusSeconds(60), "a-model-without-a-price", "ada", "s1", new Usage(5, 5, 0, 0, 0, 0)),
                Calls.call(NOW.minusSeconds(50), "claude-opus-5-5", "ada", "s1", Usage.NONE)));

        var sums = answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW)))
                .total()
                .sums();

        assertEquals(1, sums.unpriced());
        assertEquals(0, sums.cost().total());
        assertEquals(10, sums.tokens().total());
    }

    @Test
    void callsOfTheDemoModelAreFree() throws Exception {
        var paid = Calls.call(NOW.minusSeconds(60), "claude-opus-5-5", "ada", "s1", new Usage(5, 5, 0, 0, 0, 0));
        record(List.of(
                paid,
                new Call(
                        paid.time(),
                        new Call.Origin("ada", "claude-code", "s1"),
                        new Call.Destination("demo", Call.DEMO, paid.model()),
                        new Call.Outcome(200, paid.latency(), paid.firstByte(), true),
                        Call.Consumption.of(paid.usage()))));

        var rows = answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW)).withDimension(Dimension.PROVIDER))
                .rows();

        assertEquals(
                List.of("anthropic 0 12000", "demo 1 0"),
                rows.stream()
                        .map(row -> "%s %d %d"
                                .formatted(
                                        row.key(),
                                        row.sums().free(),
                                        row.sums().cost().total()))
                        .toList());
    }

    @Test
    void aWindowIsExactToTheMillisecond() throws Exception {
        var from = Instant.parse("2026-11-20T09:15:00Z");
        var to = Instant.parse("2026-11-20T14:45:00Z");
        var usage = new Usage(1, 0, 0, 0, 0, 0);
        record(List.of(
                Calls.call(from.minusMillis(1), "m", "before", "", usage),
                Calls.call(from, "m", "in", "", usage),
                Calls.call(Instant.parse("2026-11-20T12:00:00Z"), "m", "in", "", usage),
                Calls.call(to.minusMillis(1), "m", "in", "", usage),
                Calls.call(to, "m", "after", "", usage)));

        assertEquals(
                List.of("in"),
                answer(UsageQuery.of(new Window(from, to)).withDimension(Dimension.USER)).rows().stream()
                        .map(Row::key)
                        .toList());
        assertEquals(
                3, answer(UsageQuery.of(new Window(from, to))).total().sums().requests());
    }

    /// A thousand calls in the same second, by the minute: that is what the single calls are read for.
    @Test
    void manyCallsOfAMomentAreAllCounted() throws Exception {
        var calls = new ArrayList<Call>();
        for (int i = 0; i < 1000; i++)
            calls.add(Calls.call(
                    NOW.minusSeconds(90).plusMillis(i),
                    "claude-opus-5-5",
                    "ada",
                    "s" + i % 2,
                    new Usage(1, 2, 0, 0, 0, 0)));
        record(calls);

        var minutes = answer(UsageQuery.of(new Window(NOW.minusSeconds(120), NOW))
                .withDimension(Dimension.SESSION)
                .withStep(Duration.ofMinutes(1)));

        assertEquals(
                List.of(500L, 500L),
                minutes.rows().stream().map(row -> row.sums().requests()).toList());
        assertEquals(new Usage(1000, 2000, 0, 0, 0, 0), minutes.total().sums().tokens());
        assertEquals(1000 * (4 + 2 * 20) * 100L, minutes.total().sums().cost().total());
    }

    /// Every dimension, many windows, filters and steps, against sums over the calls themselves.
    @Test
    void sumsByAnyDimensionAreTheTotalAndThatOfTheCalls() throws Exception {
        var random = new Random(11);
        var begin = NOW.minus(Duration.ofHours(30));
        var calls = new ArrayList<Call>();
        for (int i = 0; i < 3000; i++) calls.add(Calls.any(random, begin, Duration.ofHours(30), 40));
        record(calls);
        try (var reports = UsageReports.of(database())) {
            for (int i = 0; i < 12; i++) checkAny(i, random, begin, calls, reports);
        }
    }

    private static void checkAny(int i, Random random, Instant begin, List<Call> calls, UsageReports reports) {
        var from = begin.plusMillis(random.nextLong(Duration.ofHours(29).toMillis()));
        var window = new Window(
                from, from.plusMillis(1 + random.nextLong(Duration.ofHours(10).toMillis())));
        var question = UsageQuery.of(window).withRows(5 + random.nextInt(100));
        if (i % 2 == 1) question = question.withStep(i % 4 == 1 ? Duration.ofHours(1) : Duration.ofMinutes(15));
        if (i % 3 == 1) question = question.withFilter(Dimension.AGENT, "codex").withComparison();
        var asked = question;
        Predicate<Call> counts = call -> asked.only().isEmpty() || call.agent().equals("codex");
        var total = sums(calls, asked.window(), counts);
        for (var dimension : Dimension.values()) {
            var report = reports.answer(asked.withDimension(dimension));

            assertEquals(total, report.total().sums(), dimension + " " + asked);
            assertEquals(total.tokens(), sum(report.rows()).tokens(), dimension + " " + asked);
            assertEquals(total.cost(), sum(report.rows()).cost(), dimension + " " + asked);
            if (dimension != Dimension.KIND) assertEquals(total, sum(report.rows()), dimension + " " + asked);
            if (asked.step().isPresent()) {
                var points = report.points().stream()
                        .map(UsageReport.Point::sums)
                        .reduce(UsageTotals.NONE, UsageTotals::plus);
                assertEquals(total.tokens(), points.tokens(), dimension + " " + asked);
                assertEquals(total.cost(), points.cost(), dimension + " " + asked);
            }
            if (asked.compare())
                assertEquals(
                        sums(calls, asked.window().before(), counts),
                        report.total().before().orElseThrow(),
                        dimension + " " + asked);
        }
    }

    @Test
    void theCourseOverTimeHasEachCallInItsStep() throws Exception {
        var from = Instant.parse("2026-11-20T10:00:00Z");
        var usage = new Usage(1, 0, 0, 0, 0, 0);
        record(List.of(
                Calls.call(from, "a", "ada", "", usage), Calls.call(from.plusSeconds(3599), "a", "ada", "", usage),
                Calls.call(from.plusSeconds(3600), "b", "ada", "", usage),
                        Calls.call(from.plusSeconds(7300), "a", "ada", "", usage)));
        var question = UsageQuery.of(new Window(from.plusSeconds(20), from.plusSeconds(3 * 3600)))
                .withDimension(Dimension.MODEL)
                .withStep(Duration.ofHours(1));

        var points = answer(question).points().stream()
                .map(point -> "%s %s %d"
                        .formatted(point.from(), point.key(), point.sums().requests()))
                .toList();

        assertEquals(
                List.of("2026-11-20T10:00:00Z a 2", "2026-11-20T11:00:00Z b 1", "2026-11-20T12:00:00Z a 1"), points);
    }

    @Test
    void latenciesAreWithinATenth() throws Exception {
        var calls = new ArrayList<Call>();
        for (int i = 1; i <= 100; i++) {
            calls.add(new Call(
                    NOW.minusSeconds(i),
                    new Call.Origin("ada", "codex", ""),
                    new Call.Destination("p", "anthropic", "m"),
                    new Call.Outcome(
                            200, Duration.ofMillis(i * 100L), java.util.Optional.of(Duration.ofMillis(i * 10L)), true),
                    Call.Consumption.of(Usage.NONE)));
        }
        record(calls);

        var total = answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW))).total();

        assertEquals(5000, (double) total.latency().orElseThrow().p50().toMillis(), 500);
        assertEquals(9500, (double) total.latency().orElseThrow().p95().toMillis(), 950);
        assertEquals(500, (double) total.firstByte().orElseThrow().p50().toMillis(), 50);
    }

    /// Ten million tokens and more, from 200 callers on eight threads.
    @Test
    void nothingIsLostAndNothingCountedTwice() throws Exception {
        var callers = 200;
        var each = 40;
        try (var store = open();
                var threads = Executors.newFixedThreadPool(8)) {
            var calling = new ArrayList<Future<?>>();
            for (int caller = 0; caller < callers; caller++) {
                var name = "caller-%03d".formatted(caller);
                calling.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        store.accept(Calls.call(
                                NOW.minusSeconds(i * 77L),
                                i % 2 == 0 ? "claude-opus-5-5" : "claude-sonnet-5-5",
                                name,
                                name + i % 4,
                                new Usage(300, 100, 1000, 20, 5, 0)));
                    }
                }));
            }
            for (var call : calling) call.get(2, TimeUnit.MINUTES);
            assertTrue(store.flush(SOON));
        }

        var report = answer(UsageQuery.of(Window.last(Duration.ofHours(2), NOW.plusSeconds(1)))
                .withDimension(Dimension.USER)
                .withRows(1000));

        assertEquals(callers, report.rows().size());
        for (var row : report.rows()) assertEquals(each, row.sums().requests(), row.key());
        assertEquals(1425L * callers * each, report.total().sums().tokens().total());
        assertTrue(report.total().sums().tokens().total() > 10_000_000);
        // Opus: 300*4 + 100*20 + 1000*0.20 + 20*5 + 5*8 = 3540 millionths of a dollar; Sonnet: 600 + 1000 + 100 +
        // 50 + 20 = 1770
        assertEquals(
                callers * each / 2 * (354_000L + 177_000L),
                report.total().sums().cost().total());
    }

    @Test
    void absurdCountsBreakNoSum() throws Exception {
        var most = 1_000_000_000_000_000L;
        var calls = new ArrayList<Call>();
        for (int i = 0; i < 50; i++)
            calls.add(Calls.call(
                    NOW.minusSeconds(i),
                    i % 2 == 0 ? "claude-fable-5-1" : "unknown\0model",
                    "ada",
                    "",
                    new Usage(most, most, most, most, most, most)));
        record(calls);

        var sums = answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW.plusSeconds(1)))
                        .withDimension(Dimension.MODEL))
                .total()
                .sums();

        assertEquals(50, sums.requests());
        assertTrue(sums.tokens().total() > 0 && sums.cost().total() > 0);
    }

    @Test
    void singleCallsAreForgottenAfterWeeksAndTheirSumsAfterYears() throws Exception {
        var long_ago =
                Calls.call(NOW.minus(Duration.ofDays(800)), "claude-opus-5-5", "ada", "", new Usage(1, 0, 0, 0, 0, 0));
        var months =
                Calls.call(NOW.minus(Duration.ofDays(100)), "claude-opus-5-5", "ada", "", new Usage(10, 0, 0, 0, 0, 0));
        var days =
                Calls.call(NOW.minus(Duration.ofDays(10)), "claude-opus-5-5", "ada", "", new Usage(100, 0, 0, 0, 0, 0));
        try (var store = open(NOW.minus(Duration.ofDays(900)))) {
            List.of(long_ago, months, days).forEach(store);
        }
        // The next to write forgets.
        record(List.of(Calls.call(NOW.minusSeconds(5), "claude-opus-5-5", "ada", "", new Usage(1000, 0, 0, 0, 0, 0))));

        assertEquals(
                1110,
                answer(UsageQuery.of(Window.last(Duration.ofDays(3000), NOW)))
                        .total()
                        .sums()
                        .tokens()
                        .total());
        // What has no single calls any more counts by the full hour.
        assertEquals(
                10,
                answer(UsageQuery.of(new Window(
                                months.time().minusSeconds(1), months.time().plusSeconds(1))))
                        .total()
                        .sums()
                        .tokens()
                        .total());
        assertEquals(
                0,
                answer(UsageQuery.of(new Window(
                                        months.time().minus(Duration.ofMinutes(90)),
                                        months.time().plusSeconds(1)))
                                .withStep(Duration.ofMinutes(5)))
                        .total()
                        .sums()
                        .tokens()
                        .total());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oneOfTheFirstReleaseIsReadAndWrittenOn(int version) throws Exception {
        try (var sql = database().connect()) {
            if (version == 1) {
                FirstRelease.makeVersionOne(sql, database());
                FirstRelease.writeAsVersionOne(sql, NOW.minusSeconds(60).toEpochMilli(), "claude-opus-5-5");
            } else {
                FirstRelease.open(sql, database());
                FirstRelease.write(sql, NOW.minusSeconds(60).toEpochMilli(), "claude-opus-5-5");
            }
            FirstRelease.setBudget(sql, "everyone", 700);
        }
        record(List.of(Calls.call(NOW.minusSeconds(30), "claude-opus-5-5", "ada", "s", new Usage(10, 0, 0, 0, 0, 0))));

        for (var question : List.of(
                UsageQuery.of(Window.last(Duration.ofHours(2), NOW)),
                UsageQuery.of(Window.last(Duration.ofHours(2), NOW)).withStep(Duration.ofMinutes(30)))) {
            var total = answer(question).total().sums();
            assertEquals(2, total.requests());
            assertEquals(20, total.tokens().input());
            assertEquals(4040, total.cost().total());
        }
        assertEquals(
                List.of(new Budget(BudgetTarget.of("everyone"), Period.DAILY, 700, 80)),
                new StoredBudgets(database()).list());
    }

    /// A downgrade to the first release keeps the store.
    @Test
    void theFirstReleaseReadsAndWritesAStoreOfThisOne() throws Exception {
        var unmeasured = Calls.call(
                NOW.minusSeconds(50),
                "claude-opus-5-5",
                "ada",
                "s",
                Usage.NONE,
                Measured.UNMEASURED,
                new BillingHints("claude-opus-4-8", "", "", "us", false, 0));
        record(List.of(
                Calls.call(NOW.minusSeconds(60), "claude-opus-5-5", "ada", "s", new Usage(10, 0, 0, 0, 0, 0)),
                unmeasured));
        new StoredBudgets(database())
                .set(new Budget(BudgetTarget.of("everyone"), Period.DAILY, 5, 80, Unpriced.REFUSE));
        try (var sql = database().connect()) {
            FirstRelease.open(sql, database());
            assertEquals("2 10 4000 1, 2 10 4000 1", FirstRelease.sums(sql, "claude-opus-5-5"));
            FirstRelease.write(sql, NOW.minusSeconds(40).toEpochMilli(), "claude-opus-5-5");
            FirstRelease.write(sql, NOW.minus(Duration.ofDays(900)).toEpochMilli(), "claude-opus-4");
            FirstRelease.forget(sql, NOW.minus(Duration.ofDays(800)).toEpochMilli());
            FirstRelease.setBudget(sql, "everyone", 6);
            assertEquals("3 20 4040 1, 3 20 4040 1", FirstRelease.sums(sql, "claude-opus-5-5"));
        }
        record(List.of(Calls.call(NOW.minusSeconds(30), "claude-opus-5-5", "ada", "s", new Usage(10, 0, 0, 0, 0, 0))));

        var total = answer(UsageQuery.of(Window.last(Duration.ofHours(2), NOW)))
                .total()
                .sums();
        assertEquals("4 1 1", "%d %d %d".formatted(total.requests(), total.unpriced(), total.unmeasured()));
        assertEquals(8040, total.cost().total());
        assertEquals(
                List.of(new Budget(BudgetTarget.of("everyone"), Period.DAILY, 6, 80, Unpriced.REFUSE)),
                new StoredBudgets(database()).list());
    }

    @Test
    void aStoreThatANewerVersionOnlyExtendedIsUsedAndLeftUnchanged() throws Exception {
        record(List.of(Calls.call(NOW.minusSeconds(60), "m", "ada", "", Usage.NONE)));
        execute("ALTER TABLE call ADD COLUMN later BIGINT NOT NULL DEFAULT 0", "UPDATE usage_schema SET version = 9");
        record(List.of(Calls.call(NOW.minusSeconds(30), "m", "ada", "", Usage.NONE)));

        assertEquals(
                2,
                answer(UsageQuery.of(Window.last(Duration.ofHours(2), NOW)))
                        .total()
                        .sums()
                        .requests());
        assertEquals("9", text("SELECT version FROM usage_schema"));
    }

    @Test
    void aStoreThatANewerVersionChangedIsRejected() throws Exception {
        record(List.of(Calls.call(NOW.minusSeconds(60), "m", "ada", "", Usage.NONE)));
        execute("UPDATE usage_schema SET version = 9, oldest = 8");

        var error = assertThrows(UserError.class, () -> answer(UsageQuery.of(Window.last(Duration.ofHours(2), NOW))));
        assertTrue(error.line().contains("was written by a newer version of rpkai"), error.line());
    }

    @Test
    void unmeasuredAndEstimatedCallsAreCountedSeparately() throws Exception {
        record(List.of(
                Calls.call(
                        NOW.minusSeconds(60),
                        "claude-opus-5-5",
                        "ada",
                        "s",
                        Usage.NONE,
                        Measured.UNMEASURED,
                        BillingHints.NONE),
                Calls.call(
                        NOW.minusSeconds(50),
                        "claude-opus-5-5",
                        "ada",
                        "s",
                        new Usage(10, 0, 0, 0, 0, 0),
                        Measured.ESTIMATED,
                        BillingHints.NONE)));

        var sums = answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW)))
                .total()
                .sums();

        assertEquals("1 1 1", "%d %d %d".formatted(sums.unpriced(), sums.unmeasured(), sums.estimated()));
        assertEquals(4000, sums.cost().total());
    }

    @Test
    void everyDetailOfACallIsStored() throws Exception {
        var terms = new BillingHints("claude-opus-4-8", "batch", "", "us", false, 0);
        var call = Calls.call(
                        NOW.minusSeconds(60),
                        "claude-opus-5-5",
                        "ada",
                        "s",
                        new Usage(10, 0, 0, 0, 0, 0),
                        Measured.MEASURED,
                        terms)
                .withAttribution(new Attribution("eu", 3, "platform", "rpkai", "main", "nightly", "ci-key", "search"));
        record(List.of(
                call,
                call,
                Calls.call(NOW.minusSeconds(50), "claude-opus-5-5", "ada", "s", new Usage(1, 0, 0, 0, 0, 0))));

        assertEquals(
                "claude-opus-4-8 batch us eu platform rpkai main nightly ci-key search",
                text("SELECT answered_model || ' ' || tier || ' ' || region || ' ' || target || ' ' ||"
                        + " team || ' ' || project || ' ' || branch || ' ' || tag || ' ' || key_name || ' "
                        + "' || tool FROM detail"));
        // 20 tokens at $5 the million, half of it for a batch, 1.1 times for the region
        assertEquals(
                "2 20 5500 6",
                text("SELECT requests || ' ' || input || ' ' || cost_input || ' ' || attempts FROM detail_hour"));
        assertEquals("3 21", text("SELECT requests || ' ' || input FROM hour"));
        assertEquals("2", text("SELECT SUM(requests) FROM call WHERE detail = (SELECT id FROM detail)"));
    }

    /// Anybody who may call can make up names.
    @Test
    void valuesThatAnybodyCanMakeUpAreBounded() throws Exception {
        record(List.of(Calls.call(NOW.minusSeconds(70), "claude-opus-5-5", "ada", "s", new Usage(1, 0, 0, 0, 0, 0))));
        var calls = new ArrayList<Call>();
        for (int i = 0; i < 1500; i++) {
            calls.add(Calls.call(NOW.minusSeconds(60), "made-up-" + i, "ada", "s", new Usage(1, 0, 0, 0, 0, 0))
                    .withAttribution(new Attribution("", 1, "", "", "", "tag-" + i, "", "")));
        }
        calls.add(Calls.call(NOW.minusSeconds(30), "claude-opus-5-5", "ada", "s2", new Usage(1, 0, 0, 0, 0, 0)));
        record(calls);

        assertEquals("1001", text("SELECT COUNT(DISTINCT model) FROM series"));
        assertEquals("1001", text("SELECT COUNT(DISTINCT tag) FROM detail"));
        var report = answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW))
                .withDimension(Dimension.MODEL)
                .withRows(1000));
        assertEquals(1502, report.total().sums().requests());
        assertEquals(
                501,
                report.rows().stream()
                        .filter(row -> row.key().equals("(other)"))
                        .findFirst()
                        .orElseThrow()
                        .sums()
                        .requests());
        assertEquals(
                2,
                report.rows().stream()
                        .filter(row -> row.key().equals("claude-opus-5-5"))
                        .findFirst()
                        .orElseThrow()
                        .sums()
                        .requests());
    }

    private void execute(String... statements) throws Exception {
        try (var sql = database().connect();
                var statement = sql.createStatement()) {
            for (var each : statements) statement.execute(each);
        }
    }

    private String text(String query) throws Exception {
        try (var sql = database().connect();
                var statement = sql.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            var text = rows.getString(1);
            assertFalse(rows.next(), query);
            return text;
        }
    }

    @Test
    void anEmptyStoreAnswersToo() throws Exception {
        var report = answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW))
                .withDimension(Dimension.MODEL)
                .withComparison());

        assertEquals(UsageTotals.NONE, report.total().sums());
        assertEquals(List.of(), report.rows());
    }

    private static UsageTotals sums(List<Call> calls, Window window, Predicate<Call> counts) {
        return calls.stream()
                .filter(call ->
                        !call.time().isBefore(window.from()) && call.time().isBefore(window.to()))
                .filter(counts)
                .map(call -> UsageTotals.of(
                        call,
                        Prices.list().cost(call),
                        Prices.list().quote(call).assumed(call)))
                .reduce(UsageTotals.NONE, UsageTotals::plus);
    }

    private static UsageTotals sum(List<Row> rows) {
        return rows.stream().map(Row::sums).reduce(UsageTotals.NONE, UsageTotals::plus);
    }
}
