package tests.gateway.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import lib.api.ProviderType;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.upstream.Upstream;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.budget.Unpriced;
import lib.usage.pricing.Cost;
import lib.usage.pricing.Prices;
import lib.usage.pricing.Rates;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;
import tests.support.Eventually;

/// Budgets, held against calls at a dollar a token (`m`), a cent a token of output (`cent`), and without a price.
class BudgetTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String ASK =
            "{\"model\":\"claude-demo\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final String NO_TOKENS = "{\"type\":\"message\",\"usage\":{\"input_tokens\":0,\"output_tokens\":0}}";
    private static final String ADMIN = TestGateway.ADMIN_TOKEN;

    @TempDir
    Path temp;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));
    private final List<String> warnings = new ArrayList<>();
    private final AtomicReference<FakeUpstream.Behaviour> behaviour =
            new AtomicReference<>(call -> answer(call, NO_TOKENS));
    private FakeUpstream upstream;
    private UsageService accounting;
    private TestGateway gateway;

    @BeforeEach
    void aGatewayThatKeepsAccounts() throws Exception {
        upstream = new FakeUpstream(call -> behaviour.get().answer(call));
        var dear = Prices.list().with((_, model, _) -> switch (model) {
            case "m" -> Optional.of(new Rates(100_000_000_000_000L, 100_000_000_000_000L, 0, 0, 0));
            case "cent" -> Optional.of(new Rates(0, 1_000_000_000_000L, 0, 0, 0));
            default -> Optional.empty();
        });
        accounting = UsageService.open(UsageDatabase.sqlite(temp.resolve("usage.db")), dear, now::get, warnings::add);
        gateway = TestGateway.with(
                config -> config.withUsage(accounting),
                TestGateway.anthropic(upstream.url()),
                TestGateway.demo(),
                hosted("gpt", ProviderType.OPENAI),
                hosted("bed", ProviderType.BEDROCK),
                hosted("gem", ProviderType.GOOGLE));
    }

    private HostedProvider hosted(String name, ProviderType type) {
        return new HostedProvider(TestGateway.provider(name, type), Upstream.open(upstream.url()));
    }

    private static void answer(FakeUpstream.Call call, String json) throws IOException {
        call.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + json.length() + "\r\n\r\n" + json);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        accounting.close();
        upstream.close();
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
        assertTrue(
                warned.headers()
                        .firstValue("SpendLimit-Warning")
                        .orElseThrow()
                        .endsWith("of the daily budget of user ($100.00) is spent; it resets at 2026-11-23T00:00:00Z"),
                warned.headers().toString());

        spend("user", "curl", 100);
        var refused = ask();
        assertEquals(429, refused.statusCode());
        assertEquals("rate_limit_error", TestGateway.errorType(refused));
        assertTrue(
                TestGateway.errorMessage(refused)
                        .matches("the daily budget of user is spent \\(\\$180\\.00 of \\$100\\.00\\); "
                                + "it resets at 2026-11-23T00:00:00Z"),
                refused.body());
        assertTrue(Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow()) >= 1);

        now.set(Instant.parse("2026-11-23T00:00:00Z"));
        assertEquals(200, ask().statusCode());
    }

    @Test
    void freeCallsAreNotRejected() throws Exception {
        budget("everyone", Period.MONTHLY, "0");

        assertEquals(429, ask().statusCode());
        assertEquals(
                200, gateway.send(gateway.request("anthropic/v1/models").GET()).statusCode());
        assertEquals(
                200, gateway.post("anthropic/v1/messages/count_tokens", ASK).statusCode());
        assertEquals(200, gateway.post("demo/v1/messages", ASK).statusCode());
    }

    @Test
    void everyCallWithABodyIsRejectedWhateverItsMethod() throws Exception {
        budget("everyone", Period.DAILY, "0");

        for (var method : List.of("POST", "PUT", "PATCH", "GET", "DELETE")) {
            var answer = gateway.send(
                    gateway.request("anthropic/v1/messages").method(method, HttpRequest.BodyPublishers.ofString(ASK)));
            assertEquals(429, answer.statusCode(), method);
        }
        assertTrue(upstream.receivedNothing());
    }

    /// At a cent a token and 33 tokens each, the budget is worth three calls.
    @Test
    void eightyCallsAtOnceStopNearTheBudget() throws Exception {
        budget("everyone", Period.DAILY, "1");
        var arrived = new AtomicInteger();
        var refused = new AtomicInteger();
        var over = new CountDownLatch(1);
        behaviour.set(call -> {
            arrived.incrementAndGet();
            over.await();
            answer(call, NO_TOKENS.replace("\"output_tokens\":0", "\"output_tokens\":33"));
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<HttpResponse<String>>>();
            for (int i = 0; i < 80; i++) {
                answers.add(threads.submit(() -> {
                    var answer = gateway.post("anthropic/v1/messages", ask("cent", 33));
                    if (answer.statusCode() == 429) refused.incrementAndGet();
                    return answer;
                }));
            }
            Eventually.holds(
                    () -> arrived.get() + refused.get() == 80,
                    SOON,
                    () -> arrived + " passed, " + refused + " refused");
            over.countDown();
            for (var answer : answers) {
                if (answer.get().statusCode() == 200) continue;
                assertTrue(
                        TestGateway.errorMessage(answer.get())
                                .matches("the daily budget of everyone has \\$\\d\\.\\d\\d left, but "
                                        + "calls in flight may spend it \\(about "
                                        + "\\$\\d\\.\\d\\d\\); try again when they have finished"),
                        answer.get().body());
                assertEquals(
                        "2", answer.get().headers().firstValue("Retry-After").orElseThrow());
            }
        }
        // The fourth came in with a cent left.
        assertEquals(4, arrived.get());
        nothingIsReserved();
        assertTrue(TestGateway.errorMessage(gateway.post("anthropic/v1/messages", ask("cent", 33)))
                .startsWith("the daily budget of everyone is spent ($1.32 of $1.00); it resets at "));
    }

    @Test
    void aLargeCallOnANearlyFullBudgetPassesWhereNothingElseRuns() throws Exception {
        budget("everyone", Period.DAILY, "100");
        spend("user", "curl", 99);

        assertEquals(
                200, gateway.post("anthropic/v1/messages", ask("cent", 100_000)).statusCode());
        nothingIsReserved();
        assertEquals(
                200, gateway.post("anthropic/v1/messages", ask("cent", 100_000)).statusCode());
    }

    @Test
    void aModelsRecentCostIsKeptBackWhereItsRequestsPromiseLess() throws Exception {
        budget("everyone", Period.DAILY, "100");
        behaviour.set(call -> answer(call, NO_TOKENS.replace("\"output_tokens\":0", "\"output_tokens\":6000")));
        assertEquals(200, gateway.post("anthropic/v1/messages", ask("cent", 1)).statusCode());
        Eventually.holds(
                () -> accounting.budgets().list().stream()
                        .anyMatch(
                                budget -> accounting.budgets().spent(budget, "").microcents() > 0),
                SOON,
                () -> "the call does not count");
        var over = new CountDownLatch(1);
        var arrived = new CountDownLatch(1);
        behaviour.set(call -> {
            arrived.countDown();
            over.await();
            answer(call, NO_TOKENS);
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = threads.submit(() -> gateway.post("anthropic/v1/messages", ask("cent", 1)));
            arrived.await();
            // Sixty dollars are spent, and sixty more expected.
            assertEquals(
                    429, gateway.post("anthropic/v1/messages", ask("cent", 1)).statusCode());
            over.countDown();
            assertEquals(200, running.get().statusCode());
        }
    }

    @Test
    void nothingStaysReservedHoweverACallEnds() throws Exception {
        budget("everyone", Period.DAILY, "100");
        var ends = List.<FakeUpstream.Behaviour>of(
                call -> answer(call, NO_TOKENS),
                call -> call.write("HTTP/1.1 500 Oops\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
                call -> call.socket().close(),
                call -> {
                    call.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: "
                            + "chunked\r\n\r\n5\r\nevent\r\n");
                    call.socket().close();
                });
        for (var end : ends) {
            behaviour.set(end);
            try {
                gateway.post("anthropic/v1/messages", ask("cent", 10));
            } catch (IOException cut) {
                // That is one of the ends.
            }
            nothingIsReserved();
        }
        // The client goes away while the answer comes.
        var arrived = new CountDownLatch(1);
        behaviour.set(call -> {
            call.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
                    + "\r\n5\r\nevent\r\n");
            arrived.countDown();
            call.awaitHangUp();
        });
        var body = ask("cent", 10);
        var socket = gateway.sent(TestGateway.raw("POST", "/llm/v1/providers/anthropic/v1/messages")
                + "Content-Type: application/json|Content-Length: " + body.length() + "||" + body);
        arrived.await();
        assertTrue(accounting.budgets().isReserving());
        socket.close();
        nothingIsReserved();
    }

    @Test
    void callsWithoutAKnownCostDoNotCountAndAreListed() throws Exception {
        budget("everyone", Period.DAILY, "1");
        behaviour.set(call -> answer(call, NO_TOKENS.replace("\"output_tokens\":0", "\"output_tokens\":1000000")));
        assertEquals(
                200,
                gateway.post("anthropic/v1/messages", ask("a-model-without-a-price", 10))
                        .statusCode());
        accounting.calls().accept(unmeasured("m"));

        Eventually.holds(() -> standing().equals("0 2 1"), SOON, this::standing);
        assertEquals(200, gateway.post("anthropic/v1/messages", ask("cent", 1)).statusCode());
    }

    @Test
    void aBudgetMayRefuseModelsWithoutAPrice() throws Exception {
        budget("everyone", Period.DAILY, "1", Unpriced.REFUSE);

        var refused = gateway.post("anthropic/v1/messages", ask("a-model-without-a-price", 10));
        assertEquals(403, refused.statusCode());
        assertEquals(
                "model \"a-model-without-a-price\" has no known price, and the daily budget of everyone "
                        + "refuses calls without a price: set one with rpkai llm update anthropic --pricing, or run "
                        + "rpkai budget set with --unpriced estimate",
                TestGateway.errorMessage(refused));
        assertTrue(upstream.receivedNothing());
        assertEquals(200, gateway.post("anthropic/v1/messages", ask("cent", 10)).statusCode());
        // What turns out not to be measured counts as expected: 10 tokens at a cent.
        accounting.calls().accept(unmeasured("cent").withExpected(new Usage(0, 10, 0, 0, 0, 0)));
        Eventually.holds(() -> standing().equals("10000000 1 1"), SOON, this::standing);
    }

    @Test
    void aBudgetMayCountAnEstimate() throws Exception {
        budget("everyone", Period.DAILY, "80", Unpriced.ESTIMATE);
        behaviour.set(call -> answer(call, NO_TOKENS.replace("\"output_tokens\":0", "\"output_tokens\":1000000")));
        assertEquals(
                200,
                gateway.post("anthropic/v1/messages", ask("a-model-without-a-price", 10))
                        .statusCode());

        // Anthropic's dearest asks $75 for a million tokens of output.
        Eventually.holds(() -> standing().equals("7500000000 1 0"), SOON, this::standing);
        accounting.calls().accept(unmeasured("m").withExpected(new Usage(10, 0, 0, 0, 0, 0)));
        Eventually.holds(() -> standing().equals("8500000000 2 1"), SOON, this::standing);
        assertEquals(429, gateway.post("anthropic/v1/messages", ask("cent", 1)).statusCode());
    }

    /// Calls of every kind on a budget of a dollar, through the gateway and into the store: the spending is
    /// reported to the cent, or reported as unknown.
    @Test
    void everyCallOnABudgetIsCountedToTheCentOrReportedAsUnknown() throws Exception {
        budget("everyone", Period.DAILY, "1");
        // Ten tokens at a cent.
        behaviour.set(call -> answer(call, NO_TOKENS.replace("\"output_tokens\":0", "\"output_tokens\":10")));
        assertEquals(200, gateway.post("anthropic/v1/messages", ask("cent", 10)).statusCode());
        awaitStanding("10000000 0 0");
        // A model without a price, and a stream that does not report its usage.
        assertEquals(
                200,
                gateway.post("anthropic/v1/messages", ask("a-model-without-a-price", 10))
                        .statusCode());
        awaitStanding("10000000 1 0");
        behaviour.set(
                call -> call.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n"
                        + "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\ndata: [DONE]\n\n"));
        assertEquals(
                200, gateway.post("gpt/v1/chat/completions", ask("cent", 10)).statusCode());
        awaitStanding("10000000 2 1");
        // A batch of two costs half, when its results are fetched, once.
        behaviour.set(call -> answer(
                call, "{\"id\":\"msgbatch_1\",\"type\":\"message_batch\",\"processing_status\":\"in_progress\"}"));
        assertEquals(
                200,
                gateway.post("anthropic/v1/messages/batches", "{\"requests\":[]}")
                        .statusCode());
        var line = "{\"custom_id\":\"a\",\"result\":{\"type\":\"succeeded\","
                + "\"message\":{\"type\":\"message\",\"model\":\"cent\",\"usage\":{\"input_tokens\":1,"
                + "\"output_tokens\":20}}}}\n";
        behaviour.set(call -> answer(call, line + line));
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    200,
                    gateway.send(gateway.request("anthropic/v1/messages/batches/msgbatch_1/results")
                                    .GET())
                            .statusCode());
        }
        awaitStanding("30000000 2 1");
        // A response in the background costs something when it is fetched.
        behaviour.set(call -> answer(
                call,
                "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"queued\","
                        + "\"background\":true,\"model\":\"cent\",\"usage\":null}"));
        assertEquals(
                200,
                gateway.post("gpt/v1/responses", "{\"model\":\"cent\",\"background\":true,\"input\":\"hi\"}")
                        .statusCode());
        behaviour.set(call -> answer(
                call,
                "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\","
                        + "\"background\":true,\"model\":\"cent\",\"usage\":{\"input_tokens\":1,"
                        + "\"output_tokens\":40,\"total_tokens\":41}}"));
        for (int i = 0; i < 2; i++)
            assertEquals(
                    200,
                    gateway.send(gateway.request("gpt/v1/responses/resp_1").GET())
                            .statusCode());
        awaitStanding("70000000 2 1");
        nothingIsReserved();

        // What is left is worth one call of thirty.
        var over = new CountDownLatch(1);
        var arrived = new AtomicInteger();
        var refused = new AtomicInteger();
        behaviour.set(call -> {
            arrived.incrementAndGet();
            over.await();
            answer(call, NO_TOKENS.replace("\"output_tokens\":0", "\"output_tokens\":30"));
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asking = new ArrayList<Future<?>>();
            for (int i = 0; i < 80; i++) {
                asking.add(threads.submit(() -> {
                    if (gateway.post("anthropic/v1/messages", ask("cent", 30)).statusCode() == 429)
                        refused.incrementAndGet();
                    return null;
                }));
            }
            Eventually.holds(
                    () -> arrived.get() + refused.get() == 80,
                    SOON,
                    () -> arrived + " passed, " + refused + " refused");
            over.countDown();
            for (var each : asking) each.get();
        }
        assertEquals(1, arrived.get());
        awaitStanding("100000000 2 1");
        assertEquals(429, gateway.post("anthropic/v1/messages", ask("cent", 30)).statusCode());
        // Fetching what was charged before stays possible, and starting what will be charged does not.
        behaviour.set(call -> answer(call, line));
        assertEquals(
                200,
                gateway.send(gateway.request("anthropic/v1/messages/batches/msgbatch_1/results")
                                .GET())
                        .statusCode());
        assertEquals(
                429,
                gateway.post("anthropic/v1/messages/batches", "{\"requests\":[]}")
                        .statusCode());
        if (accounting.calls() instanceof lib.usage.store.UsageStore store) assertTrue(store.flush(SOON));
        now.set(now.get().plusSeconds(1));
        var total = json("GET", "report?by=model", ADMIN).path("total");
        assertEquals(
                "100000000 2 1",
                "%s %s %s"
                        .formatted(total.path("cost").path("total"), total.path("unpriced"), total.path("unmeasured")));
    }

    private void awaitStanding(String expected) {
        Eventually.holds(() -> standing().equals(expected), SOON, this::standing);
    }

    private Call unmeasured(String model) {
        return new Call(
                now.get().minusSeconds(1),
                new Call.Origin("user", "curl", ""),
                new Call.Destination("anthropic", "anthropic", model),
                new Call.Outcome(200, Duration.ZERO, Optional.empty(), true),
                Call.Consumption.of(Usage.NONE, Measured.UNMEASURED));
    }

    /// `microcents unpriced unmeasured` of the one budget, as an admin sees it.
    private String standing() {
        try {
            var budget = json("GET", "budgets", ADMIN).path("budgets").path(0);
            return "%d %d %d"
                    .formatted(
                            budget.path("spentMicrocents").asLong(),
                            budget.path("unpricedCalls").asLong(),
                            budget.path("unmeasuredCalls").asLong());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void nothingIsReserved() {
        Eventually.holds(() -> !accounting.budgets().isReserving(), SOON, () -> "something is still reserved");
    }

    private static String ask(String model, int most) {
        return ASK.replace("claude-demo", model).replace("\"max_tokens\":100", "\"max_tokens\":" + most);
    }

    @ParameterizedTest
    @CsvSource({
        "each-user, user, curl, true",
        "each-user, other, curl, false",
        "user:other, other, curl, false",
        "user:user, user, codex, true",
        "everyone, other, codex, true",
        "agent:test-agent, other, test-agent, true",
        "agent:test-agent, user, codex, false",
        "each-agent, other, test-agent, true",
        "each-agent, user, codex, false"
    })
    void aBudgetCountsTheCallsOfItsTarget(String target, String spender, String agent, boolean refused)
            throws Exception {
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
    void spendingBeforeARestartCounts() throws Exception {
        spend("user", "curl", 10);
        accounting.close();
        var again = UsageService.open(
                UsageDatabase.sqlite(temp.resolve("usage.db")), Prices.list(), now::get, warnings::add);
        try (again;
                var other =
                        TestGateway.with(config -> config.withUsage(again), TestGateway.anthropic(upstream.url()))) {
            again.stored().set(new Budget(BudgetTarget.of("each-user"), Period.MONTHLY, Cost.microcents("10"), 80));
            Eventually.holds(() -> again.budgets().list().size() == 1, SOON, () -> "the budget is not known");

            assertEquals(429, other.post("anthropic/v1/messages", ASK).statusCode());
        }
    }

    @Test
    void theCostReportedByTheCallsCounts() throws Exception {
        budget("each-user", Period.DAILY, "20");
        behaviour.set(
                call -> answer(call, "{\"type\":\"message\",\"usage\":{\"input_tokens\":1,\"output_tokens\":20}}"));
        assertEquals(
                200,
                gateway.post("anthropic/v1/messages", ASK.replace("claude-demo", "m"))
                        .statusCode());
        Eventually.holds(
                () -> accounting.budgets().decide("user", "") instanceof lib.usage.budget.BudgetDecision.Spent,
                SOON,
                () -> "the call does not count");
        assertEquals(429, gateway.post("anthropic/v1/messages", ASK).statusCode());
    }

    /// Each wire says it so that its clients stop and tell: see the real agents in tests/e2e.
    @Test
    void everyApiFormatReportsASpentBudgetInItsOwnFormat() throws Exception {
        budget("everyone", Period.DAILY, "0");

        var openai = gateway.post("gpt/v1/responses", "{\"model\":\"gpt-demo\",\"input\":\"hello\"}");
        assertEquals(429, openai.statusCode());
        var error = TestGateway.json(openai.body()).path("error");
        assertEquals(
                "usage_limit_reached insufficient_quota 1795392000",
                error.path("type").asText() + " " + error.path("code").asText() + " "
                        + error.path("resets_at").asText());
        assertTrue(openai.headers()
                .firstValue("x-codex-promo-message")
                .orElseThrow()
                .startsWith("The daily budget of everyone is spent"));
        assertEquals("false", openai.headers().firstValue("x-should-retry").orElseThrow());
        var bedrock = gateway.post("bed/model/us.anthropic.claude-demo-v1:0/converse", "{}");
        assertEquals(
                "429 ServiceQuotaExceededException",
                bedrock.statusCode() + " "
                        + bedrock.headers().firstValue("x-amzn-errortype").orElse(""));
        var google = gateway.post("gem/v1beta/models/gemini-demo:generateContent", "{}");
        assertEquals(
                "RESOURCE_EXHAUSTED",
                TestGateway.json(google.body()).path("error").path("status").asText());
    }

    @Test
    void anAdminSetsBudgetsAndOthersSeeTheirs() throws Exception {
        assertEquals(
                403,
                send(
                                "PUT",
                                "budgets",
                                "{\"target\":\"each-user\",\"period\":\"daily\",\"limitMicrocents\":1}",
                                TestGateway.TOKEN)
                        .statusCode());
        assertEquals(
                400,
                send("PUT", "budgets", "{\"target\":\"nobody\",\"period\":\"daily\",\"limitMicrocents\":1}", ADMIN)
                        .statusCode());
        assertEquals(
                200,
                send(
                                "PUT",
                                "budgets",
                                "{\"target\":\"each-user\",\"period\":\"daily\",\"limitMicrocents\":5000000000}",
                                ADMIN)
                        .statusCode());
        assertEquals(
                200,
                send("PUT", "budgets", "{\"target\":\"user:other\",\"period\":\"daily\",\"limitMicrocents\":7}", ADMIN)
                        .statusCode());

        assertEquals(2, json("GET", "budgets", ADMIN).path("budgets").size());
        var theirs = json("GET", "budgets", TestGateway.TOKEN).path("budgets");
        assertEquals("each-user", theirs.path(0).path("target").asText());
        assertEquals(1, theirs.size());
        assertEquals("2026-11-23T00:00:00Z", theirs.path(0).path("resets").asText());
        assertEquals(
                200,
                send("DELETE", "budgets?target=user:other&period=daily", "", ADMIN)
                        .statusCode());
        assertEquals(
                404,
                send("DELETE", "budgets?target=user:other&period=daily", "", ADMIN)
                        .statusCode());
        assertEquals(1, json("GET", "budgets", ADMIN).path("budgets").size());
    }

    @Test
    void anAdminSeesEverybodysUsageAndOthersTheirOwn() throws Exception {
        spend("user", "curl", 3);
        spend("other", "curl", 4);

        assertEquals(
                7,
                json("GET", "report?by=user", ADMIN)
                        .path("total")
                        .path("tokens")
                        .path("total")
                        .asLong());
        assertEquals(
                3,
                json("GET", "report?by=model&last=1h", TestGateway.TOKEN)
                        .path("total")
                        .path("tokens")
                        .path("total")
                        .asLong());
        assertEquals(
                403, send("GET", "report?user=other", "", TestGateway.TOKEN).statusCode());
        assertEquals(401, send("GET", "report", "", "nobodys").statusCode());
        assertEquals(400, send("GET", "report?by=colour", "", ADMIN).statusCode());
        assertEquals(400, send("GET", "report?form=pie", "", ADMIN).statusCode());
        assertEquals(404, send("GET", "pie", "", ADMIN).statusCode());
        assertEquals(405, send("POST", "report", "", ADMIN).statusCode());
    }

    private void budget(String target, Period period, String dollars) {
        budget(target, period, dollars, Unpriced.ALLOW);
    }

    private void budget(String target, Period period, String dollars, Unpriced unpriced) {
        accounting.stored().set(new Budget(BudgetTarget.of(target), period, Cost.microcents(dollars), 80, unpriced));
        var count = accounting.stored().list().size();
        Eventually.holds(() -> accounting.budgets().list().size() == count, SOON, () -> "the budget is not known");
    }

    /// A call that is over, at a dollar a token.
    private void spend(String user, String agent, long dollars) {
        accounting
                .calls()
                .accept(new Call(
                        now.get().minusSeconds(1),
                        new Call.Origin(user, agent, ""),
                        new Call.Destination("demo", "anthropic", "m"),
                        new Call.Outcome(200, Duration.ZERO, Optional.empty(), true),
                        Call.Consumption.of(new Usage(dollars, 0, 0, 0, 0, 0))));
        if (accounting.calls() instanceof lib.usage.store.UsageStore store) assertTrue(store.flush(SOON));
    }

    private HttpResponse<String> ask() throws Exception {
        return gateway.send(gateway.request("anthropic/v1/messages")
                .header("User-Agent", "test-agent/1.0")
                .POST(HttpRequest.BodyPublishers.ofString(ASK)));
    }

    private HttpResponse<String> send(String method, String path, String body, String token) throws Exception {
        return gateway.send(gateway.anonymous("/usage/v1/" + path)
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode json(String method, String path, String token) throws Exception {
        var answer = send(method, path, "", token);
        assertEquals(200, answer.statusCode(), answer.body());
        assertFalse(answer.body().isEmpty());
        return TestGateway.json(answer.body());
    }
}
