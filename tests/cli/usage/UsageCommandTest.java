package tests.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import lib.database.Database;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.config.GatewayConfig;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.pricing.Prices;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageService;
import lib.usage.store.UsageStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

class UsageCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path temp;

    private Machine machine;
    private Database database;

    @BeforeEach
    void aMachineWithUsage() {
        machine = new Machine(temp).at(() -> NOW);
        database = UsageDatabase.sqlite(temp.resolve("home/.rpai/gateway/usage.db"));
        try (var store = UsageStore.open(database, Prices.list(), () -> NOW, System.err::println)) {
            // 1000*4 + 2000*20 + 10000*0.20 = 46,000 millionths of a dollar, and half of it the day before
            store.accept(call(1, "claude-opus-5-5", "ada@example.com", new Usage(1000, 2000, 10_000, 0, 0, 100)));
            store.accept(call(30, "claude-opus-5-5", "ada@example.com", new Usage(500, 1000, 5000, 0, 0, 0)));
            store.accept(call(2, "=cmd|x", "bob", new Usage(7, 8, 0, 0, 0, 0)));
        }
    }

    @Test
    void theTableIsByModelAndOfTheLastDay() {
        assertEquals(new Machine.Result(0, """
                MODEL            REQUESTS  INPUT  CACHED  OUTPUT  COST
                claude-opus-5-5  1         1.00k  10.0k   2.00k   $0.05
                =cmd|x           1         7      0       8       unpriced
                TOTAL            2         1.01k  10.0k   2.01k   $0.05 + 1 unpriced
                """, ""), machine.run("usage"));
    }

    @Test
    void callsOfTheDemoModelAreFreeRatherThanUnpriced() {
        try (var store = UsageStore.open(database, Prices.list(), () -> NOW, System.err::println)) {
            store.accept(new Call(
                    NOW.minusSeconds(9),
                    new Call.Origin("eve", "claude-code", ""),
                    new Call.Destination("demo", Call.DEMO, "claude-opus-5-5"),
                    new Call.Outcome(200, Duration.ofMillis(9), Optional.empty(), true),
                    Call.Consumption.of(new Usage(9, 9, 0, 0, 0, 0))));
        }

        assertEquals(
                "eve              1         9      0       9       free",
                machine.run("usage", "--by", "user")
                        .out()
                        .lines()
                        .filter(line -> line.startsWith("eve"))
                        .findFirst()
                        .orElse(""));
    }

    @Test
    void unmeasuredCallsAreReportedAndNeverFree() throws IOException {
        try (var store = UsageStore.open(database, Prices.list(), () -> NOW, System.err::println)) {
            store.accept(call("eve", Usage.NONE, Measured.UNMEASURED));
            store.accept(call("fay", Usage.NONE, Measured.UNMEASURED));
            store.accept(call("fay", new Usage(500, 0, 0, 0, 0, 0), Measured.ESTIMATED));
        }

        var lines = machine.run("usage", "--by", "user").out().lines().toList();
        assertTrue(lines.contains("eve              1         0      0       0       not measured"), lines.toString());
        assertTrue(
                lines.contains("fay              2         500    0       0       ~$0.0020 + 1 not measured"),
                lines.toString());
        assertTrue(lines.getLast().endsWith("~$0.05 + 1 unpriced + 2 not measured"), lines.toString());
        var total = new ObjectMapper()
                .readTree(machine.run("usage", "-o", "json").out())
                .path("total");
        assertEquals(
                "3 2 1",
                "%s %s %s".formatted(total.path("unpriced"), total.path("unmeasured"), total.path("estimated")));
        var csv = machine.run("usage", "--by", "user", "-o", "csv").out();
        assertTrue(csv.contains("eve,1,0,0,1,1,0,0,"), csv);
        var wide =
                machine.run("usage", "--by", "user", "-o", "wide").out().lines().toList();
        assertTrue(wide.getFirst().contains("UNPRICED  NOT MEASURED  ESTIMATED"), wide.toString());
    }

    private static Call call(String user, Usage usage, Measured measured) {
        return new Call(
                NOW.minusSeconds(9),
                new Call.Origin(user, "claude-code", ""),
                new Call.Destination("anthropic", "anthropic", "claude-opus-5-5"),
                new Call.Outcome(200, Duration.ofMillis(9), Optional.empty(), true),
                Call.Consumption.of(usage, measured));
    }

    @Test
    void theTimeBeforeIsComparedWith() {
        assertEquals(
                """
                USER             REQUESTS  INPUT  CACHED  OUTPUT  COST                BEFORE  CHANGE
                ada@example.com  1         1.00k  10.0k   2.00k   $0.05               $0.02   +100%
                bob              1         7      0       8       unpriced            $0.00
                """,
                machine.run("usage", "--by", "user", "--compare")
                        .out()
                        .lines()
                        .limit(3)
                        .reduce("", (all, line) -> all + line + "\n"));
    }

    @Test
    void kindsOfTokensAreSummedToo() {
        assertEquals("""
                KIND            TOKENS  COST
                input           1.51k   $0.0060
                cached_input    15.0k   $0.0030
                cache_write_5m  0       $0.00
                cache_write_1h  0       $0.00
                output          3.01k   $0.06
                TOTAL           19.5k   $0.07
                """, machine.run("usage", "--by", "kind", "--last", "7d").out());
    }

    @Test
    void csvHasTheNumbersAsTheyAreAndNoFormulas() {
        var lines = machine.run("usage", "-o", "csv").out().lines().toList();

        assertEquals(
                "model,requests,failed,cut,unpriced,unmeasured,estimated,free,input_tokens,"
                        + "cached_input_tokens,cache_write_5m_tokens,cache_write_1h_tokens,output_tokens,"
                        + "reasoning_tokens,total_tokens,"
                        + "input_usd,cached_input_usd,cache_write_5m_usd,cache_write_1h_usd,output_usd,total_usd",
                lines.get(0));
        assertEquals(
                "claude-opus-5-5,1,0,0,0,0,0,0,1000,10000,0,0,2000,100,13000,0.00400000,0.00200000,"
                        + "0.00000000,0.00000000,0.04000000,0.04600000",
                lines.get(1));
        assertTrue(lines.get(2).startsWith("'=cmd|x,1,"), lines.get(2));
    }

    @Test
    void jsonIsTheReport() throws IOException {
        var json = new ObjectMapper()
                .readTree(machine.run("usage", "--by", "provider", "--last", "7d", "-o", "json")
                        .out());

        assertEquals(
                6_900_000, json.path("rows").path(0).path("cost").path("total").asLong());
        assertEquals(3, json.path("total").path("requests").asLong());
        assertTrue(machine.run("usage", "-o", "markdown").out().startsWith("| MODEL | REQUESTS |"));
    }

    @Test
    void someoneAtATerminalSeesTheCourseOfIt() {
        var lines = machine.typing("")
                .with("COLUMNS", "200")
                .with("NO_COLOR", "1")
                .run("usage")
                .out()
                .lines()
                .toList();

        assertTrue(lines.get(0).matches("\\$0\\.05 \\+ 1 unpriced, 2 requests, 13\\.0k tokens +█"), lines.get(0));
        assertTrue(lines.get(3).endsWith("██████████"), lines.get(3));
        assertFalse(new Machine(temp).at(() -> NOW).run("usage").out().contains("█"));
    }

    @Test
    void filtersAndTimesNarrowIt() {
        assertTrue(machine.run("usage", "--user", "bob").out().contains("=cmd|x"));
        assertFalse(machine.run("usage", "--user", "bob").out().contains("opus"));
        assertEquals(
                "500",
                machine.run("usage", "--from", "2026-11-21", "--to", "2026-11-22", "-o", "csv")
                        .out()
                        .lines()
                        .toList()
                        .get(1)
                        .split(",")[8]);
    }

    @Test
    void invalidFlagsAreBadUsage() {
        for (var wrong : List.of(
                "--by colour",
                "--last week",
                "--last 0d",
                "--from yesterday",
                "--last 1d --from 2026-11-01",
                "--rows 0",
                "--from 2026-11-23")) {
            var result = machine.run(("usage " + wrong).split(" "));

            assertEquals(2, result.exitCode(), wrong + ": " + result.err());
            assertEquals("", result.out());
        }
    }

    @Test
    void withoutAStoreTheErrorExplainsHowToGetOne() throws IOException {
        Files.delete(temp.resolve("home/.rpai/gateway/usage.db"));
        var result = machine.run("usage");

        assertEquals(1, result.exitCode());
        assertTrue(result.err().startsWith("rpkai: no usage is recorded on this machine"), result.err());
    }

    @Test
    void budgetsAreSetListedAndDeleted() {
        assertEquals(
                "The daily budget of each-user is $25.00.\n",
                machine.run("budget", "set", "each-user", "25", "--period", "daily")
                        .err());
        machine.run(
                "budget",
                "set",
                "user:ada@example.com",
                "$12.50",
                "--period",
                "monthly",
                "--warn",
                "90",
                "--unpriced",
                "estimate");

        assertEquals("""
                TARGET                PERIOD   LIMIT   SPENT  NOT COUNTED  UNPRICED  WARN  RESETS
                each-user             daily    $25.00         1            allow     80%   2026-11-23T00:00:00Z
                user:ada@example.com  monthly  $12.50  $0.07  0            estimate  90%   2026-12-01T00:00:00Z
                """, machine.run("budget", "list").out());
        assertEquals(
                0,
                machine.run("budget", "delete", "each-user", "--period", "daily")
                        .exitCode());
        assertEquals(
                "rpkai: there is no daily budget of each-user: run rpkai budget list\n",
                machine.run("budget", "delete", "each-user", "--period", "daily")
                        .err());
        for (var wrong : List.of(
                "set ada 5 --period daily",
                "set everyone 5 --period hourly",
                "set everyone lots --period daily",
                "set everyone 5 --period daily --warn 0",
                "set everyone -5 --period daily",
                "set everyone 5 --period daily --unpriced never")) {
            assertEquals(2, machine.run(("budget " + wrong).split(" ")).exitCode(), wrong);
        }
    }

    @Test
    void theConfiguredGatewayIsAsked() {
        var warnings = new java.util.ArrayList<String>();
        try (var accounting = UsageService.open(database, Prices.list(), () -> NOW, warnings::add);
                var gateway = EmbeddedGateway.start(
                        GatewayConfig.local(List.of(), Authenticator.ANYONE).withUsage(accounting))) {
            var away = new Machine(temp.resolve("away"))
                    .at(() -> NOW)
                    .profile("team", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.baseUrl()));

            assertEquals(
                    machine.run("usage", "--compare").out(),
                    away.run("usage", "--compare").out());
            assertEquals(
                    0,
                    away.run("budget", "set", "everyone", "100", "--period", "weekly")
                            .exitCode());
            assertTrue(
                    away.run("budget", "list").out().contains("everyone  weekly  $100.00"),
                    away.run("budget", "list").out());
            assertEquals(
                    1,
                    away.run("budget", "delete", "each-user", "--period", "weekly")
                            .exitCode());
            assertEquals(2, away.run("usage", "--by", "colour").exitCode());
        }
        try (var gateway = EmbeddedGateway.start(GatewayConfig.local(List.of(), Authenticator.ANYONE))) {
            var away = new Machine(temp.resolve("away"))
                    .at(() -> NOW)
                    .profile("team", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.baseUrl()));

            assertTrue(
                    away.run("usage").err().contains("does not offer usage"),
                    away.run("usage").err());
        }
        assertEquals(List.of(), warnings);
    }

    private static Call call(int hoursAgo, String model, String user, Usage usage) {
        return new Call(
                NOW.minus(Duration.ofHours(hoursAgo)),
                new Call.Origin(user, "claude-code", "s"),
                new Call.Destination("anthropic", "anthropic", model),
                new Call.Outcome(200, Duration.ofSeconds(1), Optional.empty(), true),
                Call.Consumption.of(usage));
    }
}
