package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Host;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.demo.DemoScript;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.ui.UsagePage;
import lib.gateway.upstream.Upstream;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Eventually;
import tests.support.Repository;

/// The Cost & Usage page in real headless Chromium, every control used once (page/page.mjs), and what was on the
/// screen held against the store.
@Tag("e2e")
class UsagePageBrowserTest {
    private static final String PLAYWRIGHT = "playwright-core@1.65.1";
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    static Path temp;

    private static JsonNode seen;
    private static final Map<Dimension, UsageReport> STORED = new TreeMap<>();

    @BeforeAll
    static void useIt() throws Exception {
        var chromium = chromium();
        var folder = installed();
        var clock = InstantSource.system();
        var database = UsageDatabase.sqlite(temp.resolve("usage.db"));
        Authenticator ada = token -> token.equals("grace")
                ? Optional.of(new Caller("grace@example.com", Caller.Role.USER))
                : Optional.empty();
        try (var accounting = UsageService.open(database, Prices.list(), clock, warning -> {});
                var none = UsageReports.of(UsageDatabase.sqlite(temp.resolve("none.db")))) {
            calls(clock.instant()).forEach(accounting.calls());
            var stored = UsageQuery.of(Window.last(DAY, clock.instant()));
            var demo = new HostedProvider(Provider.of("demo", ProviderType.ANTHROPIC), new Upstream.Demo());
            try (var open = gateway(
                            accounting.reports(), Authenticator.ANYONE, config -> config.withUsage(accounting), demo);
                    var closed = gateway(accounting.reports(), ada, config -> config);
                    var empty = gateway(none, Authenticator.ANYONE, config -> config)) {
                awaitCalls(accounting.reports(), stored);
                for (var by : Dimension.values())
                    STORED.put(by, accounting.reports().answer(stored.withDimension(by)));
                var node = new ProcessBuilder("node", "page.mjs").directory(folder.toFile());
                node.environment()
                        .putAll(Map.of(
                                "OPEN",
                                open.baseUrl().toString(),
                                "CLOSED",
                                closed.baseUrl().toString(),
                                "EMPTY",
                                empty.baseUrl().toString(),
                                "CHROMIUM",
                                chromium.toString(),
                                "TOKEN",
                                "grace"));
                var ended = Agents.run(node);
                assertEquals(0, ended.exitCode(), ended.err());
                seen = new ObjectMapper().readTree(ended.out());
            }
        }
    }

    @AfterAll
    static void forget() {
        seen = null;
        STORED.clear();
    }

    @Test
    void theConsoleIsSilent() {
        assertEquals("[]", seen.path("console").toString());
    }

    @Test
    void noOtherHostIsAsked() {
        assertEquals("[]", seen.path("foreign").toString());
    }

    @Test
    void nothingHangsOverTheEdge() {
        assertEquals("[]", seen.path("overflow").toString());
    }

    @Test
    void theTotalsAreTheStores() {
        var total = STORED.get(Dimension.MODEL).total().sums();

        assertEquals(
                dollars(total.cost().total(), 2), seen.path("tiles").path(0).asText());
        assertEquals(
                "%,d".formatted(total.requests()), seen.path("tiles").path(1).asText());
        assertEquals(
                "1 request unpriced, 1 not measured", seen.path("spendNote").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"provider", "model", "user", "agent", "session"})
    void eachPartIsTheStores(String by) {
        var expected = STORED.get(Dimension.of(by).orElseThrow()).rows().stream()
                .map(row -> {
                    var sums = row.sums();
                    var cost = sums.unpriced() == sums.requests()
                            ? "No price is known for this usage"
                            : dollars(sums.cost().total(), 8)
                                    + (sums.unpriced() == 0
                                            ? ""
                                            : sums.unmeasured() > 0
                                                    ? ", and 1 not measured"
                                                    : ", and 1 request unpriced");
                    return "%s | %s | %d"
                            .formatted(row.key().isEmpty() ? "no " + by : row.key(), cost, sums.requests());
                })
                .toList();
        var shown = seen.path("by")
                .path(by)
                .path("rows")
                .valueStream()
                .map(row -> "%s | %s | %s"
                        .formatted(
                                row.path("name").asText(),
                                row.path("cost").asText(),
                                row.path("cells").path(3).asText()))
                .toList();

        assertEquals(expected, shown);
    }

