package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
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

/// Tests the messages of `rpkai run claude` before a launch, or instead of one.
class RunClaudeCommandTest {
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
                .provider(ProviderJson.anthropic("claude", "claude-sonnet-4-5"))
                .provider(ProviderJson.bedrock("aws", "us-east-1"))
                .provider(ProviderJson.openai("gpt"))
                .provider(ProviderJson.passthrough("own"));
        machine = new Machine(temp);
        machine.write(
                "home/.rpai/config",
                ("current: test\nprofiles:\n  test:\n    organization: org_123\n    ai_gateway_url: %s\n"
                                + "cloud:\n  issuer: %s\n")
                        .formatted(gateway.url(), idp.issuer()));
        SignedIn.save(machine, idp, "org_123", idp.signIn());
    }

    @AfterEach
    void close() {
        gateway.close();
        idp.close();
    }

    @Test
    void withoutAProviderTheOnesThatFitAreNamed() {
        fails(2, "rpkai: --llmprovider is required: use -L aws or -L claude or -L own\n", "run", "claude");
    }

    @Test
    void withoutAProviderThatCanBeListedTheFlagIsStillNamed() {
        gateway.failAlways(Endpoint.LIST_PROVIDERS, Fault.connect("permission_denied", "no"));

        fails(2, "rpkai: --llmprovider is required: choose one with -L; rpkai llm list lists them\n", "run", "claude");
    }

    @Test
    void aProviderOfTheWrongTypeIsRefusedWithTheTypesThatFit() {
        fails(
                1,
                "rpkai: provider \"gpt\" has the type openai, but Claude Code requires anthropic or "
                        + "bedrock: use -L aws or -L claude or -L own\n",
                "run",
                "claude",
                "-L",
                "gpt");
    }

    @Test
    void aDisabledProviderIsRefusedWithTheCommandThatEnablesIt() {
        gateway.provider(ProviderJson.anthropic("off").put("enabled", false));

        fails(
                1,
                "rpkai: provider \"off\" is disabled: run rpkai llm update off --enabled\n",
                "run",
                "claude",
                "-L",
                "off");
    }

    @Test
    void anUnknownProviderIsNamed() {
        fails(
                1,
                "rpkai: provider \"nope\" not found at %s: run rpkai llm list\n".formatted(gateway.url()),
                "run",
                "claude",
                "-L",
                "nope");
    }

    @Test
    void aNameThatWouldBeAnotherPathIsBadUsageAndIsNotSent() {
        for (var name : List.of("a/b", "../x", "A", "x%2f", "")) {
            var result = machine.run("run", "claude", "-L", name);

            assertEquals(2, result.exitCode(), name + result.err());
            assertTrue(result.err().startsWith("rpkai: \"%s\" is not a provider name: ".formatted(name)), result.err());
        }
        assertEquals(List.of(), gateway.requests());
    }

    @Test
    void withoutASignInTheErrorExplainsHowToSignIn() {
        machine.write("home/.rpai/credentials", "{}");

        fails(
                1,
                "rpkai: no usable gateway token: run rpkai auth login (not signed in to org_123)\n",
                "run",
                "claude",
                "-L",
                "claude");
    }

    @Test
    void anEnvironmentWithoutAGatewayIsNotReady() {
        machine.profile("staging", "auth_mode: device");

        var result = machine.run("run", "claude", "-L", "claude");

        assertEquals(1, result.exitCode());
        assertTrue(
                result.err().startsWith("rpkai: environment \"staging\" is not ready (no AI Gateway URL): "),
                result.err());
    }

    @Test
    void aMissingAgentNamesTheBinaryAndHowToInstallIt() {
        fails(
                1,
                "rpkai: Claude Code is not installed (no `claude` on the PATH): run npm install -g "
                        + "@anthropic-ai/claude-code@latest, or launch with --install-agent\n",
                "run",
                "claude",
                "-L",
                "claude");
    }

    @Test
    void installingTheAgentWithoutNpmReportsThatNpmIsMissing() {
        fails(
                1,
                "rpkai: Claude Code cannot be installed: there is no npm on the PATH: install Node.js "
                        + "(https://nodejs.org), then run the command again\n",
                "run",
                "claude",
                "-L",
                "claude",
                "--install-agent");
    }

    @Test
    void theFlagsThatExcludeEachOtherAreBadUsage() {
        fails(
                2,
                "rpkai: --passthrough and --bedrock exclude each other: use the one for the type of the "
                        + "provider\n",
                "run",
                "claude",
                "-L",
                "claude",
                "--passthrough",
                "--bedrock");
    }

    @Test
    void anUnknownFlagIsBadUsage() {
        var result = machine.run("run", "claude", "-L", "claude", "--frobnicate");

        assertEquals(2, result.exitCode());
        assertTrue(result.err().startsWith("rpkai: unknown option: '--frobnicate'"), result.err());
        assertEquals(1, result.err().lines().count());
    }

    @Test
    void passthroughOnBedrockIsAnError() {
        fails(
                2,
                "rpkai: --passthrough cannot be used with provider \"aws\", whose type is bedrock: omit the "
                        + "flag\n",
                "run",
                "claude",
                "-L",
                "aws",
                "--passthrough");
    }

    @Test
    void aFlagThatTheProviderContradictsIsIgnoredWithAWarning() {
        assertEquals(
                List.of("--passthrough is ignored: provider \"claude\" has its own key"),
                warnings(
                        "run",
                        "claude",
                        "-L",
                        "claude",
                        "-m",
                        "claude-sonnet-4-5",
                        "--passthrough",
                        "--print-settings"));
        assertEquals(
                List.of("--bedrock is ignored: provider \"claude\" has the type anthropic"),
                warnings("run", "claude", "-L", "claude", "-m", "claude-sonnet-4-5", "--bedrock", "--print-settings"));
    }

    @Test
    void theFlagsStandInWhereTheProviderCantBeRead() {
        gateway.failAlways(Endpoint.GET_PROVIDER, Fault.connect("permission_denied", "invoke only"));

        assertTrue(printed("run", "claude", "-L", "claude", "--print-settings")
                .path("env")
                .has("ANTHROPIC_BASE_URL"));
        assertEquals(
                "1",
                printed("run", "claude", "-L", "claude", "--bedrock", "--print-settings")
                        .path("env")
                        .path("CLAUDE_CODE_USE_BEDROCK")
                        .asText());
        assertEquals(
                "X-Redpanda-Cloud-Token: <redacted>",
                printed("run", "claude", "-L", "claude", "--passthrough", "--print-settings")
                        .path("env")
                        .path("ANTHROPIC_CUSTOM_HEADERS")
                        .asText());
    }

    @Test
    void printedSettingsAreOneJsonDocumentWithoutASecret() {
        var token = idp.signIn().accessToken();
        machine.with("ANTHROPIC_API_KEY", "sk-ant-mine");
        for (var provider : List.of("claude", "aws", "own")) {
            var result = machine.run("run", "claude", "-L", provider, "--print-settings");

            assertEquals(0, result.exitCode(), result.err());
            for (var field : List.of("settings", "env", "unset", "argv", "warnings"))
                assertTrue(json(result.out()).has(field), field);
            // The tokens are JWTs of one key: their common beginning gives any of them away.
            assertFalse(result.out().contains(token.substring(0, 40)), result.out());
            assertFalse(result.out().contains("sk-ant-mine"), result.out());
        }
    }

    @Test
    void settingsCanBePrintedWithoutAgentTokenOrGateway() {
        machine.write("home/.rpai/credentials", "{}");

        var printed = printed("run", "claude", "-L", "claude", "--print-settings");

        assertEquals(
                gateway.proxyUrl("claude"),
                printed.path("settings").path("env").path("ANTHROPIC_BASE_URL").asText());
        assertTrue(printed.path("settings").path("apiKeyHelper").asText().contains("auth token --refresh-within"));
    }

    @Test
    void theHelperRunsThisInstallationAndPrintsTheToken() throws Exception {
        var helper = printed("run", "claude", "-L", "claude", "--print-settings")
                .path("settings")
                .path("apiKeyHelper")
                .asText();

        var process = machine.with("RPAI_TOKEN", "theirs")
                .with("RPAI_ISSUER", "http://127.0.0.1:1")
                .process(List.of("/bin/sh", "-c", helper))
                .start();
        var token = new String(process.getInputStream().readAllBytes()).strip();

        assertEquals(0, process.waitFor());
        assertTrue(idp.isValid(token));
    }

    @Test
    void theHelpersIntervalFollowsTheTokensLife() {
        idp.lifetime(Duration.ofSeconds(40));
        signInAgain();

        var settings =
                printed("run", "claude", "-L", "claude", "--print-settings").path("settings");

        assertEquals(
                "10000",
                settings.path("env").path("CLAUDE_CODE_API_KEY_HELPER_TTL_MS").asText());
        assertTrue(
                settings.path("apiKeyHelper").asText().endsWith("--refresh-within 20s"),
                settings.path("apiKeyHelper").asText());
    }

    @Test
    void aPassthroughTokenThatEndsWithinTheHourIsWarnedOf() {
        idp.lifetime(Duration.ofMinutes(30));
        signInAgain();

        var result = machine.run("run", "claude", "-L", "own", "--print-settings");

        assertTrue(
                result.err()
                        .matches("(?s).*the gateway token expires in (29|30) minutes, and this session "
                                + "cannot renew it: run " + "rpkai auth login, then launch again\n"),
                result.err());
    }

    @Test
    void modeNoneGivesTheAgentAPlaceholder() {
        machine.profile("local", "ai_gateway_url: %s\nauth_mode: none".formatted(gateway.url()));
        gateway.tokens(_ -> true);

        assertEquals(
                "echo no-sign-in-needed",
                printed("run", "claude", "-L", "claude", "--print-settings")
                        .path("settings")
                        .path("apiKeyHelper")
                        .asText());
    }

    @Test
    void theEmbeddedGatewayIsUsedInSpiteOfAProfileWhenAskedFor() {
        var printed = printed("run", "claude", "-L", "demo", "--embedded", "--print-settings");

        assertTrue(printed.path("env")
                .path("ANTHROPIC_BASE_URL")
                .asText()
                .matches("http://127\\.0\\.0\\.1:\\d+/llm/v1/providers/demo"));
        assertEquals(
                "<redacted>", printed.path("env").path("RPKAI_SESSION_TOKEN").asText());
    }

    private void signInAgain() {
        SignedIn.save(machine, idp, "org_123", idp.signIn());
    }

    private void fails(int exitCode, String message, String... args) {
        var result = machine.run(args);

        assertEquals(message, result.err());
        assertEquals(exitCode, result.exitCode());
        assertEquals("", result.out());
    }

    private List<String> warnings(String... args) {
        return printed(args).path("warnings").valueStream().map(w -> w.asText()).toList();
    }

    private JsonNode printed(String... args) {
        var result = machine.run(args);
        assertEquals(0, result.exitCode(), result.err());
        return json(result.out());
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    @Test
    void aModelThatIsKnownToBeDeniedIsAWarningAndWithStrictModelBadUsage() {
        var shown = machine.run("run", "claude", "-L", "claude", "-m", "claude-sonet-4-5", "--print-settings");
        assertEquals(0, shown.exitCode(), shown.err());
        assertTrue(shown.out().contains("model \\\"claude-sonet-4-5\\\" is not allowed"), shown.out());

        var line = "rpkai: model \"claude-sonet-4-5\" is not allowed by provider \"claude\"; allowed: "
                + "claude-sonnet-4-5; did you mean \"claude-sonnet-4-5\"?: choose an allowed model with -m, "
                + "or omit --strict-model\n";
        fails(2, line, "run", "claude", "-L", "claude", "-m", "claude-sonet-4-5", "--strict-model");
        fails(2, line, "run", "claude", "-L", "claude", "--strict-model", "--", "--model", "claude-sonet-4-5");
        assertEquals(
                0,
                machine.run("run", "claude", "-L", "claude", "-m", "sonnet[1m]", "--strict-model", "--print-settings")
                        .exitCode());
    }

    @Test
    void withStrictModelEveryOtherAgentRefusesADeniedModelToo() {
        gateway.provider(ProviderJson.openai("gpt", "gpt-6")).provider(ProviderJson.google("gem", "gemini-4"));
        for (var agent : List.of("codex gpt", "opencode gpt", "qwen gpt", "gemini gem")) {
            var words = agent.split(" ");
            machine.program(words[0], "echo 99.0.0\n");
            var result = machine.run("run", words[0], "-L", words[1], "-m", "nope", "--strict-model");

            assertEquals(2, result.exitCode(), agent + result.err());
            assertTrue(
                    result.err()
                            .startsWith("rpkai: model \"nope\" is not allowed by provider \"%s\"".formatted(words[1])),
                    result.err());
        }
        for (var agent : List.of("opencode gpt", "qwen gpt", "gemini gem")) {
            var plan = machine.run("run", agent.split(" ")[0], "-L", agent.split(" ")[1], "-m", "nope", "--print-plan");
            assertTrue(plan.out().contains("model \\\"nope\\\" is not allowed"), agent + plan.out() + plan.err());
        }
    }
}
