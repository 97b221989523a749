package tests.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Machine;

/// Budgets by name, in the form of the cloud's own command.
class NamedBudgetCommandTest {
    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void machine() {
        machine = new Machine(temp).with("NO_COLOR", "1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--pooling-mode per-agent --period daily --limit-usd 10 --warn-at-usd 9 | each-agent daily $10.00 90%",
                "--pooling-mode shared --period month --limit-usd 500 | everyone monthly $500.00 100%",
                "--period weekly --limit-usd 1 --filter-user ada@example.com | user:ada@example.com weekly $1.00 100%",
                "--pooling-mode per-agent --period daily --limit-usd 5 --filter-agent codex | "
                        + "agent:codex daily $5.00 100%",
                "--pooling-mode PER_AGENT --period Day --limit-usd 3 --warn-at-usd 1 | each-agent daily $3.00 33%"
            })
    void equivalentFlagsBecomeOneOfOurBudgets(String flags, String budget) {
        assertEquals(0, run("budget create b " + flags).exitCode());

        var row =
                run("budget list").out().lines().skip(1).findFirst().orElse("").split(" +");
        var warn = Stream.of(row).filter(cell -> cell.endsWith("%")).findFirst().orElse("");
        assertEquals("b " + budget, "%s %s %s %s %s".formatted(row[0], row[1], row[2], row[3], warn));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--period daily | --limit-usd is missing",
                "--limit-usd 5 | --period is missing",
                "--period daily --limit-usd 5 --filter-model opus | a budget can be limited to a user or an agent",
                "--period daily --limit-usd 5 --pooling-mode per-user | unknown --pooling-mode",
                "--period daily --limit-usd 5 --filter-user a --filter-agent b | a budget cannot be limited "
                        + "to both a user and an agent",
                "--period daily --limit-usd 5 --filter-user a --pooling-mode per-agent | a budget per agent "
                        + "cannot be limited to one user",
                "--period yearly --limit-usd 5 | \"yearly\" is not a period",
                "--period daily --limit-usd five | \"five\" is not an amount",
                "--period daily --limit-usd 5 --warn-at-usd 6 | --warn-at-usd is more than the limit",
                "--period daily --limit-usd 5 --warn-at-usd 0.01 | --warn-at-usd is less than a hundredth"
            })
    void flagsThatOurBudgetsCannotExpressAreRejected(String flags, String message) {
        var result = run("budget create b " + flags);

        assertEquals(2, result.exitCode());
        assertTrue(result.err().startsWith("rpkai: " + message), result.err());
        assertEquals("[ ]\n", run("budget list -o json").out());
    }

    @Test
    void aBudgetIsReadChangedAndDeletedByItsName() {
        run("budget create team --pooling-mode shared --period monthly --limit-usd 500 --warn-at-usd 400");

        assertEquals(
                "budget team already exists: run rpkai budget update team",
                said("budget create team --period daily --limit-usd 1"));
        assertEquals(
                "a monthly budget of everyone already exists, team: run rpkai budget update team",
                said("budget create other --period monthly --limit-usd 1"));
        assertTrue(
                run("budget get team -o json").out().contains("\"limitUsd\" : \"500\",\n  \"warnAtUsd\" : \"400\""),
                run("budget get team -o json").out());
        assertEquals(
                "Budget team is updated: the monthly budget of everyone is $600.00.\n",
                run("budget update team --limit-usd 600").err());
        assertEquals(
                "Budget team is updated: the daily budget of each-agent is $600.00.\n",
                run("budget update team --period daily --pooling-mode per-agent")
                        .err());
        assertEquals(2, run("budget list -o csv").out().lines().count());
        assertEquals("nothing to change: pass at least one flag, such as --limit-usd", said("budget update team"));
        assertEquals("Budget team is deleted.\n", run("budget delete team").err());
        for (var command : new String[] {"get team", "update team --limit-usd 1", "delete team"})
            assertTrue(said("budget " + command).startsWith("there is no budget named team"));
    }

    @Test
    void ourOwnFormKeepsTheNameAndWorksBesideIt() {
        run("budget create team --period monthly --limit-usd 500");
        run("budget set everyone 700 --period monthly");
        run("budget set each-user 5 --period daily");

        var list = run("budget list -o csv --order-by name").out();
        assertTrue(
                list.startsWith("NAME,TARGET,PERIOD")
                        && list.contains("\nteam,everyone,monthly,$700.00")
                        && list.contains("\n,each-user,daily,$5.00"),
                list);
        assertEquals(
                2, run("budget list -o csv --name-contains team").out().lines().count());
        assertEquals(
                2,
                run("budget list -o csv --filter target=each-user")
                        .out()
                        .lines()
                        .count());
        var page = run("budget list -o csv --order-by target --page-size 1");
        assertTrue(
                page.out().contains("each-user") && page.err().equals("rpkai: 2 in all; next page: --page-token 1\n"),
                page.err());
        assertEquals(0, run("budget delete everyone --period monthly").exitCode());
        assertTrue(said("budget get team").startsWith("there is no budget named team"));
    }

    private String said(String line) {
        return run(line).err().replaceFirst("^rpkai: ", "").strip();
    }

    private Machine.Result run(String line) {
        return machine.run(line.split(" "));
    }
}