    @ParameterizedTest
    @CsvSource({"requests, Requests by model", "tokens, Tokens by model", "cost, Spend by model"})
    void theChartShowsTheDataOfTheStore(String measure, String title) {
        var expected = new TreeMap<String, Long>();
        for (var row : STORED.get(Dimension.MODEL).rows()) {
            var sums = row.sums();
            expected.put(
                    row.key(),
                    measure.equals("requests")
                            ? sums.requests()
                            : measure.equals("tokens")
                                    ? sums.tokens().total()
                                    : sums.cost().total());
        }
        var drawn = new TreeMap<String, Long>();
        for (var set : seen.path("measures").path(measure).path("drawn"))
            if (!set.path(0).asText().equals("Previous period"))
                drawn.put(set.path(0).asText(), set.path(1).asLong());

        assertEquals(expected, drawn);
        assertEquals(title, seen.path("measures").path(measure).path("title").asText());
        assertEquals("true", seen.path("measures").path(measure).path("pressed").asText());
    }

    @Test
    void kindsOfTokensAddUpToAllOfThem() {
        long drawn = 0;
        for (var set : seen.path("by").path("kind").path("drawn"))
            if (!set.path(0).asText().equals("Previous period"))
                drawn += set.path(1).asLong();

        assertEquals(STORED.get(Dimension.KIND).total().sums().cost().total(), drawn);
        assertEquals("?by=kind", seen.path("by").path("kind").path("address").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "1h, 5, ?window=1h",
        "6h, 6, ?window=6h",
        "24h, 7, ''",
        "7d, 8, ?window=7d",
        "30d, 9, ?window=30d",
        "90d, 10, ?window=90d",
        "1y, 11, ?window=1y"
    })
    void eachWindowHasItsCalls(String window, String requests, String address) {
        assertEquals(
                requests, seen.path("windows").path(window).path("requests").asText());
        assertEquals(address, seen.path("windows").path(window).path("address").asText());
        assertTrue(
                seen.path("windows").path(window).path("said").asText().contains(requests + " requests"),
                seen.path("windows").toString());
    }

    @Test
    void theEarlierPeriodIsComparedUnlessTurnedOff() {
        assertEquals("▲ 600 %", seen.path("change").asText());
        assertTrue(seen.path("columns").toString().contains("Change"));
        assertFalse(seen.path("columnsAlone").toString().contains("Change"));
    }

    @Test
    void theTableIsSortedByTheClickedColumn() {
        assertEquals("descending", seen.path("sorted").path("sort").asText());
        assertEquals(
                "claude-haiku-4-5-20251001",
                seen.path("sorted").path("rows").path(0).asText());
        var names =
                seen.path("sortedByName").valueStream().map(JsonNode::asText).toList();
        assertEquals(names.stream().sorted().toList(), names);
    }

    @Test
    void filtersNarrowTheReportAndAreInTheAddress() {
        assertEquals("2", seen.path("filtered").path("requests").asText());
        assertEquals(
                "?user=grace%40example.com",
                seen.path("filtered").path("address").asText());
        assertEquals(1, seen.path("filteredTwice").path("rows").asInt());
        assertTrue(
                seen.path("filteredTwice").path("address").asText().contains("model="),
                seen.path("filteredTwice").toString());
        assertEquals(2, seen.path("reloaded").asInt());
        assertEquals(1, seen.path("back").asInt());
        assertEquals("7", seen.path("unfiltered").asText());
    }

    @Test
    void hoverKeyboardAndTableShowTheTotalOfAStep() {
        assertTrue(
                seen.path("tooltip").toString().contains("claude-haiku-4-5-20251001"),
                seen.path("tooltip").toString());
        assertTrue(
                seen.path("readout").asText().contains("claude-haiku-4-5-20251001"),
                seen.path("readout").asText());
        assertEquals(2, seen.path("numbers").size());
    }

