package tests.gateway.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.exchange.CallListener;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;
import lib.usage.pricing.Cost;
import lib.usage.pricing.Prices;
import lib.usage.report.UsageQuery;
import lib.usage.report.UsageTotals;
import lib.usage.report.Window;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageReports;
import lib.usage.store.UsageService;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;
import tests.support.Repository;

/// Answers of upstreams whose usage other gateways have counted wrongly, and what they come to in the store. Each
/// is made after a public bug report: `tests/usage/cases` has the upstream's bytes, and `cases.json` what is
/// asked and what is right.
class UsageCasesTest {
    private static final Path CASES = Repository.root().resolve("tests/usage/cases");
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    Path temp;

    /// One case; a report shows its name.
    record Case(JsonNode json) {
        static Stream<Case> all() throws IOException {
            return StreamSupport.stream(
                            TestGateway.JSON
                                    .readTree(CASES.resolve("cases.json").toFile())
                                    .spliterator(),
                            false)
                    .map(Case::new);
        }

        byte[] answer() {
            try {
                return Files.readAllBytes(CASES.resolve(json.path("answer").asText()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        ProviderType type() {
            return ProviderType.of(
                    "LLM_PROVIDER_TYPE_" + json.path("provider_type").asText().toUpperCase(Locale.ROOT));
        }

        @Override
        public String toString() {
            return json.path("case").asText();
        }
    }

    static Stream<Case> cases() throws IOException {
        return Case.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theUsageOfAnAnswerIsStored(Case it) throws Exception {
        var sums = stored(it);
        var tokens = sums.tokens();

        assertEquals(1, sums.requests());
        it.json.path("expected").properties().forEach(expected -> {
            var name = expected.getKey();
            switch (name) {
                case "input" -> assertEquals(expected.getValue().asLong(), tokens.input(), name);
                case "output" -> assertEquals(expected.getValue().asLong(), tokens.output(), name);
                case "cached_input" -> assertEquals(expected.getValue().asLong(), tokens.cachedInput(), name);
                case "cache_write_5m" -> assertEquals(expected.getValue().asLong(), tokens.cacheWrite5m(), name);
                case "cache_write_1h" -> assertEquals(expected.getValue().asLong(), tokens.cacheWrite1h(), name);
                case "reasoning" -> assertEquals(expected.getValue().asLong(), tokens.reasoning(), name);
                case "unpriced_calls" -> assertEquals(expected.getValue().asLong(), sums.unpriced(), name);
                case "cost_usd" ->
                    assertEquals(
                            0,
                            new BigDecimal(expected.getValue().asText())
                                    .compareTo(Cost.dollars(sums.cost().total())),
                            () -> name + " is " + Cost.dollars(sums.cost().total()));
                // A sentence that names the alternatives.
                case "or" -> {}
                default -> throw new IllegalStateException("nothing is known of " + name);
            }
        });
    }

    private UsageTotals stored(Case it) throws Exception {
        var told = new Semaphore(0);
        var database = UsageDatabase.sqlite(temp.resolve("usage.db"));
        try (var accounting = UsageService.open(database, Prices.list(), () -> NOW, warning -> {
                    throw new AssertionError(warning);
                });
                var upstream = new FakeUpstream(call -> call.write(it.answer()));
                var gateway = TestGateway.with(
                        config -> config.withUsage(accounting)
                                .withCallListener(new CallListener(_ -> told.release(), () -> NOW)),
                        provider(it.type(), upstream.url()))) {
            var answer = gateway.send(gateway.request(
                            "it/" + it.json.path("path").asText().replace(":", "%3A"))
                    .header("Content-Type", "application/json")
                    .header("Accept-Encoding", "gzip")
                    .POST(BodyPublishers.ofString(it.json.path("request").toString())));
            assertEquals(200, answer.statusCode(), answer.body());
            assertTrue(told.tryAcquire(2, TimeUnit.MINUTES), "no call was told");
        }
        try (var reports = UsageReports.of(database)) {
            return reports.answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW.plusSeconds(1))))
                    .total()
                    .sums();
        }
    }

    private static HostedProvider provider(ProviderType type, URI upstream) {
        return new HostedProvider(
                TestGateway.provider("it", type),
                new Upstream.Remote(upstream, new UpstreamAuth.Key("Authorization", "Bearer ", new Secret("k"))));
    }
}
