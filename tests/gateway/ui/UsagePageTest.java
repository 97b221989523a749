package tests.gateway.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.access.Caller.Role;
import lib.gateway.config.GatewayConfig;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.ui.UsagePage;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.pricing.Prices;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageReports;
import lib.usage.store.UsageStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The page's side of the gateway: its files, who sees what, and how a browser signs in.
class UsagePageTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String DAY = "/ui/report?by=model&last=24h&step=1h";

    @TempDir
    static Path folder;

    private static UsageReports reports;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final Set<String> signedOut = ConcurrentHashMap.newKeySet();
    private final HttpClient client = HttpClient.newHttpClient();
    private EmbeddedGateway gateway;

    @BeforeAll
    static void recordTwoPeople() {
        var database = UsageDatabase.sqlite(folder.resolve("usage.db"));
        try (var store = UsageStore.open(database, Prices.list(), () -> NOON, warning -> {})) {
            store.accept(call(NOON.minusSeconds(5400), "claude-haiku-4-5-20251001", "ada@example.com", 1000));
            store.accept(call(NOON.minusSeconds(60), "claude-haiku-4-5-20251001", "grace@example.com", 20));
            store.accept(call(NOON.minusSeconds(30), "a-model-without-a-price", "grace@example.com", 3));
            store.accept(unmeasured(NOON.minus(Duration.ofHours(50)), "eve@example.com"));
            store.accept(call(NOON.minus(Duration.ofHours(30)), "claude-haiku-4-5-20251001", "ada@example.com", 400));
            assertTrue(store.flush(Duration.ofMinutes(2)));
        }
        reports = UsageReports.of(database);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @AfterAll
    static void close() {
        reports.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ui", "/ui/page.js", "/ui/charts.js", "/ui/page.css", "/ui/icon.svg"})
    void itsFilesComeFromHereAndMayLoadNothingFromElsewhere(String path) throws Exception {
        serve(Authenticator.ANYONE, PublicEndpoint.plain());

        var file = get(path);

        assertEquals(200, file.statusCode());
        var policy = file.headers().firstValue("content-security-policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals(
                304,
                client.send(
                                request(path)
                                        .header(
                                                "If-None-Match",
                                                file.headers()
                                                        .firstValue("etag")
                                                        .orElseThrow())
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode());
    }

    @Test
    void aGatewayWithoutSignInShowsEverything() throws Exception {
        serve(Authenticator.ANYONE, PublicEndpoint.plain());

        var report = json(get(DAY));

        assertEquals(3, report.path("total").path("requests").asInt());
        assertEquals(1023, report.path("total").path("tokens").path("input").asInt());
        assertEquals(
                102_000,
                report.path("total").path("cost").path("total").asLong(),
                "1,020 tokens at a dollar the million");
        assertEquals(1, report.path("total").path("unpriced").asInt());
    }

    @Test
    void unmeasuredCallsAreCountedSeparately() throws Exception {
        serve(Authenticator.ANYONE, PublicEndpoint.plain());

        var total = json(get("/ui/report?by=user&last=7d&step=1d&user=eve@example.com"))
                .path("total");

        assertEquals(
                "1 1 1 0",
                "%s %s %s %s"
                        .formatted(
                                total.path("requests"),
                                total.path("unpriced"),
                                total.path("unmeasured"),
                                total.path("estimated")));
    }

    private static Call unmeasured(Instant time, String caller) {
        return new Call(
                time,
                new Call.Origin(caller, "claude-code", "s"),
                new Call.Destination("anthropic", "anthropic", "claude-haiku-4-5-20251001"),
                new Call.Outcome(200, Duration.ofMillis(900), Optional.empty(), true),
                Call.Consumption.of(Usage.NONE, Measured.UNMEASURED));
    }

    @Test
    void theCourseOfEachPartAddsUpToIt() throws Exception {
        serve(Authenticator.ANYONE, PublicEndpoint.plain());

        var series = json(get(DAY + "&measure=tokens")).path("series");

        assertEquals("claude-haiku-4-5-20251001", series.path(0).path("key").asText());
        assertEquals(List.of(1000, 20), nonZero(series.path(0).path("values")));
        assertEquals(List.of(3), nonZero(series.path(1).path("values")));
    }

    @Test
    void itIsComparedWithTheSameTimeOnePeriodEarlier() throws Exception {
        serve(Authenticator.ANYONE, PublicEndpoint.plain());

        var report = json(get(DAY + "&compare=true&measure=requests"));

        assertEquals(1, report.path("total").path("before").path("requests").asInt());
        assertEquals(
                400,
                report.path("rows")
                        .path(0)
                        .path("before")
                        .path("tokens")
                        .path("input")
                        .asInt());
        assertEquals(List.of(1), nonZero(report.path("seriesBefore")));
    }

    @Test
    void aWordThatAsksForNothingIsTheBrowsersMistake() throws Exception {
        serve(Authenticator.ANYONE, PublicEndpoint.plain());

        assertEquals(400, get("/ui/report?by=colour").statusCode());
        assertEquals(400, get("/ui/report?measure=colour").statusCode());
    }

    @Test
    void aBrowserThatIsNotSignedInSeesNothing() throws Exception {
        serve(this::caller, PublicEndpoint.plain());

        assertEquals(401, get(DAY).statusCode());
        assertEquals(401, get(DAY, "rpkai-ui=guess").statusCode());
        assertEquals(
                401,
                client.send(
                                request("/ui/code")
                                        .header("Authorization", "Bearer guess")
                                        .POST(BodyPublishers.noBody())
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode());
    }

    @Test
    void anAdminSeesEverybodys() throws Exception {
        serve(this::caller, PublicEndpoint.plain());

        var report = json(get(DAY, cookie(open(code("admin")))));

        assertEquals(3, report.path("total").path("requests").asInt());
        assertTrue(report.path("caller").path("admin").asBoolean());
    }

    @Test
    void othersSeeTheirOwnWhateverTheyAskFor() throws Exception {
        serve(this::caller, PublicEndpoint.plain());
        var cookie = cookie(open(code("grace")));

        assertEquals(2, json(get(DAY, cookie)).path("total").path("requests").asInt());
        assertEquals(
                2,
                json(get(DAY + "&user=ada@example.com", cookie))
                        .path("total")
                        .path("requests")
                        .asInt());
    }

    @Test
    void theSessionIsForNoScriptAndNoOtherSite() throws Exception {
        serve(this::caller, PublicEndpoint.plain());
        var plain = open(code("grace")).headers().firstValue("set-cookie").orElseThrow();
        gateway.close();
        serve(this::caller, PublicEndpoint.plain().at(URI.create("https://aigw.example.com/ai")));
        var secure = open(code("grace")).headers().firstValue("set-cookie").orElseThrow();

        assertTrue(plain.matches("rpkai-ui=[\\w-]{43}; Path=/ui; HttpOnly; SameSite=Strict"), plain);
        assertTrue(
                secure.matches("__Secure-rpkai-ui=[\\w-]{43}; Path=/ai/ui; HttpOnly; SameSite=Strict; Secure"), secure);
    }

    @Test
    void aCodeUsedTwiceEndsItsSession() throws Exception {
        serve(this::caller, PublicEndpoint.plain());
        var code = code("grace");
        var cookie = cookie(open(code));
        assertEquals(200, get(DAY, cookie).statusCode());

        assertEquals(403, open(code).statusCode());

        assertEquals(401, get(DAY, cookie).statusCode());
    }

    @Test
    void aCodeIsGoodForAMinute() throws Exception {
        serve(this::caller, PublicEndpoint.plain());
        var code = code("grace");

        now.set(NOON.plusSeconds(60));

        assertEquals(403, open(code).statusCode());
    }

    @Test
    void aSessionEndsWithTheTokenItCameFrom() throws Exception {
        serve(this::caller, PublicEndpoint.plain());
        var cookie = cookie(open(code("grace")));

        signedOut.add("grace");

        assertEquals(401, get(DAY, cookie).statusCode());
    }

    @Test
    void signingOutEndsTheSession() throws Exception {
        serve(this::caller, PublicEndpoint.plain());
        var cookie = cookie(open(code("grace")));

        client.send(
                fromThePage(request("/ui/session"))
                        .header("Cookie", cookie)
                        .DELETE()
                        .build(),
                BodyHandlers.discarding());

        assertEquals(401, get(DAY, cookie).statusCode());
    }

    @Test
    void anotherSiteCannotSignAUserIn() throws Exception {
        serve(this::caller, PublicEndpoint.plain());
        var code = code("grace");

        var foreign = client.send(
                request("/ui/session")
                        .header("Sec-Fetch-Site", "cross-site")
                        .header("X-Rpkai-Page", "usage")
                        .POST(BodyPublishers.ofString(code))
                        .build(),
                BodyHandlers.discarding());
        var form = client.send(
                request("/ui/session").POST(BodyPublishers.ofString(code)).build(), BodyHandlers.discarding());

        assertEquals(List.of(403, 403), List.of(foreign.statusCode(), form.statusCode()));
        assertEquals(200, open(code).statusCode());
    }

    private Optional<Caller> caller(String token) {
        return signedOut.contains(token)
                ? Optional.empty()
                : Optional.ofNullable(Map.of(
                                "admin",
                                new Caller("ada@example.com", Role.ADMIN),
                                "grace",
                                new Caller("grace@example.com", Role.USER))
                        .get(token));
    }

    private void serve(Authenticator callers, PublicEndpoint front) {
        gateway = EmbeddedGateway.start(GatewayConfig.local(List.of(), callers)
                .withPublicEndpoint(
                        front.showing(new UsagePage(reports, callers, front, now::get, List.of("rpkai run claude")))));
    }

    private String code(String token) throws IOException, InterruptedException {
        return json(client.send(
                        request("/ui/code")
                                .header("Authorization", "Bearer " + token)
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString()))
                .path("code")
                .asText();
    }

    private HttpResponse<String> open(String code) throws IOException, InterruptedException {
        return client.send(
                fromThePage(request("/ui/session"))
                        .POST(BodyPublishers.ofString(code))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder fromThePage(HttpRequest.Builder request) {
        return request.header("Sec-Fetch-Site", "same-origin").header("X-Rpkai-Page", "usage");
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
    }

    private HttpResponse<String> get(String path, String... cookie) throws IOException, InterruptedException {
        var request = request(path);
        for (var each : cookie) request.header("Cookie", each);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(gateway.baseUrl() + path));
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        assertEquals(200, answer.statusCode(), answer.body());
        return new ObjectMapper().readTree(answer.body());
    }

    private static List<Integer> nonZero(JsonNode values) {
        return values.valueStream()
                .map(JsonNode::asInt)
                .filter(value -> value != 0)
                .toList();
    }

    private static Call call(Instant time, String model, String caller, int input) {
        return new Call(
                time,
                new Call.Origin(caller, "claude-code", "s"),
                new Call.Destination("anthropic", "anthropic", model),
                new Call.Outcome(200, Duration.ofMillis(900), Optional.empty(), true),
                Call.Consumption.of(new Usage(input, 0, 0, 0, 0, 0)));
    }
}