    @Test
    void theFileHasExactAmountsAndNoFormula() {
        var csv = seen.path("csv").asText();
        var haiku = STORED.get(Dimension.MODEL).rows().stream()
                .filter(row -> row.key().startsWith("claude-haiku"))
                .findFirst()
                .orElseThrow()
                .sums();

        assertTrue(
                csv.contains(",claude-haiku-4-5-20251001,%d,".formatted(haiku.requests()))
                        && csv.contains(dollars(haiku.cost().total(), 8).substring(1)),
                csv);
        assertTrue(csv.contains(",'=a model without a price,1,"), csv);
        assertTrue(
                seen.path("csvName").asText().matches("usage-by-model-\\d{4}-\\d\\d-\\d\\d\\.csv"),
                seen.path("csvName").asText());
    }

    @Test
    void coloursFollowTheSwitchAndTheSystem() {
        var colours = seen.path("colours");
        assertNotEquals(colours.path("dark"), colours.path("light"));
        assertEquals(colours.path("light"), colours.path("system"));
        assertEquals(colours.path("dark"), colours.path("dark-390"));
    }

    @Test
    void daysCanBeChosen() {
        assertEquals(
                "The period ends before it starts.", seen.path("customWrong").asText());
        assertEquals(
                "?window=custom&from=2024-01-02&to=2024-01-03",
                seen.path("custom").path("address").asText());
        assertEquals(
                "No calls in this period", seen.path("custom").path("title").asText());
    }

    @Test
    void aNewCallAppearsOnTheOpenPage() {
        assertEquals("[\"5\",\"6\"]", seen.path("live").toString());
        assertEquals("Paused", seen.path("paused").asText());
    }

    @Test
    void callsOfTheDemoModelAreFree() {
        assertEquals("[\"free\",\"free\"]", seen.path("demo").toString());
    }

    @Test
    void aLongTableIsFoldedAndUnfoldsByTheKeyboard() {
        assertEquals(21, seen.path("folded").path("rows").asInt());
        assertEquals("40 more", seen.path("folded").path("last").path("name").asText());
        // Of 1000 to 1059, sorted the largest first, those from 1039 down.
        assertEquals(
                "40,780", seen.path("folded").path("last").path("cells").path(3).asText());
        assertEquals("false", seen.path("folded").path("expanded").asText());

        assertEquals(61, seen.path("unfolded").path("rows").asInt());
        assertEquals("true", seen.path("unfolded").path("expanded").asText());
        assertEquals("part-39", seen.path("unfolded").path("focused").asText());

        assertEquals(21, seen.path("foldedAgain").path("rows").asInt());
        assertEquals("40 more", seen.path("foldedAgain").path("focused").asText());
    }

    @Test
    void aUserWithoutASignInIsToldHowToSignIn() {
        assertTrue(
                seen.path("signedOut").path("text").asText().contains("rpkai ui"),
                seen.path("signedOut").toString());
        assertFalse(seen.path("signedOut").path("shown").asBoolean());
        assertTrue(
                seen.path("usedTwice").asText().contains("was already used"),
                seen.path("usedTwice").asText());
    }

    @Test
    void aCodeBecomesASessionThatNoScriptSeesAndLeavesTheAddress() {
        var in = seen.path("signedIn");

        assertTrue(in.path("address").asText().endsWith("/ui?by=user"), in.toString());
        assertEquals("[\"grace@example.com\"]", in.path("rows").toString());
        assertEquals("", in.path("script").asText());
        assertEquals(
                "[{\"httpOnly\":true,\"sameSite\":\"Strict\",\"path\":\"/ui\"}]",
                in.path("cookies").toString());
    }

    @Test
    void anEmptyPageSuggestsACommandToRun() {
        assertTrue(
                seen.path("empty").asText().contains("rpkai run claude"),
                seen.path("empty").asText());
    }

