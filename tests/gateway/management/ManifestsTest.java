package tests.gateway.management;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.base.UserError;
import lib.gateway.management.definition.ManifestSet;
import lib.gateway.management.definition.ManifestWatch;
import lib.gateway.state.GatewayState;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetJson;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.store.StoredBudgets;
import lib.usage.store.UsageDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Eventually;
import tests.support.Machine;

class ManifestsTest {
    private static final String A = "name: a\nenabled: true\nanthropicConfig:\n  apiKeyRef: KEY\n";
    private static final String B = "name: b\nopenaiConfig: {apiKeyRef: KEY}\n";

    @TempDir
    Path temp;

    private GatewayState state;
    private StoredBudgets budgets;
    private Path file;

    @BeforeEach
    void open() {
        state = GatewayState.open(temp.resolve("state"), new Machine(temp).host());
        budgets = new StoredBudgets(UsageDatabase.sqlite(temp.resolve("usage.db")));
        file = temp.resolve("providers.yaml");
    }

    @AfterEach
    void close() {
        state.close();
    }

    @Test
    void aManifestCreatesAndUpdatesItsProvidersAndLeavesTheOthersAlone() throws Exception {
        assertEquals("2 created (a, b)", apply(A + "---\n" + B));
        var before = state.providers().latest();

        assertEquals("nothing to change", apply(B + "---\n" + A));
        assertEquals(before, state.providers().latest());
        assertEquals(
                "1 created (c), 1 updated (b)",
                apply(B + "displayName: B\n---\nname: c\nopenaiCompatibleConfig: {baseUrl: 'http://127.0.0.1:1'}\n"));
        assertEquals(Set.of("a", "b", "c"), state.providers().latest().keySet());
        assertEquals(
                "B",
                state.providers()
                        .latest()
                        .get("b")
                        .definition()
                        .path("displayName")
                        .asText());
        assertEquals(before.get("a"), state.providers().latest().get("a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{name: a, openaiConfig: {apiKeyRef: K}}, {name: b, openaiConfig: {apiKeyRef: K}}]      "
                        + "           | 2 created (a, b)",
                "{\"name\": \"a\", \"openaiConfig\": {\"apiKeyRef\": \"K\"}}                             "
                        + "            | 1 created (a)",
                "{name: a, url: https://x, createdAt: '2026-01-01T00:00:00Z', updatedAt: x, "
                        + "openaiConfig: {apiKeyRef: K}} | 1 created (a)",
                "{'@type': type.googleapis.com/redpanda.api.adp.v1alpha1.LLMProvider, name: a, "
                        + "display_name: A, openai_config: {api_key_ref: K}}   | 1 created (a)",
                "{llm_provider: {name: a, openai_config: {api_key_ref: K}}}                              "
                        + "            | 1 created (a)",
                "{mcpServer: {'@type': x.MCPServer, name: a, remote: {url: 'https://a.example', "
                        + "transport: streamable-http}}} | 1 created (a)",
                "'---\n---\n# nothing\n'                                                                 "
                        + "           | nothing to change",
                "''                                                                                      "
                        + "           | nothing to change"
            })
    void theOutputOfGetAndListIsAManifest(String yaml, String outcome) throws Exception {
        assertEquals(outcome, apply(yaml));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'name: a\nopenaiConfig:\n  apiKeyRef: sk-1\n'                          | 3:3: "
                        + "openaiConfig.apiKeyRef is not the name of a secret",
                "'name: a\nopenaiConfig:\n  baseUrl: https://x\n'                       | 2:1: "
                        + "openaiConfig.apiKeyRef is required",
                "'name: a\n\nopenaiConfig: {apiKeyRef: K}\nproviderModels:\n- name: m\n- nam: n\n'    | "
                        + "6:3: providerModels[1].nam is not known: did you mean name?",
                "'name: a\nprovider_models: [{name: m}, 1]\nopenaiConfig: {apiKeyRef: K}\n'            | "
                        + "2:30: providerModels[1] is not a mapping",
                "'name: a\ntags:\n  cost: 42\nopenaiConfig: {apiKeyRef: K}\n'           | 3:3: tags.cost "
                        + "is not a string: write it in quotes",
                "'enabled: true\nopenaiConfig: {apiKeyRef: K}\n'                        | 1:1: name is required",
                "'name: a\nopenaiConfig: {apiKeyRef: K}\n---\nname: b\n'                | 4:1: type is required",
                "'name: a\nopenaiConfig: {apiKeyRef: K}\n---\nname: a\nopenaiConfig: {apiKeyRef: K}\n' | "
                        + "4:1: name occurs twice",
                "'name: a\nname: b\n'                                                   | 2:5: not YAML: "
                        + "Duplicate field 'name'",
                "'name: a\n  openaiConfig: [\n'                                         | 2:15: not YAML:",
                "'name: &x a\ndisplayName: *x\nopenaiConfig: {apiKeyRef: K}\n'          | 2:14: aliases "
                        + "such as *x are not supported",
                "'llm_provider:\n  name: a\n  openai_config: {api_key_ref: sk-1}\n'       | 3:19: "
                        + "openaiConfig.apiKeyRef is not the name of a secret",
                "'\"@type\": x.v1.Agent\nname: a\n'                                     | 1:1: @type "
                        + "manifests with @type \"x.v1.Agent\" cannot be applied",
                "'hello'                                                                | 1:1: is not a mapping",
                "'name: taken\nanthropicConfig: {apiKeyRef: K}\n'                       | 1:1: type "
                        + "cannot be changed from LLM_PROVIDER_TYPE_OPENAI"
            })
    void anInvalidManifestIsReportedWithItsPositionAndChangesNothing(String yaml, String message) throws Exception {
        apply("name: taken\nopenaiConfig: {apiKeyRef: K}\n");
        var before = state.providers().latest();
        var error = assertThrows(UserError.class, () -> apply(A.replace("name: a", "name: first"), yaml));

        assertTrue(error.getMessage().startsWith(temp.resolve("folder/1.yaml") + ":" + message), error.getMessage());
        assertEquals(before, state.providers().latest());
    }

