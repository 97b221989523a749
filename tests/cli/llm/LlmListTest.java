package tests.cli.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.ProviderJson;

class LlmListTest {
    @TempDir
    Path temp;

    private final FakeGateway gateway = FakeGateway.start();
    private Machine machine;

    @BeforeEach
    void aGatewayWithProviders() {
        gateway.provider(ProviderJson.anthropic("claude", "sonnet", "opus"))
                .provider(ProviderJson.openai("gpt").put("enabled", false));
        machine = new Machine(temp)
                .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", "t");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void theListIsATable() {
        assertEquals(new Machine.Result(0, """
                NAME    TYPE       ENABLED  MODELS
                claude  anthropic  yes      sonnet, opus
                gpt     openai     no       any
                """, ""), machine.run("llm", "list"));
    }

    @Test
    void theWideListHasMoreColumns() {
        gateway.provider(ProviderJson.passthrough("mine"))
                .provider(ProviderJson.bedrock("aws", "eu-west-1").put("displayName", "AWS"));

        var lines = machine.run("llm", "list", "-o", "wide").out().lines().toList();

        assertEquals(
                "NAME    TYPE       ENABLED  MODELS        CREDENTIAL     REGION     DISPLAY NAME  URL",
                lines.getFirst());
        assertEquals(
                "aws     bedrock    yes      any           the gateway's  eu-west-1  AWS           "
                        + gateway.proxyUrl("aws"),
                lines.get(1));
        assertTrue(lines.getLast().contains("the caller's"), lines.getLast());
    }

    @Test
    void theListInMarkdownIsATableToo() {
        assertTrue(machine.run("llm", "ls", "-o", "markdown")
                .out()
                .startsWith("| NAME | TYPE | ENABLED | MODELS |\n| --- | --- | --- | --- |\n| claude "
                        + "| anthropic | yes | sonnet, opus |\n"));
    }

    @Test
    void jsonAndYamlAreTheWiresOwnNames() throws IOException {
        var json = new ObjectMapper()
                .readTree(machine.run("llm", "list", "-o", "json").out());

        assertEquals("LLM_PROVIDER_TYPE_ANTHROPIC", json.path(0).path("type").asText());
        assertEquals(gateway.proxyUrl("claude"), json.path(0).path("url").asText());
        assertEquals(
                json,
                new YAMLMapper()
                        .readTree(machine.run("llm", "list", "-o", "yaml").out()));
    }

    @Test
    void aProviderThatMayNotBeReadNamesWhomToAsk() {
        gateway.fail(Endpoint.GET_PROVIDER, 1, Fault.connect("permission_denied", "no get"));

        var result = machine.run("llm", "get", "claude");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(
                result.err()
                        .startsWith("rpkai: you may not read provider \"claude\" (no get): ask the gateway's "
                                + "administrator"),
                result.err());
    }

    @Test
    void aGatewayCannotMoveTheCursor() {
        gateway.provider(
                ProviderJson.anthropic("evil", "a\u001b[2Jb\nc", "d\u009be").put("displayName", "x\u0007y"));

        for (var format : new String[] {"table", "wide", "json", "yaml", "markdown"}) {
            for (var command : new String[] {"list", "get evil"}) {
                var out = machine.run(("-o " + format + " llm " + command).split(" "))
                        .out();

                assertFalse(out.matches("(?s).*[\\p{Cc}&&[^\\n]].*"), format + ": " + out);
            }
        }
        assertEquals(4, machine.run("llm", "list").out().lines().count());
    }

    /// The fixture is an older gateway, which ignores unknown fields.
    @Test
    void anOlderGatewaysListIsFilteredAndOrderedHere() {
        gateway.provider(ProviderJson.google("gemini").put("displayName", "G")).largestPage(2);

        assertEquals("claude\ngemini\n", names("--filter", "enabled = true"));
        assertEquals("gpt\ngemini\nclaude\n", names("--order-by", "name desc"));
        assertEquals("gemini\n", names("--name-contains", "g", "--filter", "NOT type = openai"));
        assertEquals("gpt\ngemini\n", names("--name-contains", "g", "--order-by", "name desc"));
        assertEquals("", names("--name-contains", "nothing"));
        gateway.fail(Endpoint.LIST_PROVIDERS, 1, Fault.connect("invalid_argument", "filter: expected an object"));
        assertEquals("gemini\n", names("--filter", "display_name = G"));
    }

    @Test
    void onePageNamesTheTokenOfTheNext() {
        var first = machine.run("llm", "list", "--page-size", "1");

        assertEquals("NAME    TYPE       ENABLED  MODELS\nclaude  anthropic  yes      sonnet, opus\n", first.out());
        assertEquals("rpkai: next page: --page-token page-1\n", first.err());
        assertEquals("gpt\n", names("--page-size", "1", "--page-token", "page-1"));
    }

    @Test
    void onePageOfAFilteredListIsNothingThatAnOlderGatewayCanGive() {
        var result = machine.run("llm", "list", "--page-size", "1", "--filter", "enabled = true");

        assertEquals(1, result.exitCode());
        assertEquals(
                ("rpkai: the AI Gateway at %s does not support --filter and --order-by: omit --page-size and "
                                + "--page-token, so that rpkai reads the whole list and filters it\n")
                        .formatted(gateway.url()),
                result.err());
    }

    @Test
    void anErrorInAFilterOrAnOrderIsReportedWithItsPosition() {
        for (var line : new String[][] {
            {"--filter", "name =", "--filter: at position 7: a value after \"=\" is missing"},
            {
                "--filter",
                "nmae = x",
                "--filter: at position 1: lists of providers have no field \"nmae\"; did you mean name?"
            },
            {"--order-by", "name up", "--order-by: at position 1: only asc or desc may follow a field"},
            {"--page-size", "0", "--page-size must be at least 1"},
            {"--page-token", "nonsense", "the AI Gateway refused to list this page (page_token: unknown)"}
        }) {
            var result = machine.run("llm", "list", line[0], line[1]);

            assertEquals(2, result.exitCode(), result.err());
            assertTrue(result.err().startsWith("rpkai: " + line[2] + ":"), result.err());
        }
    }

    private String names(String... flags) {
        var words = new java.util.ArrayList<>(java.util.List.of("llm", "list", "-o", "csv"));
        words.addAll(java.util.List.of(flags));
        var result = machine.run(words.toArray(String[]::new));
        assertEquals(0, result.exitCode(), result.err());
        return result.out()
                .lines()
                .skip(1)
                .map(line -> line.split(",")[0] + "\n")
                .collect(java.util.stream.Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(strings = {"llm-provider", "llm-providers", "provider", "lp"})
    void theGroupHasOtherNamesToo(String alias) {
        assertEquals(machine.run("llm", "list"), machine.run(alias, "list"));
    }

    @Test
    void theEndpointOfThisInvocationIsAsked() {
        try (var other = FakeGateway.start()) {
            other.provider(ProviderJson.google("gemini"));

            assertTrue(machine.run("-s", other.url(), "llm", "list").out().contains("gemini"));
        }
    }
}