    private static Stream<Call> calls(Instant now) {
        return Stream.of(
                call(
                        now.minusSeconds(60),
                        "anthropic",
                        "claude-haiku-4-5-20251001",
                        "ada@example.com",
                        "claude-code",
                        new Usage(1200, 300, 9000, 400, 50, 0),
                        200),
                call(
                        now.minusSeconds(61),
                        "anthropic",
                        "claude-haiku-4-5-20251001",
                        "ada@example.com",
                        "claude-code",
                        Usage.NONE,
                        200,
                        Measured.UNMEASURED),
                call(
                        now.minusSeconds(62),
                        "anthropic",
                        "claude-haiku-4-5-20251001",
                        "grace@example.com",
                        "claude-code",
                        new Usage(70_000, 5000, 0, 0, 0, 0),
                        200),
                call(
                        now.minusSeconds(63),
                        "openai",
                        "gpt-5",
                        "grace@example.com",
                        "codex",
                        new Usage(500, 900, 2000, 0, 0, 640),
                        200),
                call(
                        now.minusSeconds(64),
                        "local",
                        "=a model without a price",
                        "linus@example.com",
                        "",
                        new Usage(10, 20, 0, 0, 0, 0),
                        200),
                call(
                        now.minusSeconds(3 * 3600),
                        "anthropic",
                        "claude-haiku-4-5-20251001",
                        "linus@example.com",
                        "claude-code",
                        Usage.NONE,
                        529),
                call(
                        now.minusSeconds(12 * 3600),
                        "anthropic",
                        "claude-haiku-4-5-20251001",
                        "linus@example.com",
                        "claude-code",
                        new Usage(333, 44, 0, 0, 0, 0),
                        200),
                old(now.minus(Duration.ofHours(36))),
                old(now.minus(Duration.ofDays(10))),
                old(now.minus(Duration.ofDays(60))),
                old(now.minus(Duration.ofDays(200))));
    }

    private static Call old(Instant time) {
        return call(
                time,
                "anthropic",
                "claude-haiku-4-5-20251001",
                "ada@example.com",
                "claude-code",
                new Usage(100, 10, 0, 0, 0, 0),
                200);
    }

    private static Call call(
            Instant time, String provider, String model, String caller, String agent, Usage usage, int status) {
        return call(time, provider, model, caller, agent, usage, status, Measured.MEASURED);
    }

    private static Call call(
            Instant time,
            String provider,
            String model,
            String caller,
            String agent,
            Usage usage,
            int status,
            Measured measured) {
        return new Call(
                time,
                new Call.Origin(caller, agent, "session-of-" + caller),
                new Call.Destination(provider, provider.equals("local") ? "openai" : provider, model),
                new Call.Outcome(status, Duration.ofMillis(900), Optional.of(Duration.ofMillis(200)), true),
                Call.Consumption.of(usage, measured));
    }

    private static void awaitCalls(UsageReports reports, UsageQuery question) {
        Eventually.holds(
                () -> reports.answer(question).total().sums().requests() >= 7,
                Duration.ofMinutes(2),
                () -> "the calls were not written");
    }

    private static EmbeddedGateway gateway(
            UsageReports reports,
            Authenticator callers,
            UnaryOperator<GatewayConfig> change,
            HostedProvider... providers) {
        var page = new UsagePage(
                reports, callers, PublicEndpoint.plain(), InstantSource.system(), List.of("rpkai run claude"));
        return EmbeddedGateway.start(change.apply(GatewayConfig.local(List.of(providers), callers)
                .withDemoScript(DemoScript.standard(), () -> {})
                .withPublicEndpoint(PublicEndpoint.plain().showing(page))));
    }

    /// `$1.05`, rounded as people do.
    private static String dollars(long microcents, int digits) {
        return "$"
                + Cost.dollars(microcents)
                        .setScale(digits, RoundingMode.HALF_UP)
                        .toPlainString();
    }

    private static Path chromium() {
        return Stream.of(
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome",
                        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> Assumptions.abort("there is no Chromium on this machine (apt-get install chromium)"));
    }

    /// Playwright without its browsers, installed when it is not there yet.
    private static Path installed() throws IOException {
        var folder = Host.system().cache().resolveSibling("rpkai-tests").resolve(PLAYWRIGHT.replace('@', '-'));
        if (!Files.exists(folder.resolve("installed"))) {
            Files.createDirectories(folder);
            var npm = Agents.run(new ProcessBuilder(
                    "npm",
                    "install",
                    "--prefix",
                    folder.toString(),
                    "--no-audit",
                    "--no-fund",
                    "--loglevel=error",
                    PLAYWRIGHT));
            Assumptions.assumeTrue(npm.exitCode() == 0, "npm can't install Playwright: " + npm.err());
            Files.createFile(folder.resolve("installed"));
        }
        Files.copy(
                Repository.root().resolve("tests/e2e/page/page.mjs"),
                folder.resolve("page.mjs"),
                StandardCopyOption.REPLACE_EXISTING);
        return folder;
    }
}
