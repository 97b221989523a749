package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.agents.claude.ClaudeCode;
import lib.agents.codex.Codex;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.upstream.Upstream;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.pricing.Prices;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Machine;

/// The real agents, whose budget is used up: they stop at once and say why.
@Tag("e2e")
class SpentBudgetTest {
    @TempDir
    Path temp;

    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private UsageService accounting;
    private EmbeddedGateway gateway;
    private Machine machine;

    @BeforeEach
    void aGatewayWhereNothingMayBeSpent() {
        accounting = UsageService.open(
                UsageDatabase.sqlite(temp.resolve("usage.db")),
                Prices.list(),
                java.time.InstantSource.system(),
                warnings::add);
        accounting.stored().set(new Budget(BudgetTarget.of("everyone"), Period.MONTHLY, 0, 80));
        Eventually.holds(
                () -> accounting.budgets().list().size() == 1, Duration.ofMinutes(2), () -> "the budget is not known");
        gateway = EmbeddedGateway.start(GatewayConfig.local(
                        List.of(
                                hosted("claude", ProviderType.ANTHROPIC),
                                hosted("gpt", ProviderType.OPENAI),
                                hosted("bed", ProviderType.BEDROCK)),
                        Authenticator.ANYONE)
                .withUsage(accounting));
        machine =
                new Machine(temp).profile("team", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.baseUrl()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        accounting.close();
        assertEquals(List.of(), warnings);
    }

    @Test
    void claudeCodeStopsAndShowsIt() {
        Agents.install(ClaudeCode.BINARY, machine);

        shows(Agents.run(machine.start("run", "claude", "-L", "claude", "--", "-p", "hi")));
        shows(Agents.run(machine.start(
                "run", "claude", "-L", "bed", "-m", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "--", "-p", "hi")));
    }

    @Test
    void codexStopsAndShowsIt() {
        Agents.install(Codex.BINARY, machine);

        shows(Agents.run(machine.start("run", "codex", "-L", "gpt", "--", "exec", "--skip-git-repo-check", "hi")));
    }

    private static void shows(Agents.Ended ended) {
        assertNotEquals(0, ended.exitCode(), ended.out() + ended.err());
        assertTrue(
                (ended.out() + ended.err())
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains("the monthly budget of everyone is spent ($0.00 of $0.00); it resets at "),
                ended.out() + ended.err());
    }

    private static HostedProvider hosted(String name, ProviderType type) {
        return new HostedProvider(
                Provider.of(name, type), // It is refused before anything is sent on.
                Upstream.open(URI.create("http://127.0.0.1:9")));
    }
}