    @Test
    void providersAndMcpServersStandInOneFileAndMayHaveTheSameName() throws Exception {
        var server = "name: a\nremote:\n  url: %s\n";

        assertEquals("2 created (a, a)", apply(A + "---\n" + server.formatted("https://a.example/mcp")));
        assertEquals("1 updated (a)", apply(A + "---\n" + server.formatted("https://b.example/mcp")));

        assertEquals(
                "https://b.example/mcp",
                state.servers().latest().get("a").definition().at("/remote/url").asText());
        assertTrue(assertThrows(UserError.class, () -> apply(A + "---\n" + server.formatted("http://public.example")))
                .getMessage()
                .contains(":8:"));
    }

    @Test
    void aManifestSetsBudgetsAndProvidersAndLeavesTheOthersAlone() throws Exception {
        budgets.set(new Budget(new BudgetTarget.EachAgent(), Period.WEEKLY, 5, 80));

        assertEquals(
                "1 created (a), 2 budgets set (daily of each-user, monthly of user:ada@example.com)", apply(A + """
                ---
                budgets:
                - {target: each-user, period: daily, usd: 12.50}
                - {target: 'user:ada@example.com', period: monthly, usd: '200', warn_percent: 90}
                """));
        assertEquals(
                "1 budget set (daily of each-user)",
                apply("[{target: each-user, period: daily, usd: 13}, {target: 'user:ada@example.com', "
                        + "period: monthly, limitMicrocents: '20000000000', warnPercent: 90}]"));
        assertEquals(
                Set.of(
                        new Budget(new BudgetTarget.EachUser(), Period.DAILY, 1_300_000_000L, 80),
                        new Budget(new BudgetTarget.User("ada@example.com"), Period.MONTHLY, 20_000_000_000L, 90),
                        new Budget(new BudgetTarget.EachAgent(), Period.WEEKLY, 5, 80)),
                Set.copyOf(budgets.list()));
        assertEquals("nothing to change", apply(listed(budgets.list())));
    }

