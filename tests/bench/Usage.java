///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.bench;

import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Random;
import lib.base.Secret;
import lib.database.Database;
import lib.usage.Call;
import lib.usage.pricing.Prices;
import lib.usage.report.Dimension;
import lib.usage.report.UsageQuery;
import lib.usage.report.Window;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageReports;
import lib.usage.store.UsageStore;

//JAVA 25+
//RUNTIME_OPTIONS -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED
//SOURCES ../../rpkai.java
//SOURCES ../support/GatewayPart.java

/// Measures how fast a store with a million calls answers: 200 people with two agents and four models, sessions
/// of twenty to forty calls, over thirty days. Every question is asked five times; the median counts.
///
///     ./jbang tests/bench/Usage.java                                    # SQLite, in a folder of its own
///     ./jbang tests/bench/Usage.java --calls 100000
///     PGPASSWORD=… ./jbang tests/bench/Usage.java --store postgresql://rpkai@127.0.0.1/bench
final class Usage {
    private static final Instant NOW = Instant.parse("2026-11-22T12:34:56Z");
    private static final String[] MODELS = {"claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "gpt-6.1-sol"};

    private Usage() {}

    public static void main(String... args) throws Exception {
        var words = Arrays.asList(args);
        int calls = words.contains("--calls") ? Integer.parseInt(words.get(words.indexOf("--calls") + 1)) : 1_000_000;
        var file = Files.createTempDirectory("rpkai-usage-bench").resolve("usage.db");
        Database database = words.contains("--store")
                ? UsageDatabase.postgres(
                        URI.create(words.get(words.indexOf("--store") + 1)),
                        Optional.ofNullable(System.getenv("PGPASSWORD")).map(Secret::new))
                : UsageDatabase.sqlite(file);
        fill(database, calls);
        if (Files.exists(file)) System.out.printf("%-44s %d MB%n", "file", Files.size(file) >> 20);
        ask(database);
        System.exit(0);
    }

    private static void fill(Database database, int calls) {
        var random = new Random(1);
        var begin = System.nanoTime();
        try (var store = UsageStore.open(database, Prices.list(), InstantSource.fixed(NOW), System.err::println)) {
            var pause = Duration.ofDays(30).toMillis() / calls;
            for (int i = 0, session = 0; i < calls; session++) {
                // A session: twenty to forty calls in a quarter of an hour, most of one model.
                int user = random.nextInt(200),
                        length = Math.min(calls - i, 20 + random.nextInt(20)),
                        favourite = random.nextInt(MODELS.length);
                for (int k = 0; k < length; k++, i++) {
                    var model = MODELS[k % 8 == 7 ? 2 : favourite];
                    var type = model.startsWith("gpt") ? "openai" : "anthropic";
                    store.accept(new Call(
                            NOW.minusMillis(pause * (calls - i)).minusSeconds(900 - k * 25L),
                            new Call.Origin(
                                    "user%d@example.com".formatted(user),
                                    favourite == 3 ? "codex" : "claude-code",
                                    "session-" + session),
                            new Call.Destination(type, type, model),
                            new Call.Outcome(
                                    random.nextInt(50) == 0 ? 529 : 200,
                                    Duration.ofMillis(random.nextInt(40_000)),
                                    Optional.of(Duration.ofMillis(random.nextInt(3000))),
                                    true),
                            Call.Consumption.of(new lib.usage.Usage(
                                    random.nextInt(3000),
                                    random.nextInt(2000),
                                    random.nextInt(60_000),
                                    random.nextInt(900),
                                    0,
                                    0))));
                    if (i % 50_000 == 49_999 && !store.flush(Duration.ofMinutes(5)))
                        throw new IllegalStateException("not written in time");
                }
            }
            store.flush(Duration.ofMinutes(5));
        }
        System.out.printf("%-44s %.0f calls/s%n", "written", calls / ((System.nanoTime() - begin) / 1e9));
    }

    private static void ask(Database database) {
        var questions = new LinkedHashMap<String, UsageQuery>();
        questions.put(
                "the last hour by model, a point a minute",
                UsageQuery.of(Window.last(Duration.ofHours(1), NOW))
                        .withDimension(Dimension.MODEL)
                        .withStep(Duration.ofMinutes(1)));
        questions.put(
                "the last day by user, a point an hour",
                UsageQuery.of(Window.last(Duration.ofDays(1), NOW))
                        .withDimension(Dimension.USER)
                        .withStep(Duration.ofHours(1))
                        .withComparison());
        questions.put(
                "the last week by model, compared",
                UsageQuery.of(Window.last(Duration.ofDays(7), NOW))
                        .withDimension(Dimension.MODEL)
                        .withStep(Duration.ofHours(6))
                        .withComparison());
        questions.put(
                "thirty days by user, compared",
                UsageQuery.of(Window.last(Duration.ofDays(30), NOW))
                        .withDimension(Dimension.USER)
                        .withStep(Duration.ofDays(1))
                        .withComparison());
        questions.put(
                "thirty days by session",
                UsageQuery.of(Window.last(Duration.ofDays(30), NOW)).withDimension(Dimension.SESSION));
        questions.put(
                "thirty days of one user by model",
                UsageQuery.of(Window.last(Duration.ofDays(30), NOW))
                        .withFilter(Dimension.USER, "user7@example.com")
                        .withDimension(Dimension.MODEL));
        try (var reports = UsageReports.of(database)) {
            questions.forEach((name, question) -> {
                var times = new long[5];
                for (int i = 0; i < times.length; i++) {
                    var begin = System.nanoTime();
                    reports.answer(question);
                    times[i] = System.nanoTime() - begin;
                }
                Arrays.sort(times);
                System.out.printf("%-44s %d ms%n", name, times[2] / 1_000_000);
            });
        }
    }
}
