package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import lib.providers.ProviderType;
import lib.usage.Call;
import lib.usage.Usage;
import lib.usage.budget.Budget;
import lib.usage.budget.Period;
import lib.usage.budget.Target;
import lib.usage.prices.Cost;
import lib.usage.prices.Prices;
import lib.usage.prices.Rates;
import lib.usage.store.Accounting;
import lib.usage.store.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Eventually;

/// Budgets, held against calls at a dollar a token.
class BudgetTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ASK = "{\"model\":\"claude-demo\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final String ADMIN = TestGateway.ADMIN_TOKEN;

    @TempDir
    Path temp;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));
    private final List<String> warnings = new ArrayList<>();
    private Accounting accounting;
    private TestGateway gateway;

    @BeforeEach
    void aGatewayThatKeepsAccounts() {
        var dear = Prices.list().with((_, model, _) -> model.equals("m") ? Optional.of(new Rates(100_000_000_000_000L, 100_000_000_000_000L, 0, 0, 0)) : Optional.empty());
        accounting = Accounting.open(new Database.Sqlite(temp.resolve("usage.db"), false), dear, now::get, warnings::add);
        gateway = TestGateway.with(
                config -> config.accounting(accounting),
                TestGateway.demo(), TestGateway.demoNamed("gpt", ProviderType.OPENAI), TestGateway.demoNamed("bed", ProviderType.BEDROCK), TestGateway.demoNamed("gem", ProviderType.GOOGLE));
    }

    @AfterEach
    void stop() {
        gateway.close();
        accounting.close();
        assertEquals(List.of(), warnings);
    }

    @Test
    void pastTheThresholdCallersAreWarnedAndThenRefusedUntilTheReset() throws Exception {
        budget("user:user", Period.DAILY, "100");
        spend("user", "curl", 79);
        assertEquals(Optional.empty(), ask().headers().firstValue("SpendLimit-Warning"));

        spend("user", "curl", 1);
        var warned = ask();
        assertEquals(200, warned.statusCode());
        assertTrue(warned.headers().firstValue("SpendLimit-Warning").orElseThrow().endsWith("of the daily budget of user ($100.00) are used up; it begins anew at 2026-11-23T00:00:00Z"), warned.headers().toString());

        spend("user", "curl", 100);
        var refused = ask();
        assertEquals(429, refused.statusCode());
        assertEquals("rate_limit_error", TestGateway.errorType(refused));
        assertTrue(TestGateway.errorMessage(refused).matches("the daily budget of user is used up \\(\\$180\\.00 of \\$100\\.00\\); it begins anew at 2026-11-23T00:00:00Z"), refused.body());
        assertTrue(Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow()) >= 1);

        now.set(Instant.parse("2026-11-23T00:00:00Z"));
        assertEquals(200, ask().statusCode());
    }

    @Test
    void whatCostsNothingIsNotHeldBack() throws Exception {
        budget("everyone", Period.MONTHLY, "0");

        assertEquals(429, ask().statusCode());
        assertEquals(200, gateway.send(gateway.request("demo/v1/models").GET()).statusCode());
    }

    @ParameterizedTest
    @CsvSource({
            "each-user, user, curl, true", "each-user, other, curl, false", "user:other, other, curl, false", "user:user, user, codex, true", "everyone, other, codex, true",
            "agent:test-agent, other, test-agent, true", "agent:test-agent, user, codex, false", "each-agent, other, test-agent, true", "each-agent, user, codex, false"})
    void aBudgetCountsTheCallsOfItsTarget(String target, String spender, String agent, boolean refused) throws Exception {
        budget(target, Period.WEEKLY, "10");
        spend(spender, agent, 10);

        assertEquals(refused ? 429 : 200, ask().statusCode());
    }

    @Test
    void aUsersOwnBudgetTakesThePlaceOfEachUsers() throws Exception {
        budget("each-user", Period.DAILY, "10");
        budget("user:user", Period.DAILY, "1000");
        spend("user", "curl", 50);

        assertEquals(200, ask().statusCode());
    }

    @Test
    void whatWasSpentBeforeAStartCounts() throws Exception {
        spend("user", "curl", 10);
        accounting.close();
        var again = Accounting.open(new Database.Sqlite(temp.resolve("usage.db"), false), Prices.list(), now::get, warnings::add);
        try (again; var other = TestGateway.with(config -> config.accounting(again), TestGateway.demo())) {
            again.stored().set(new Budget(Target.of("each-user"), Period.MONTHLY, Cost.microcents("10"), 80));
            Eventually.holds(() -> again.budgets().list().size() == 1, SOON, () -> "the budget is not known");

            assertEquals(429, other.post("demo/v1/messages", ASK).statusCode());
        }
    }

    @Test
    void whatTheCallsThemselvesCostCounts() throws Exception {
        budget("each-user", Period.DAILY, "20");
        var answer = "{\"type\":\"message\",\"usage\":{\"input_tokens\":1,\"output_tokens\":20}}";
        try (var upstream = new FakeUpstream(call -> call.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " + answer.length() + "\r\n\r\n" + answer));
                var other = TestGateway.with(config -> config.accounting(accounting), TestGateway.anthropic(upstream.url()))) {
            assertEquals(200, other.post("anthropic/v1/messages", ASK.replace("claude-demo", "m")).statusCode());
            Eventually.holds(() -> accounting.budgets().decide("user", "") instanceof lib.usage.budget.Verdict.Spent, SOON, () -> "the call does not count");
            assertEquals(429, other.post("anthropic/v1/messages", ASK).statusCode());
        }
    }

    /// Each wire says it so that its clients stop and tell: see the real agents in tests/e2e.
    @Test
    void everyWireSaysItInItsOwnShape() throws Exception {
        budget("everyone", Period.DAILY, "0");

        var openai = gateway.post("gpt/v1/responses", "{\"model\":\"gpt-demo\",\"input\":\"hello\"}");
        assertEquals(429, openai.statusCode());
        var error = TestGateway.json(openai.body()).path("error");
        assertEquals("usage_limit_reached insufficient_quota 1795392000", error.path("type").asText() + " " + error.path("code").asText() + " " + error.path("resets_at").asText());
        assertTrue(openai.headers().firstValue("x-codex-promo-message").orElseThrow().startsWith("The daily budget of everyone is used up"));
        assertEquals("false", openai.headers().firstValue("x-should-retry").orElseThrow());
        var bedrock = gateway.post("bed/model/us.anthropic.claude-demo-v1:0/converse", "{}");
        assertEquals("429 ServiceQuotaExceededException", bedrock.statusCode() + " " + bedrock.headers().firstValue("x-amzn-errortype").orElse(""));
        var google = gateway.post("gem/v1beta/models/gemini-demo:generateContent", "{}");
        assertEquals("RESOURCE_EXHAUSTED", TestGateway.json(google.body()).path("error").path("status").asText());
    }

    @Test
    void anAdminSetsBudgetsAndOthersSeeTheirs() throws Exception {
        assertEquals(403, send("PUT", "budgets", "{\"target\":\"each-user\",\"period\":\"daily\",\"limitMicrocents\":1}", TestGateway.TOKEN).statusCode());
        assertEquals(400, send("PUT", "budgets", "{\"target\":\"nobody\",\"period\":\"daily\",\"limitMicrocents\":1}", ADMIN).statusCode());
        assertEquals(200, send("PUT", "budgets", "{\"target\":\"each-user\",\"period\":\"daily\",\"limitMicrocents\":5000000000}", ADMIN).statusCode());
        assertEquals(200, send("PUT", "budgets", "{\"target\":\"user:other\",\"period\":\"daily\",\"limitMicrocents\":7}", ADMIN).statusCode());

        assertEquals(2, json("GET", "budgets", ADMIN).path("budgets").size());
        var theirs = json("GET", "budgets", TestGateway.TOKEN).path("budgets");
        assertEquals("each-user", theirs.path(0).path("target").asText());
        assertEquals(1, theirs.size());
        assertEquals("2026-11-23T00:00:00Z", theirs.path(0).path("resets").asText());
        assertEquals(200, send("DELETE", "budgets?target=user:other&period=daily", "", ADMIN).statusCode());
        assertEquals(404, send("DELETE", "budgets?target=user:other&period=daily", "", ADMIN).statusCode());
        assertEquals(1, json("GET", "budgets", ADMIN).path("budgets").size());
    }

    @Test
    void anAdminSeesEverybodysUsageAndOthersTheirOwn() throws Exception {
        spend("user", "curl", 3);
        spend("other", "curl", 4);

        assertEquals(7, json("GET", "report?by=user", ADMIN).path("total").path("tokens").path("total").asLong());
        assertEquals(3, json("GET", "report?by=model&last=1h", TestGateway.TOKEN).path("total").path("tokens").path("total").asLong());
        assertEquals(403, send("GET", "report?user=other", "", TestGateway.TOKEN).statusCode());
        assertEquals(401, send("GET", "report", "", "nobodys").statusCode());
        assertEquals(400, send("GET", "report?by=colour", "", ADMIN).statusCode());
        assertEquals(400, send("GET", "report?form=pie", "", ADMIN).statusCode());
        assertEquals(404, send("GET", "pie", "", ADMIN).statusCode());
        assertEquals(405, send("POST", "report", "", ADMIN).statusCode());
    }

    private void budget(String target, Period period, String dollars) {
        accounting.stored().set(new Budget(Target.of(target), period, Cost.microcents(dollars), 80));
        var count = accounting.stored().list().size();
        Eventually.holds(() -> accounting.budgets().list().size() == count, SOON, () -> "the budget is not known");
    }

    /// A call that is over, at a dollar a token.
    private void spend(String user, String agent, long dollars) {
        accounting.calls().accept(new Call(now.get().minusSeconds(1), "demo", "anthropic", "m", user, agent, "", new Usage(dollars, 0, 0, 0, 0, 0), 200, Duration.ZERO, Optional.empty(), true));
        if (accounting.calls() instanceof lib.usage.store.UsageStore store) assertTrue(store.flush(SOON));
    }

    private HttpResponse<String> ask() throws Exception {
        return gateway.send(gateway.request("demo/v1/messages").header("User-Agent", "test-agent/1.0").POST(HttpRequest.BodyPublishers.ofString(ASK)));
    }

    private HttpResponse<String> send(String method, String path, String body, String token) throws Exception {
        return gateway.send(gateway.anonymous("/usage/v1/" + path).header("Authorization", "Bearer " + token).method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode json(String method, String path, String token) throws Exception {
        var answer = send(method, path, "", token);
        assertEquals(200, answer.statusCode(), answer.body());
        assertFalse(answer.body().isEmpty());
        return TestGateway.json(answer.body());
    }
}
