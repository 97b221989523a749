package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.NewerGateway;

/// Every management command against the newer wire, and the same commands against the wire of before.
class NewerWireTest {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\\S+");

    @TempDir
    Path temp;

    private final NewerGateway newer = NewerGateway.start();
    private final FakeGateway older = FakeGateway.start();
    private Machine machine;

    @BeforeEach
    void machine() {
        var model = json("{'name': 'gpt-6', 'label': 'GPT 6', 'providerType': 'LLM_PROVIDER_TYPE_OPENAI', "
                + "'maxInputTokens': '400000', 'capabilities': {'reasoning': true, 'reasoningEfforts': "
                + "['low', 'high']}}");
        newer.model(model).model(json("{'name': 'next', 'providerType': 'LLM_PROVIDER_TYPE_FROM_THE_FUTURE'}"));
        older.model(model).model(json("{'name': 'next', 'providerType': 'LLM_PROVIDER_TYPE_FROM_THE_FUTURE'}"));
        machine = new Machine(temp).with("RPAI_TOKEN", "t").with("NO_COLOR", "1");
        machine.write(
                "work/m.yaml",
                "'@type': type.googleapis.com/redpanda.api.adp.v1alpha1.LLMProvider\nname: applied\n"
                        + "enabled: true\ndisplay_name: Applied\nanthropic_config: {api_key_ref: KEY}\n"
                        + "provider_models: [{name: sonnet}]\n");
        machine.write(
                "work/s.yaml",
                "name: served\nenabled: true\nremote: {url: 'https://s.example/mcp', transport: streamable-http}\n");
    }

    @AfterEach
    void stop() {
        newer.close();
        older.close();
    }

    /// Runs the commands in this order on a gateway that is empty at first, so that later output shows earlier
    /// changes.
    @Test
    void everyManagementCommandDoesTheSameOnBoth() {
        for (var line : List.of(
                "llm create gpt --openai-config.api-key-ref KEY --display-name GPT --tags team=search "
                        + "--provider-models gpt-6",
                "llm create gpt --openai-config.api-key-ref KEY",
                "llm create mine --anthropic-config.authorization-passthrough",
                "llm list",
                "llm list -o wide",
                "llm list --name-contains gp",
                "llm list --filter 'type = openai'",
                "llm list --filter 'enabled = true AND display_name:GPT'",
                "llm list --order-by 'name desc'",
                "llm get gpt",
                "llm get absent",
                "llm update gpt --description What --enabled=false",
                "llm update gpt --clear tags",
                "llm types",
                "llm diff -f m.yaml",
                "llm apply -f m.yaml",
                "llm diff -f m.yaml",
                "llm update applied --description omitted",
                "llm diff -f m.yaml",
                "llm diff --keep-omitted -f m.yaml",
                "llm apply -f m.yaml",
                "llm get applied",
                "llm check mine",
                "llm check absent",
                "llm delete mine",
                "llm delete mine",
                "model list",
                "model list -o wide",
                "model list --provider-type openai",
                "model list --filter 'provider_type = openai'",
                "model get gpt-6",
                "model get absent",
                "mcp create web --url https://w.example/mcp --transport streamable-http",
                "mcp create sse --url https://s.example --transport sse --no-auth",
                "mcp list",
                "mcp list -o wide",
                "mcp list --filter 'name = web'",
                "mcp list --order-by 'name desc'",
                "mcp get web",
                "mcp update web --description Web",
                "mcp types",
                "mcp diff -f s.yaml",
                "mcp apply -f s.yaml",
                "mcp diff -f s.yaml",
                "mcp delete web")) {
            assertEquals(shown(older.url(), line), shown(newer.url(), line), line);
        }
        assertEquals(newer.provider("applied"), settable(older.stored("applied")));
        assertEquals(newer.provider("gpt"), settable(older.stored("gpt")));
        assertEquals(newer.server("served"), settable(older.storedServer("served")));
    }

