package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.auth.SignedIn;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;

/// Tests the messages of `rpkai run codex` before a launch, or instead of one.
class RunCodexCommandTest {
    @TempDir
    Path temp;

    private Machine machine;
    private FakeIdentityProvider idp;
    private FakeGateway gateway;

    @BeforeEach
    void signIn() {
        idp = FakeIdentityProvider.start();
        gateway = FakeGateway.start()
                .tokens(idp::isValid)
                .provider(ProviderJson.openai("gpt", "gpt-6.1-sol"))
                .provider(ProviderJson.openaiCompatible("local", "http://localhost:11434/v1"))
                .provider(ProviderJson.anthropic("claude"));
        machine = new Machine(temp);
        machine.write(
                "home/.rpai/config",
                ("current: test\nprofiles:\n  test:\n    organization: org_123\n    ai_gateway_url: %s\n  "
                                + "open:\n    ai_gateway_url: %s\n    auth_mode: none\ncloud:\n  issuer: %s\n")
                        .formatted(gateway.url(), gateway.url(), idp.issuer()));
        SignedIn.save(machine, idp, "org_123", idp.signIn());
    }

    @AfterEach
    void close() {
        gateway.close();
        idp.close();
    }

    @Test
    void withoutAProviderTheOnesThatFitAreNamed() {
        fails(2, "rpkai: --llmprovider is required: use -L gpt or -L local\n");
        fails(2, "rpkai: --llmprovider is required: choose one with -L; rpkai llm list lists them\n", "--print-config");
    }

    @Test
    void aProviderOfTheWrongTypeIsRefusedWithTheTypesThatFit() {
        fails(
                1,
                "rpkai: provider \"claude\" has the type anthropic, but Codex requires openai or "
                        + "openai_compatible: use -L gpt or -L local\n",
                "-L",
                "claude");
    }

    @Test
    void aDisabledProviderIsRefusedWithTheCommandThatEnablesIt() {
        gateway.provider(ProviderJson.openai("off").put("enabled", false));

        fails(1, "rpkai: provider \"off\" is disabled: run rpkai llm update off --enabled\n", "-L", "off");
    }

    @Test
    void anUnknownProviderIsNamed() {
        fails(
                1,
                "rpkai: provider \"nope\" not found at %s: run rpkai llm list\n".formatted(gateway.url()),
                "-L",
                "nope");
    }

    @Test
    void signedOutTheCommandToSignInIsNamed() throws Exception {
        Files.delete(machine.home().resolve(".rpai/credentials"));

        fails(1, "rpkai: no usable gateway token: run rpkai auth login (not signed in to org_123)\n", "-L", "gpt");
    }

    @Test
    void aMissingCodexIsNamedWithTheWaysToInstallIt() {
        fails(
                1,
                "rpkai: Codex is not installed (no `codex` on the PATH): run npm install -g "
                        + "@openai/codex@latest, or launch with --install-agent\n",
                "-L",
                "gpt");
        assertFalse(
                Files.exists(machine.home().resolve(".cache")),
                "a home was made before it was known that there is a Codex");
    }

    @Test
    void anEffortThatCodexWouldPassOnUnseenIsRefused() {
        fails(
                2,
                "rpkai: unknown effort \"hihg\": use one of none, minimal, low, medium, high, xhigh\n",
                "-L",
                "gpt",
                "-e",
                "hihg");
        fails(
                2,
                "rpkai: unknown effort \"HIGH\": use one of none, minimal, low, medium, high, xhigh\n",
                "-L",
                "gpt",
                "--effort=HIGH");
    }

    @Test
    void aStaticTokenIsRefusedWithTheReason() {
        var refusal = "rpkai: a static token (--token, RPAI_TOKEN, auth_mode token) cannot be used with Codex, "
                + "because its token command would expose the token on disk and in the process list: add "
                + "--broker, or run rpkai auth login and omit the token\n";

        fails(2, refusal, "-L", "gpt", "--token", "t0k3n");
        fails(2, refusal, "-L", "gpt", "--token", "t0k3n", "--print-config");
        machine.with("RPAI_TOKEN", "t0k3n");
        fails(2, refusal, "-L", "gpt");
        assertEquals(List.of(), gateway.requests());
    }

    @Test
    void theUsersOwnHomeIsRefusedBeforeAnythingIsAsked() {
        fails(
                2,
                ("rpkai: --codex-home %s is your own Codex home, whose config.toml would be replaced: choose "
                                + "another folder\n")
                        .formatted(machine.home().resolve(".codex")),
                "-L",
                "gpt",
                "--codex-home",
                machine.home() + "/.codex");
        assertFalse(Files.exists(machine.home().resolve(".codex")));
        assertEquals(List.of(), gateway.requests());
    }

