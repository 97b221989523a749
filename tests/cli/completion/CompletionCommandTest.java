package tests.cli.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import lib.startup.shortcut.NamesShortcut;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Eventually;
import tests.support.Fault;
import tests.support.Gate;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.ProviderJson;

/// Tests the output of `rpkai completion` in real shells, each in its own process.
class CompletionCommandTest {
    private static final String NAMES = "completion --names PROVIDER --for claude";

    @TempDir
    Path temp;

    private Machine machine;
    private FakeGateway gateway;

    @BeforeEach
    void aGateway() {
        gateway = FakeGateway.start()
                .provider(ProviderJson.anthropic("claude", "sonnet", "opus:1"))
                .provider(ProviderJson.openai("gpt"))
                .model(JsonNodeFactory.instance
                        .objectNode()
                        .put("name", "gpt-6")
                        .put("label", "GPT 6")
                        .put("providerType", "LLM_PROVIDER_TYPE_OPENAI"));
        machine = new Machine(temp)
                .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", "t");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void aShellCompletesCommandsFlagsChoicesAndNames(String shell) throws IOException, InterruptedException {
        assumeTrue(isThere(shell), shell);
        remembered();

        assertEquals(List.of("llm"), completed(shell, "rpkai ll"));
        assertEquals(
                List.of("list", "get", "create", "update", "delete", "check", "apply", "diff", "types").stream()
                        .sorted()
                        .toList(),
                completed(shell, "rpkai -p prod lp "));
        assertEquals(List.of("--embedded"), completed(shell, "rpkai run claude -L claude --emb"));
        assertEquals(List.of("high"), completed(shell, "rpkai run codex -e h"));
        assertEquals(List.of("claude"), completed(shell, "rpkai run claude -L "));
        assertEquals(List.of("gpt-6"), completed(shell, "rpkai run codex -L gpt -m "));
    }

    @Test
    void bashCompletesWordsThatReadlineSplits() throws IOException, InterruptedException {
        remembered();

        assertEquals(List.of("false"), completed("bash", "rpkai llm update gpt --enabled = f"));
        assertEquals(List.of("1"), completed("bash", "rpkai run claude -L claude -m opus : "));
    }

    @Test
    void namesAreRememberedForAMinuteAndAskedForAgainThen() throws IOException {
        remembered();
        assertEquals(1, gateway.managementCalls("ListLLMProviders").size());
        gateway.provider(ProviderJson.bedrock("aws", "eu-west-1"));

        var host = machine.host();
        assertTrue(NamesShortcut.print(host, NAMES.split(" ")));
        assertEquals("claude\tanthropic\n", machine.shortcut(NAMES));
        assertEquals(1, gateway.managementCalls("ListLLMProviders").size());
        assertEquals(
                "aws\tbedrock\nclaude\tanthropic\n",
                machine.run(NAMES.split(" ")).out());
    }

    @Test
    void anotherEnvironmentHasNamesOfItsOwn() {
        remembered();

        assertEquals("", machine.shortcut(NAMES + " -p other"));
        assertEquals(new Machine.Result(0, "", ""), machine.run((NAMES + " -p other").split(" ")));
    }

    @Test
    void aGatewayThatDoesNotAnswerIsNotAskedAtEveryKey() {
        gateway.close();

        assertEquals(new Machine.Result(0, "", ""), machine.run(NAMES.split(" ")));
        assertTrue(NamesShortcut.print(machine.host(), NAMES.split(" ")));
    }

    @Test
    void aGatewayThatTakesItsTimeIsNotWaitedForAtATab() throws IOException, InterruptedException {
        var gate = new Gate();
        gateway.failAlways(Endpoint.LIST_PROVIDERS, Fault.heldAnswer(gate));
        var tab = machine.with("PATH", "/usr/bin:/bin").start(NAMES.split(" ")).start();

        assertEquals("", new String(tab.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, tab.waitFor());
        gate.open();
        Eventually.holds(
                () -> machine.shortcut(NAMES).equals("claude\tanthropic\n"),
                Duration.ofMinutes(2),
                () -> "nobody asked again");
    }

    @Test
    void aProviderThatNoAgentSpeaksIsOfferedToNone() {
        gateway.provider(ProviderJson.ofUnknownType("next", "m"));

        remembered();
    }

    @Test
    void aNameCannotMoveTheCursor() {
        gateway.provider(ProviderJson.anthropic("evil", "a\u001b[2Jb\tc\nd"));

        assertTrue(machine.run("completion", "--names", "MODEL", "--for", "evil")
                .out()
                .matches("a \\[2Jb c d\t\n"));
    }

    private void remembered() {
        assertEquals(new Machine.Result(0, "claude\tanthropic\n", ""), machine.run(NAMES.split(" ")));
    }

    /// Returns the completions that the shell offers at the end of this line, in order.
    private List<String> completed(String shell, String line) throws IOException, InterruptedException {
        var script = machine.cwd().resolve("rpkai." + shell);
        if (!Files.exists(script))
            machine.write(
                    "work/rpkai." + shell, machine.run("completion", shell).out());
        machine.program(
                "rpkai",
                Machine.command().stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" ", "exec ", " \"$@\"\n")));
        var words = new ArrayList<>(List.of(line.split(" ")));
        if (line.endsWith(" ")) words.add("");
        var quoted = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        var program = switch (shell) {
            case "bash" ->
                "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _rpkai; printf '%%s\\n' \"${COMPREPLY[@]}\""
                        .formatted(script, quoted, words.size() - 1);
            // The walk alone: the rest takes a line editor.
            case "zsh" ->
                "compdef() { :; }; source %s; __rpkai_complete '%s' %s | cut -f1 | grep '^%s'"
                        .formatted(
                                script,
                                words.getLast(),
                                String.join(" ", words.subList(1, words.size() - 1)),
                                words.getLast());
            default -> "source %s; complete -C '%s' | string split -f1 \\t".formatted(script, line);
        };
        // Not the shell that the machine's folder holds none of.
        var process = machine.with("PATH", temp.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin")
                .process(List.of(shell, shell.equals("fish") ? "-Nc" : shell.equals("zsh") ? "-fc" : "-c", program))
                .redirectErrorStream(true)
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out.lines().filter(each -> !each.isEmpty()).sorted().toList();
    }

    private static boolean isThere(String shell) {
        return List.of("/usr/bin/", "/bin/", "/usr/local/bin/").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder + shell)));
    }
}