    @Test
    void applyingTheOutputOfGetChangesNothingOnTheNewerWire() {
        run(newer.url(), "llm apply -f m.yaml");
        run(newer.url(), "mcp apply -f s.yaml");
        for (var kind : List.of("llm", "mcp")) {
            for (var format : List.of("yaml", "json")) {
                machine.typing(run(newer.url(), "%s list -o %s".formatted(kind, format))
                        .out());
                assertEquals(new Machine.Result(0, "", "1 unchanged\n"), run(newer.url(), kind + " diff -f -"));
            }
        }
    }

    @Test
    void theNewerGatewayFiltersOrdersAndPagesItself() {
        for (var name : List.of("a", "b", "c", "d", "e"))
            run(
                    newer.url(),
                    "llm create %s --openai-config.api-key-ref KEY%s"
                            .formatted(name, name.equals("c") ? " --enabled=false" : ""));

        assertEquals(List.of("a", "b", "d", "e"), names("--filter 'enabled = true'"));
        assertEquals(
                json("{'filter': 'enabled = true', 'pageSize': 100}"),
                newer.calls("ListLLMProviders")
                        .get(newer.calls("ListLLMProviders").size() - 2));
        assertEquals(List.of("e", "d", "c", "b", "a"), names("--order-by 'name desc'"));
        assertEquals(List.of("b"), names("--name-contains b --filter 'enabled = true'"));
        var page = run(newer.url(), "llm list -o csv --filter 'enabled = true' --page-size 2");
        assertEquals("rpkai: 4 in all; next page: --page-token from-2\n", page.err());
        assertEquals(List.of("d", "e"), names("--filter 'enabled = true' --page-size 2 --page-token from-2"));
        assertEquals(2, run(newer.url(), "llm list --page-token nonsense").exitCode());
    }

    @Test
    void aDraftIsCheckedAndSecretsAreManagedOnTheNewerWire() {
        assertTrue(
                run(newer.url(), "llm check -f m.yaml").err().contains("FAIL  applied  code=9  secret KEY is not set"));
        machine.typing("the-value\n");
        assertEquals(new Machine.Result(0, "", "Secret KEY is created.\n"), run(newer.url(), "secret create KEY"));
        assertEquals(new Machine.Result(0, "OK  applied  (31 ms)\n", ""), run(newer.url(), "llm check -f m.yaml"));
        assertEquals("the-value", newer.secret("KEY"));
        machine.typing("another\n");
        assertEquals(
                "Secret KEY is updated.\n",
                run(newer.url(), "secret update KEY --value-file -").err());
        assertEquals("another", newer.secret("KEY"));
        assertEquals(
                "NAME  UPDATED\nKEY   2026-10-02T00:00:00Z\n",
                run(newer.url(), "secret list --filter 'name = KEY'").out());
        assertTrue(
                run(newer.url(), "secret get KEY").out().startsWith("NAME        KEY\n"),
                run(newer.url(), "secret get KEY").out());
        assertEquals(
                "Secret KEY is deleted.\n",
                run(newer.url(), "secret delete KEY").err());
        assertEquals(
                "rpkai: there is no secret KEY at %s: run rpkai secret list\n".formatted(newer.url()),
                run(newer.url(), "secret get KEY").err());
    }

    private List<String> names(String flags) {
        return run(newer.url(), "llm list -o csv " + flags)
                .out()
                .lines()
                .skip(1)
                .map(line -> line.split(",")[0])
                .toList();
    }

    /// Returns a command's output without the parts that differ: the gateway's address, its dates, and the
    /// wording of its errors.
    private String shown(String url, String line) {
        var result = run(url, line);
        return (result.exitCode() + "\n" + result.out() + result.err())
                .replace(url, "URL")
                .replaceAll("(?m)^(CREATED|UPDATED|ETAG).*\\R", "")
                .replaceAll("code=failed_precondition  .*", "code=failed_precondition")
                .lines()
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"));
    }

    private Machine.Result run(String url, String line) {
        var words = new ArrayList<>(List.of("-s", url));
        var matcher = WORD.matcher(line);
        while (matcher.find()) words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group());
        return machine.run(words.toArray(String[]::new));
    }

    private static ObjectNode settable(JsonNode stored) {
        return ((ObjectNode) stored.deepCopy()).remove(List.of("url", "createdAt", "updatedAt"));
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