    @Test
    void argumentsThatWouldLeaveTheGatewayAreRefusedBeforeAnythingIsAsked() {
        fails(
                2,
                "rpkai: codex -c model_provider would bypass the gateway: choose a provider of the gateway "
                        + "with -L before the --\n",
                "-L",
                "gpt",
                "--",
                "exec",
                "-cmodel_provider=openai",
                "hi");
        fails(
                2,
                "rpkai: codex --oss would bypass the gateway: choose a provider of the gateway with -L "
                        + "before the --\n",
                "-L",
                "gpt",
                "--print-config",
                "--",
                "--oss");
        assertEquals(List.of(), gateway.requests());
    }

    @Test
    void theConfigIsPrintedWithoutAskingAnyoneForAnything() throws JsonProcessingException {
        gateway.failAlways(Endpoint.GET_PROVIDER, Fault.connect("unavailable", "down"));

        var printed = machine.run("run", "codex", "-L", "gpt", "-m", "gpt-6.1-sol", "-e", "low", "--print-config");

        assertEquals(0, printed.exitCode(), printed.err());
        assertEquals("", printed.err());
        assertEquals(List.of(), gateway.requests());
        assertEquals(List.of(), idp.requests());
        var config = new TomlMapper().readTree(printed.out());
        assertEquals(
                gateway.proxyUrl("gpt") + "/v1",
                config.at("/model_providers/rpkai/base_url").asText());
        assertEquals(
                "/usr/bin/env", config.at("/model_providers/rpkai/auth/command").asText());
        assertEquals("low", config.path("model_reasoning_effort").asText());
        assertFalse(Files.exists(machine.home().resolve(".cache")));
    }

    @Test
    void theHelperIsThisInstallationWithTheVariablesThatSteerItPinned() throws JsonProcessingException {
        machine.with("RPAI_ISSUER", idp.issuer())
                .with("RPAI_SERVICE_ACCOUNT_ID", "id")
                .with("RPAI_SERVICE_ACCOUNT_SECRET", "s3cret")
                .with("RPAI_PROFILE", "open");

        var config = machine.run("run", "codex", "-L", "gpt", "-p", "test", "--print-config")
                .out();

        assertFalse(config.contains("s3cret"), config);
        machine.with("RPAI_SERVICE_ACCOUNT_ID", "").with("RPAI_SERVICE_ACCOUNT_SECRET", "");
        var auth = new TomlMapper()
                .readTree(machine.run("run", "codex", "-L", "gpt", "-p", "test", "--print-config")
                        .out())
                .at("/model_providers/rpkai/auth");
        var words = auth.path("args").valueStream().map(word -> word.asText()).toList();
        assertTrue(words.contains("RPAI_ISSUER=" + idp.issuer()), words.toString());
        assertTrue(words.contains("RPAI_CREDENTIALS=" + machine.home().resolve(".rpai/credentials")), words.toString());
        for (var name : List.of(
                "RPAI_TOKEN",
                "RPAI_SERVICE_ACCOUNT_ID",
                "RPAI_SERVICE_ACCOUNT_SECRET",
                "RPAI_AUDIENCE",
                "JAVA_TOOL_OPTIONS")) {
            assertEquals("-u", words.get(words.indexOf(name) - 1), name);
        }
        assertEquals(
                List.of(
                        "--config",
                        machine.home().resolve(".rpai/config").toString(),
                        "--profile",
                        "test",
                        "auth",
                        "token",
                        "--refresh-within",
                        "1800s"),
                words.subList(words.size() - 8, words.size()));
    }

    @Test
    void withoutSignInThereIsAPlaceholder() throws JsonProcessingException {
        var config = new TomlMapper()
                .readTree(machine.run("run", "codex", "-L", "gpt", "-p", "open", "--print-config")
                        .out());

        assertTrue(config.at("/model_providers/rpkai/env_key").asText().startsWith("RPKAI_TOKEN_"));
    }

    private void fails(int exitCode, String message, String... args) {
        var all = new ArrayList<>(List.of("run", "codex"));
        all.addAll(List.of(args));

        var result = machine.run(all.toArray(String[]::new));

        assertEquals(message, result.err());
        assertEquals(exitCode, result.exitCode());
        assertEquals("", result.out());
    }
}