    /// Returns the budgets as `rpkai budget list -o yaml` prints them.
    private static String listed(List<Budget> budgets) {
        return budgets.stream()
                .map(budget -> BudgetJson.of(budget)
                        .put("spentMicrocents", 7)
                        .put("resets", "2026-12-01T00:00:00Z")
                        .toString())
                .toList()
                .toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'budgets:\n- {target: everybody, period: daily, usd: 5}\n'             | 2:4: "
                        + "budgets[0].target is not everyone, each-user, user:NAME, each-agent or agent:NAME",
                "'budgets:\n- target: everyone\n  usd: 5\n'                             | 2:3: "
                        + "budgets[0].period is not daily, weekly or monthly",
                "'budgets:\n- target: everyone\n  period: yearly\n  usd: 5\n'           | 3:3: "
                        + "budgets[0].period is not daily",
                "'target: everyone\nperiod: daily\nusd: -5\n'                           | 3:1: usd is "
                        + "not an amount in US dollars such as 50 or 12.50",
                "'target: everyone\nperiod: daily\nlimitMicrocents: 1.5\n'              | 3:1: "
                        + "limitMicrocents is not an integer number of microcents",
                "'target: everyone\nperiod: daily\n'                                    | 1:1: needs one "
                        + "of usd and limitMicrocents",
                "'target: everyone\nperiod: daily\nusd: 5\nlimitMicrocents: 5\n'        | 1:1: needs one "
                        + "of usd and limitMicrocents",
                "'target: everyone\nperiod: daily\nusd: 5\nwarnPercent: 101\n'          | 4:1: "
                        + "warnPercent is not a whole number from 1 to 100",
                "'target: everyone\nperiod: daily\nusd: 5\nwarnPercnt: 90\n'            | 4:1: "
                        + "warnPercnt is not known: did you mean warnPercent?",
                "'target: everyone\nperiod: dayly\nusd: x\n'                            | 2:1: period is not daily",
                "'budgets: 5\n'                                                         | 1:1: budgets is not a list",
                "'budgets: [5]\n'                                                       | 1:11: "
                        + "budgets[0] is not a mapping",
                "'name: a\nbudgets: []\n'                                               | 1:1: name "
                        + "cannot be in the same document as budgets",
                "'budgets:\n- {target: everyone, period: daily, usd: 5}\n- {target: everyone, period: "
                        + "daily, usd: 6}\n' | 3:3: budgets[1] is a second budget daily of everyone, see also "
            })
    void anInvalidBudgetIsReportedWithItsPositionAndChangesNothing(String yaml, String message) throws Exception {
        var error =
                assertThrows(UserError.class, () -> apply(A + "---\ntarget: each-user\nperiod: daily\nusd: 5\n", yaml));

        assertTrue(error.getMessage().startsWith(temp.resolve("folder/1.yaml") + ":" + message), error.getMessage());
        assertEquals(List.of(), budgets.list());
        assertEquals(Set.of(), state.providers().latest().keySet());
    }

    @Test
    void aBudgetIsFollowedAsItsFileChanges() throws Exception {
        Files.writeString(file, "budgets: [{target: everyone, period: monthly, usd: 100}]\n");
        var said = new CopyOnWriteArrayList<String>();
        try (var _ = ManifestWatch.start(new ManifestSet(List.of(file)), state, budgets, said::add)) {
            Files.writeString(file, "budgets: [{target: everyone, period: monthly, usd: 1000}]\n");
            Eventually.holds(
                    () -> budgets.list().getFirst().microcents() == 100_000_000_000L,
                    Duration.ofMinutes(2),
                    said::toString);
        }
        assertEquals("rpkai: manifests: 1 budget set (monthly of everyone)", said.getFirst());
    }

    @Test
    void aMissingManifestIsReported() {
        assertEquals(
                "there is no manifest " + file + ": check the path",
                assertThrows(UserError.class, () -> new ManifestSet(List.of(file)).applyTo(state, budgets))
                        .line());
    }

    @Test
    void aChangeIsAppliedWhereverTheFileWasReplaced() throws Exception {
        Files.writeString(file, A);
        var said = new CopyOnWriteArrayList<String>();
        try (var _ = ManifestWatch.start(new ManifestSet(List.of(file)), state, budgets, said::add)) {
            // in place, as an editor may do it
            Files.writeString(file, A + "displayName: in place\n");
            awaitDisplayName("in place");
            // another file in its place, as others do
            Files.move(
                    Files.writeString(temp.resolve("next"), A + "displayName: moved\n"),
                    file,
                    ATOMIC_MOVE,
                    REPLACE_EXISTING);
            awaitDisplayName("moved");
        }
        assertEquals(
                List.of(
                        "rpkai: manifests: 1 created (a)",
                        "rpkai: manifests changed: 1 updated (a)",
                        "rpkai: manifests changed: 1 updated (a)"),
                said);
    }

    @Test
    void aKubernetesVolumeIsFollowed() throws Exception {
        var volume = Files.createDirectory(temp.resolve("volume"));
        version(volume, "1", A + "displayName: one\n");
        Files.createSymbolicLink(volume.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(volume.resolve("a.yaml"), Path.of("..data/a.yaml"));
        try (var _ = ManifestWatch.start(new ManifestSet(List.of(volume)), state, budgets, _ -> {})) {
            assertEquals("one", displayName());
            version(volume, "2", A + "displayName: two\n");
            Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of("..2"));
            Files.move(volume.resolve("..data_tmp"), volume.resolve("..data"), ATOMIC_MOVE, REPLACE_EXISTING);
            awaitDisplayName("two");
        }
    }

    @Test
    void aBrokenManifestKeepsTheLastGoodStateAndIsAppliedOnceItIsCorrected() throws Exception {
        Files.writeString(file, A + "displayName: good\n");
        var said = new CopyOnWriteArrayList<String>();
        try (var _ = ManifestWatch.start(new ManifestSet(List.of(file)), state, budgets, said::add)) {
            Files.writeString(file, A + "displayName: broken\ntags: [\n");
            Eventually.holds(() -> said.size() == 2, Duration.ofMinutes(2), said::toString);
            assertTrue(
                    said.getLast().startsWith("rpkai: manifests are invalid, nothing was changed: " + file + ":6:"),
                    said.getLast());
            assertTrue(said.getLast().endsWith(": correct the file"), said.getLast());
            assertEquals("good", displayName());

            Files.delete(file);
            Eventually.holds(() -> said.size() == 3, Duration.ofMinutes(2), said::toString);
            assertEquals("good", displayName());

            Files.writeString(file, A + "displayName: mended\n");
            awaitDisplayName("mended");
        }
    }

    @Test
    void noSecretThatStandsInAReferencesPlaceIsRepeated() throws Exception {
        var error = assertThrows(
                UserError.class,
                () -> apply("name: a\nanthropicConfig:\n  apiKeyRef: sk-ant-secret\n  baseUrl: "
                        + "https://u:sk-ant-secret@x.example\n"));

        assertFalse(error.line().contains("sk-ant-secret"), error.line());
    }

    private static void version(Path volume, String name, String yaml) throws Exception {
        Files.writeString(Files.createDirectory(volume.resolve(".." + name)).resolve("a.yaml"), yaml);
    }

    private void awaitDisplayName(String name) {
        Eventually.holds(() -> displayName().equals(name), Duration.ofMinutes(2), this::displayName);
    }

    private String displayName() {
        return state.providers()
                .latest()
                .get("a")
                .definition()
                .path("displayName")
                .asText();
    }

    private String apply(String yaml) throws Exception {
        Files.writeString(file, yaml);
        return new ManifestSet(List.of(file)).applyTo(state, budgets).toString();
    }

    private void apply(String first, String second) throws Exception {
        var folder = Files.createDirectory(temp.resolve("folder"));
        Files.writeString(folder.resolve("0.yml"), first);
        Files.writeString(folder.resolve("1.yaml"), second);
        Files.writeString(folder.resolve("ignored.txt"), "[");
        new ManifestSet(List.of(folder)).applyTo(state, budgets);
    }
}
