package tests.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lib.base.Host;
import lib.base.UserError;
import lib.launch.Launch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;
import tests.support.upstream.ResponsesReplies;

/// Launches that a script makes.
class LaunchTest {
    private static final String TOKEN = "the-gateway-token";

    @TempDir
    Path temp;

    private Machine machine;
    private FakeGateway gateway;

    @BeforeEach
    void start() {
        gateway = FakeGateway.start()
                .tokens(TOKEN::equals)
                .provider(ProviderJson.anthropic("claude", "claude-sonnet-4-5"))
                .provider(ProviderJson.openai("openai"))
                .provider(ProviderJson.passthrough("own"));
        machine = new Machine(temp);
        machine.with("PATH", temp.resolve("bin") + ":/usr/bin:/bin");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void thePlanIsTheOneOfTheCommand() {
        machine.with("RPAI_TOKEN", TOKEN).with("ANTHROPIC_API_KEY", "mine");

        var plan = Launch.claude(claude -> claude.in(Path.of("work-claude")))
                .gateway(gateway.url())
                .through("claude")
                .model("claude-sonnet-4-5")
                .args("-p", "hi")
                .on(machine.host())
                .plan();

        var printed = machine.run(
                "run",
                "claude",
                "-s",
                gateway.url(),
                "-L",
                "claude",
                "-m",
                "claude-sonnet-4-5",
                "--claude-config-dir",
                "work-claude",
                "--print-settings",
                "--",
                "-p",
                "hi");
        // Either has a relay of its own.
        assertEquals(
                printed.out().replaceAll("127.0.0.1:[0-9]+", "RELAY"),
                plan.toJson().toPrettyString().replaceAll("127.0.0.1:[0-9]+", "RELAY") + "\n",
                printed.err());
    }

    @Test
    void itFailsWithTheMessagesAndTheExitCodesOfTheCommand() {
        machine.with("RPAI_TOKEN", TOKEN);
        same(Launch.claude(), "run", "claude", "-s", gateway.url());
        same(Launch.claude().through("openai"), "run", "claude", "-s", gateway.url(), "-L", "openai");
        same(
                Launch.claude(claude -> claude.bedrock().passthrough()).through("claude"),
                "run",
                "claude",
                "-s",
                gateway.url(),
                "-L",
                "claude",
                "--bedrock",
                "--passthrough");
        same(
                Launch.codex(codex -> codex.effort("much")).through("openai"),
                "run",
                "codex",
                "-s",
                gateway.url(),
                "-L",
                "openai",
                "-e",
                "much");
        same(Launch.codex().through("openai"), "run", "codex", "-s", gateway.url(), "-L", "openai");
        same(Launch.claude().through("claude"), "run", "claude", "-s", gateway.url(), "-L", "claude");
    }

    private void same(Launch launch, String... command) {
        var err = new ByteArrayOutputStream();
        var host = machine.host();
        var exitCode = launch.gateway(gateway.url())
                .on(new Host(
                        host.env(),
                        new Host.Folders(host.home(), host.cwd(), host.root()),
                        new Host.Streams(
                                host.in(), host.out(), new PrintStream(err, true, StandardCharsets.UTF_8), false),
                        host.clock()))
                .run();

        var expected = machine.run(command);
        assertTrue(exitCode == 1 || exitCode == 2, expected.err());
        assertEquals(expected.exitCode() + expected.err(), exitCode + err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void pinnedAndTypedArgumentsReachTheAgentAndItsExitCodeIsReturned() throws Exception {
        machine.program("claude", "shift 2\necho \"$TICKET $*\"\nexit 37\n");

        var ended = run("plain", "-p", "a  b");

        assertEquals(37, ended.exitCode, ended.err);
        assertEquals("OPS-7 --permission-mode plan -p a  b\n", ended.out);
    }

    @Test
    void theHooksAreToldInTurn() throws Exception {
        machine.program("claude", "echo at work\nexit 3\n");

        var ended = run("hooks");

        assertEquals(3, ended.exitCode, ended.err);
        assertEquals(
                "before claude\nat work\nafter exit 3 after N s, 0 calls, 0 tokens in, 0 out\n",
                ended.out.replaceAll("[0-9]+ s,", "N s,"));
    }

    @Test
    void aCheckThatRefusesIsAnErrorAndNothingIsLaunched() throws Exception {
        machine.program("claude", "echo at work\n");

        var ended = run("refusing");

        assertEquals(1, ended.exitCode);
        assertEquals("", ended.out);
        assertEquals(
                "rpkai: not on a Friday: wait until Monday",
                ended.err.lines().toList().getLast());
    }

    @Test
    void anAgentOfOnesOwnTakesOneFileAndOneLine() throws Exception {
        machine.with("PRETEND_RIVAL", "elsewhere");
        machine.program(
                "pretend",
                "echo \"$* ${PRETEND_RIVAL-gone}\"\ncurl -sf -H \"Authorization: Bearer $PRETEND_KEY\" "
                        + "\"$PRETEND_URL/v1/models\" | head -c 16\n");

        var ended = run("pretend", "hi");

        assertEquals("hi gone\n{\"object\":\"list\"", ended.out, ended.err);
        assertEquals(
                "rpkai: Pretend Agent is not installed (no `pretend` on the PATH): run npm install -g "
                        + "pretend-agent@latest, or launch with --install-agent",
                Files.deleteIfExists(temp.resolve("bin/pretend"))
                        ? run("pretend").err.lines().toList().getLast()
                        : "");
    }

    @Test
    void aConversationIsOnEveryRequestTheKeyIsTheRelaysAndTheUseIsCounted() throws Exception {
        machine.with("RPAI_TOKEN", TOKEN);
        gateway.handle(ResponsesReplies.upstream(ResponsesReplies.text("hello")));

        var ended = run("conversation", gateway.url(), """
                curl -sf -H "Authorization: Bearer $OPENAI_API_KEY" -H "Content-Type: application/json" -d \
                '{"model":"m","input":"hi","stream":true}' "$OPENAI_BASE_URL/responses" >answer
                env >env.txt; exit 5""");

        assertEquals(5, ended.exitCode, ended.err);
        assertTrue(ended.out.startsWith("exit 5 after ") && ended.out.contains(" 1 calls, "), ended.out);
        var call = gateway.proxied().getFirst().request();
        assertEquals(List.of("OPS-7"), call.headers("X-Redpanda-Genai-Conversation"));
        assertEquals(TOKEN, call.bearer().orElseThrow());
        assertTrue(
                !Files.readString(machine.cwd().resolve("env.txt")).contains(TOKEN),
                "the gateway token in the program's environment");
    }

    @Test
    void aVariableOfTheLaunchItselfCantBeSet() {
        var launch = Launch.claude().through("demo").on(machine.host());

        for (var name : List.of("ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY")) {
            assertEquals(
                    "only the launch may set " + name + ": omit it",
                    assertThrows(
                                    UserError.class,
                                    () -> launch.variable(name, "x").plan())
                            .line());
        }
    }

    @Test
    void aScriptRunsAnyCommand() throws Exception {
        var version = run("command", "version", "-o", "json");
        var unknown = run("command", "versoin");
        var silent = run("silently", "versoin");

        assertEquals(machine.run("version", "-o", "json").out(), version.out());
        assertEquals(2, unknown.exitCode());
        assertTrue(unknown.err().contains("did you mean version?"), unknown.err());
        assertEquals(new Result(2, "", ""), silent);
    }

    private record Result(int exitCode, String out, String err) {}

    private Result run(String... args) throws IOException, InterruptedException {
        var command = new ArrayList<>(Machine.command());
        command.set(command.size() - 1, "tests.launch.Script");
        command.addAll(Arrays.asList(args));
        var err = temp.resolve("err");
        var process = machine.process(command).redirectError(err.toFile()).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, Files.readString(err));
    }
}
