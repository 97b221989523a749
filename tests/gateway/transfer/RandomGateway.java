package tests.gateway.transfer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import lib.api.ResourceKind;
import lib.base.Secret;
import lib.database.Database;
import lib.gateway.access.Caller.Role;
import lib.gateway.management.definition.Definitions;
import lib.gateway.state.Account;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import lib.usage.Attribution;
import lib.usage.BillingHints;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.budget.Unpriced;
import lib.usage.pricing.Prices;
import lib.usage.store.StoredBudgets;
import lib.usage.store.UsageStore;

/// The state and the usage of a gateway that a random number has made up, with texts that are hard to carry.
final class RandomGateway {
    static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final List<String> TEXTS = List.of(
            "plain",
            "\"quoted\" and 'quoted' \\ back",
            "line\nbreak\ttab\r",
            "größe – 漢字 – עברית",
            "a pair \ud83d\ude80 and \u2028 and \u0007",
            "{\"json\": [1, 2]}",
            "'; DROP TABLE call; --",
            "");

    private final Random random;

    RandomGateway(long seed) {
        this.random = new Random(seed);
    }

    /// Fills a state through what the management API and the commands use.
    void fill(GatewayState state) {
        for (int i = 0; i < random.nextInt(6); i++) put(state, ResourceKind.LLM, provider("p" + i));
        for (int i = 0; i < random.nextInt(4); i++) put(state, ResourceKind.MCP, server("s" + i));
        for (int i = 0; i < random.nextInt(5); i++) state.storedSecrets().set("KEY_" + i, secret());
        for (int i = 0; i < random.nextInt(6); i++) {
            var kind = random.nextBoolean() ? Kind.USER : Kind.CLIENT;
            state.accounts().add(kind, "ada+%d@example.com".formatted(i), any(Role.values()));
        }
        for (var account : state.accounts().list(Kind.USER)) signIn(state, account);
        state.sessionKey();
    }

    private void signIn(GatewayState state, Account account) {
        for (int i = 0; i < random.nextInt(3); i++) {
            var started = state.signIns().start(account, "rpkai " + text());
            if (random.nextBoolean()) state.signIns().end(started.refreshToken().reveal());
        }
    }

    private static void put(GatewayState state, ResourceKind kind, ObjectNode definition) {
        var created = Definitions.of(kind).create(definition);
        state.of(kind).change(table -> {
            table.put(StoredResource.now(created, NOW.plusNanos(123_456_789)));
            return null;
        });
    }

    private ObjectNode provider(String name) {
        var provider = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("description", line())
                .put("enabled", random.nextBoolean());
        provider.putObject("anthropicConfig")
                .put("apiKeyRef", "KEY_" + random.nextInt(5))
                .put("baseUrl", "https://api.example.com/" + random.nextInt(9));
        for (int i = 0; i < random.nextInt(3); i++)
            provider.withArray("providerModels").addObject().put("name", "model-%d 漢".formatted(i));
        provider.putObject("tags").put("team", line());
        return provider;
    }

    private ObjectNode server(String name) {
        var server = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("description", line())
                .put("type", "MCP_SERVER_TYPE_REMOTE");
        server.putObject("remote").put("url", "https://mcp.example.com/" + name);
        return server;
    }

    private Secret secret() {
        var value = new StringBuilder();
        for (int i = 0; i < 1 + random.nextInt(300); i++) value.append((char) (0x21 + random.nextInt(0x5e)));
        return new Secret(value.toString());
    }

    /// Writes calls and budgets to a usage store, as a gateway does.
    void fill(Database usage, int calls) {
        try (var store = UsageStore.open(usage, Prices.list(), InstantSource.fixed(NOW), warning -> {
            throw new AssertionError(warning);
        })) {
            for (int i = 0; i < calls; i++) store.accept(call());
            if (!store.flush(Duration.ofMinutes(2))) throw new AssertionError("the calls are not written");
        }
        var budgets = new StoredBudgets(usage);
        budgets.set(new Budget(new BudgetTarget.Everyone(), Period.MONTHLY, 12_345_678_901L, 80));
        for (int i = 0; i < random.nextInt(5); i++) {
            var target = new BudgetTarget.User("ada %d %s".formatted(i, text()).strip());
            budgets.set(new Budget(
                    target,
                    any(Period.values()),
                    random.nextLong(1L << 50),
                    1 + random.nextInt(100),
                    any(Unpriced.values())));
            if (random.nextBoolean()) budgets.name(target, any(Period.values()), "budget-" + i);
        }
    }

    private Call call() {
        var time = NOW.minusMillis(random.nextLong(Duration.ofDays(20).toMillis()));
        var model = random.nextInt(3) == 0 ? text() : "claude-sonnet-5-5";
        return new Call(
                time,
                new Call.Origin(
                        "ada%d@example.com".formatted(random.nextInt(4)), text(), "session " + random.nextInt(9)),
                new Call.Destination("anthropic", "anthropic", model),
                new Call.Outcome(
                        random.nextInt(5) == 0 ? 529 : 200,
                        Duration.ofMillis(random.nextInt(40_000)),
                        random.nextInt(4) == 0
                                ? Optional.empty()
                                : Optional.of(Duration.ofMillis(random.nextInt(3_000))),
                        random.nextInt(7) != 0),
                new Call.Consumption(
                        new Usage(
                                random.nextInt(3_000),
                                random.nextInt(2_000),
                                random.nextInt(60_000),
                                random.nextInt(900),
                                random.nextInt(90),
                                random.nextInt(7)),
                        any(Measured.values()),
                        BillingHints.NONE,
                        Usage.NONE),
                random.nextInt(3) == 0
                        ? new Attribution("target", 1, text(), "project", text(), "", "key", "tool")
                        : Attribution.NONE);
    }

    /// Definitions have no control characters.
    private String line() {
        return text().replaceAll("\\p{Cntrl}", " ");
    }

    private String text() {
        return any(TEXTS.toArray(String[]::new));
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
