package tests.gateway.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.database.Database;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.exchange.CallListener;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.pricing.Cost;
import lib.usage.pricing.Prices;
import lib.usage.report.Dimension;
import lib.usage.report.UsageQuery;
import lib.usage.report.UsageReport;
import lib.usage.report.Window;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageReports;
import lib.usage.store.UsageService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.gateway.TestGateway;
import tests.support.upstream.RecordingUpstream;

/// An hour of real Claude Code 2.1.330 and Codex 0.169.0, replayed: on 2026-11-22 from 07:51:23 to 08:51:27 UTC
/// they sent 583 requests in 114 sessions through `rpkai gateway` to a scripted upstream, which kept its own
/// count (of characters, four to a token, with a cache for five minutes and one for an hour, of the prefixes that
/// the agents marked). Tools, subagents, a session of an hour with pauses that outlived its cache, errors and
/// retries, streams that were cut and agents that were stopped are in it, on Anthropic's wire, Bedrock's and
/// OpenAI's. Prompts are left out of the recording, and of each piece of text all but the first three deltas.
class RecordedHourTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final UsageQuery LAST_HOUR = UsageQuery.of(Window.last(Duration.ofHours(1), NOW.plusSeconds(1)));
    private static final String NUMBER = "x-recorded-call";
    private static final int CALLS_RECORDED = 583;
    /// The sum of the hand calculation's lines.
    private static final String TOTAL = "8.16835425";

    @TempDir
    static Path temp;

    private static final List<RecordedCall> RECORDED = RecordedCall.read("recorded-hour.jsonl.gz");
    private static final List<Call> TOLD = new ArrayList<>();
    private static final BlockingQueue<Call> CALLS = new LinkedBlockingQueue<>();

    @BeforeAll
    static void replay() throws Exception {
        var warnings = new CopyOnWriteArrayList<String>();
        try (var accounting = UsageService.open(database(), Prices.list(), () -> NOW, warnings::add);
                var upstream = RecordingUpstream.start();
                var gateway = TestGateway.with(
                        config ->
                                config.withUsage(accounting).withCallListener(new CallListener(CALLS::add, () -> NOW)),
                        providers(upstream.url()))) {
            upstream.handle(
                    call -> RECORDED.get(Integer.parseInt(call.header(NUMBER).orElseThrow()))
                            .reply());
            for (int i = 0; i < RECORDED.size(); i++) {
                send(gateway, i, RECORDED.get(i));
                TOLD.add(CALLS.poll(2, TimeUnit.MINUTES));
            }
        }
        // One that is counted twice would be one too many here.
        assertEquals(List.of(), List.copyOf(CALLS));
        assertEquals(List.of(), warnings);
    }

    @AfterAll
    static void forget() {
        TOLD.clear();
    }

    @Test
    void everyCallHasTheUpstreamsOwnCount() {
        for (int i = 0; i < RECORDED.size(); i++) {
            var recorded = RECORDED.get(i);
            var told = TOLD.get(i);
            var what = "call %d, %s %s".formatted(i + 1, recorded.model(), recorded.end());

            assertEquals(recorded.expected(), told.usage(), what);
            assertEquals(recorded.model(), told.model(), what);
            assertEquals(recorded.type(), told.type(), what);
            assertEquals(recorded.session(), told.session(), what);
            assertEquals(
                    recorded.isCodex() ? "codex" : "claude-code", told.agent().replaceFirst("_.*", ""), what);
            assertEquals(recorded.status(), told.status(), what);
            assertEquals(recorded.end().equals("end"), told.complete(), what);
            if (!recorded.expected().equals(recorded.counted()))
                assertEquals(Measured.ESTIMATED, told.measured(), what);
        }
    }

    @ParameterizedTest
    @CsvSource({"MODEL", "PROVIDER", "SESSION", "AGENT"})
    void storedUsageAddsUpToTheUpstreamsOwnCount(Dimension by) {
        var expected = new TreeMap<String, Usage>();
        var requests = new HashMap<String, Long>();
        for (int i = 0; i < RECORDED.size(); i++) {
            var recorded = RECORDED.get(i);
            var key = switch (by) {
                case MODEL -> recorded.model();
                case PROVIDER -> recorded.type();
                case SESSION -> recorded.session();
                default -> TOLD.get(i).agent();
            };
            expected.merge(key, recorded.expected(), Usage::plus);
            requests.merge(key, 1L, Long::sum);
        }

        var rows = report(LAST_HOUR.withDimension(by).withRows(1000)).rows();

        var stored = new TreeMap<String, Usage>();
        rows.forEach(row -> stored.put(row.key(), row.sums().tokens()));
        assertEquals(expected, stored);
        rows.forEach(row -> assertEquals(requests.get(row.key()), row.sums().requests(), row.key()));
    }

    /// By hand: what the upstream counted, summed by kind, times the list price in dollars per million tokens.
    @ParameterizedTest
    @CsvSource({
        // 1303*40 + 147730*0.20 + 14157*16 = 308178 millionths of a dollar
        "claude-fable-5-2, 12, 0.30817800",
        // 4434*0.50 + 1518495*0.01 + 402776*0.125 = 67748.95 millionths of a dollar; 28 odd halves of a
        // microcent are rounded up prompts above 100,000: 323*2.50 + 445506*0.05 + 31332*0.625 = 42665.3
        // millionths of a dollar; 4 odd halves of a microcent are rounded up
        "claude-haiku-5-5, 80, 0.11041441",
        // 14550*20 + 3085614*0.20 + 283070*5 + 74615*8 = 2920392.8 millionths of a dollar; 47 of the output
        // are estimated
        "claude-opus-5-5, 225, 2.92039280",
        // 694*15 + 109875*0.30 + 110592*3.75 = 458092.5 millionths of a dollar
        "claude-sonnet-4-6, 15, 0.45809250",
        // 4744*10 + 444931*0.10 + 262095*2.50 = 747170.6 millionths of a dollar; 24 of the output are
        // estimated
        "claude-sonnet-5-5, 62, 0.74717060",
        // 735*20 + 124730*0.20 + 62675*5 = 353021 millionths of a dollar; 5 of the output are estimated
        "global.anthropic.claude-opus-5-5, 15, 0.35302100",
        // 48605*2.50 + 1221*15 = 139827.5 millionths of a dollar
        "gpt-5.4, 5, 0.13982750",
        // 1286*0.10 + 4090*0.50 + 154880*0.01 + 75785*0.125 = 13195.525 millionths of a dollar; 5 odd halves
        // of a microcent are rounded up
        "gpt-6-luna, 30, 0.01319555",
        // 1063*2 + 3110*10 + 128640*0.20 + 106406*2.50 = 324969 millionths of a dollar
        "gpt-6-sol, 20, 0.32496900",
        // 7659*2 + 4601*10 + 244224*0.10 + 245256*2.50 = 698890.4 millionths of a dollar
        "gpt-6.1-sol, 47, 0.69889040",
        // 2658*8 + 4501*40 + 175232*0.40 + 65168*10 = 923076.8 millionths of a dollar
        "gpt-6.2-astra, 24, 0.92307680",
        // 2761*16.50 + 632928*0.33 + 222231*4.125 = 1171125.615 millionths of a dollar; 15 odd halves of a
        // microcent are rounded up
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0, 48, 1.17112569"
    })
    void theCostOfEachModelIsThatOfAHandCalculation(String model, long requests, String dollars) {
        var row = report(LAST_HOUR.withDimension(Dimension.MODEL)).rows().stream()
                .filter(each -> each.key().equals(model))
                .findFirst()
                .orElseThrow();

        assertEquals(requests, row.sums().requests());
        assertEquals(dollars, Cost.dollars(row.sums().cost().total()).toPlainString());
        // Of a response that was cut nothing is known: OpenAI says what was used at its end.
        assertEquals(row.sums().unmeasured(), row.sums().unpriced());
        assertEquals(
                model.equals("gpt-6-luna") || model.equals("gpt-6.1-sol") ? 6 : 0,
                row.sums().unmeasured());
    }

    @Test
    void theCostOfAllIsThatOfAHandCalculation() {
        var total = report(LAST_HOUR).total().sums();

        assertEquals(CALLS_RECORDED, total.requests());
        assertEquals(TOTAL, Cost.dollars(total.cost().total()).toPlainString());
    }

    private static UsageReport report(UsageQuery question) {
        try (var reports = UsageReports.of(database())) {
            return reports.answer(question);
        }
    }

    private static Database database() {
        return UsageDatabase.sqlite(temp.resolve("usage.db"));
    }

    private static void send(TestGateway gateway, int number, RecordedCall call) throws Exception {
        var request = gateway.request(call.type() + "/" + call.path())
                .header(NUMBER, String.valueOf(number))
                .header("Content-Type", "application/json")
                .header("User-Agent", call.agent())
                .header("Accept-Encoding", "gzip, br")
                .header(call.isCodex() ? "session-id" : "x-claude-code-session-id", call.session())
                .POST(BodyPublishers.ofString(call.request().toString()));
        try (var answer = gateway.stream(request).body()) {
            if (call.end().equals("left")) answer.readNBytes(call.reply().bytes().length);
            else answer.transferTo(OutputStream.nullOutputStream());
        } catch (IOException cut) {
            assertEquals("cut", call.end(), cut::toString);
        }
    }

    private static HostedProvider[] providers(String url) {
        return new HostedProvider[] {
            TestGateway.anthropic(URI.create(url)),
            TestGateway.openAi(URI.create(url + "/v1")),
            new HostedProvider(
                    TestGateway.provider("bedrock", ProviderType.BEDROCK),
                    new Upstream.Remote(
                            URI.create(url), new UpstreamAuth.Key("Authorization", "Bearer ", new Secret("k"))))
        };
    }
}
