package tests.agents.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import lib.agents.LaunchPlan;
import lib.agents.SettingsFile;
import lib.agents.claude.ClaudeSettings;
import lib.agents.credential.AgentCredential;
import lib.base.Secret;
import lib.base.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;

/// Tests the plan of a Claude Code launch.
class ClaudeCodeTest {
    /// The scrub list of the product's documentation, written out once more so that a name lost there is missed
    /// here.
    private static final List<String> SCRUBBED = List.of(
            "CLAUDE_CODE_USE_BEDROCK",
            "CLAUDE_CODE_USE_VERTEX",
            "CLAUDE_CODE_USE_FOUNDRY",
            "CLAUDE_CODE_USE_MANTLE",
            "CLAUDE_CODE_USE_ANTHROPIC_AWS",
            "CLAUDE_CODE_USE_GATEWAY",
            "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
            "CLAUDE_CODE_SKIP_VERTEX_AUTH",
            "CLAUDE_CODE_SKIP_FOUNDRY_AUTH",
            "CLAUDE_CODE_SKIP_MANTLE_AUTH",
            "CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH",
            "ANTHROPIC_BEDROCK_BASE_URL",
            "ANTHROPIC_VERTEX_BASE_URL",
            "ANTHROPIC_FOUNDRY_BASE_URL",
            "ANTHROPIC_AWS_BASE_URL",
            "ANTHROPIC_BEDROCK_MANTLE_BASE_URL",
            "ANTHROPIC_UNIX_SOCKET",
            "CLAUDE_CODE_API_BASE_URL",
            "CLAUDE_CODE_CUSTOM_OAUTH_URL",
            "USE_LOCAL_OAUTH",
            "USE_STAGING_OAUTH",
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "ANTHROPIC_AWS_API_KEY",
            "ANTHROPIC_FOUNDRY_API_KEY",
            "ANTHROPIC_BEDROCK_MANTLE_API_KEY",
            "ANTHROPIC_PROFILE",
            "ANTHROPIC_FEDERATION_RULE_ID",
            "ANTHROPIC_IDENTITY_TOKEN",
            "ANTHROPIC_IDENTITY_TOKEN_FILE",
            "AWS_BEARER_TOKEN_BEDROCK",
            "CLAUDE_CODE_OAUTH_TOKEN",
            "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR",
            "CLAUDE_CODE_OAUTH_REFRESH_TOKEN",
            "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR",
            "CLAUDE_CODE_SESSION_ACCESS_TOKEN",
            "CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST",
            "CLAUDE_CODE_HOST_AUTH_ENV_VAR",
            "ANTHROPIC_CUSTOM_HEADERS",
            "ANTHROPIC_BETAS",
            "CLAUDE_CODE_EXTRA_BODY",
            "ANTHROPIC_MODEL");

    @TempDir
    Path temp;

    @Test
    void managedNamesTheGatewayInTheEnvironmentAndInTheOverlay() {
        var plan = ClaudeLaunches.managed().plan();

        assertEquals(ClaudeLaunches.URL, plan.env().get("ANTHROPIC_BASE_URL"));
        assertEquals(ClaudeLaunches.URL, pin(plan, "ANTHROPIC_BASE_URL"));
        assertEquals("the-helper", plan.settings().path("apiKeyHelper").asText());
        assertEquals("300000", pin(plan, "CLAUDE_CODE_API_KEY_HELPER_TTL_MS"));
    }

    @Test
    void everyVariableThatLeadsRoundTheGatewayIsRemovedAndPinnedOff() {
        var hostile = new TreeMap<String, String>();
        SCRUBBED.forEach(name -> hostile.put(name, "theirs"));

        var plan = ClaudeLaunches.managed().inheriting(hostile).plan();

        var left = plan.environment(hostile);
        for (var name : SCRUBBED) {
            assertFalse(left.containsKey(name), name + " in the environment");
            assertEquals("", pin(plan, name), name + " in the overlay");
        }
    }

    @Test
    void anUnknownTransportOfTheFamilyIsPinnedOffToo() throws IOException {
        var file = file(
                "{\"env\": {\"CLAUDE_CODE_SKIP_NEWCLOUD_AUTH\": \"1\", \"CLAUDE_CODE_USE_ANTHROPIC_NEW\": \"1\"}}");

        var plan = ClaudeLaunches.managed().files(List.of(file)).plan();

        assertEquals("", pin(plan, "CLAUDE_CODE_SKIP_NEWCLOUD_AUTH"));
        assertEquals("", pin(plan, "CLAUDE_CODE_USE_ANTHROPIC_NEW"));
    }

    @Test
    void callsHomeThatWouldCarryTheTokenAreOff() {
        var plan = ClaudeLaunches.managed().plan();

        for (var name : List.of(
                "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL")) {
            assertEquals("1", plan.env().get(name));
            assertEquals("1", pin(plan, name));
        }
    }

    @Test
    void theUsersSmallModelAndProxyStay() {
        var own = Map.of(
                "ANTHROPIC_SMALL_FAST_MODEL",
                "small",
                "ANTHROPIC_DEFAULT_HAIKU_MODEL",
                "haiku",
                "HTTPS_PROXY",
                "http://proxy:3128",
                "NODE_EXTRA_CA_CERTS",
                "/ca.pem",
                "PATH",
                "/bin");

        var environment = ClaudeLaunches.managed().inheriting(own).plan().environment(own);

        own.forEach((name, value) -> assertEquals(value, environment.get(name)));
    }

    @Test
    void aGatewayOnThisMachineIsKeptOutOfTheProxy() {
        var plan = ClaudeLaunches.managed()
                .inheriting(Map.of("NO_PROXY", "corp.example"))
                .plan("http://127.0.0.1:8090/llm/v1/providers/claude");

        assertEquals("corp.example,127.0.0.1", plan.env().get("NO_PROXY"));
        assertEquals("127.0.0.1", plan.env().get("no_proxy"));
    }

    @Test
    void proxiesAndTrustStandInTheOverlayAsTheUserHasThem() throws IOException {
        var file = file("{\"env\":{\"HTTPS_PROXY\":\"http://theirs:1\",\"NODE_TLS_REJECT_UNAUTHORIZED\":\"0\"}}");

        var plan = ClaudeLaunches.managed()
                .files(List.of(file))
                .inheriting(Map.of("HTTPS_PROXY", "http://proxy.corp:3128", "SSL_CERT_FILE", "/ca.pem"))
                .plan();

        assertEquals("http://proxy.corp:3128", pin(plan, "HTTPS_PROXY"));
        assertEquals("/ca.pem", pin(plan, "SSL_CERT_FILE"));
        for (var unset : List.of(
                "http_proxy",
                "https_proxy",
                "all_proxy",
                "ALL_PROXY",
                "HTTP_PROXY",
                "NODE_TLS_REJECT_UNAUTHORIZED",
                "NODE_EXTRA_CA_CERTS")) assertEquals("", pin(plan, unset), unset);
    }

    @Test
    void aProxyWithAPasswordIsNotShownAndARepositoryThatDisplacesItIsRefused() throws IOException {
        var own = Map.of("HTTPS_PROXY", "http://me:hunter2@proxy.corp:3128");
        var file = file("{\"env\":{\"HTTPS_PROXY\":\"http://theirs:1\"}}");

        assertFalse(ClaudeLaunches.managed()
                .inheriting(own)
                .plan()
                .toJson()
                .toString()
                .contains("hunter2"));
        assertThrows(
                UserError.class,
                () -> ClaudeLaunches.managed()
                        .inheriting(own)
                        .files(List.of(file))
                        .plan());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--cloud",
                "--remote",
                "--teleport",
                "--sdk-url=wss://x",
                "--remote-control",
                "--desktop",
                "--environment"
            })
    void aFlagThatLeavesTheGatewayIsRefused(String flag) {
        var error = assertThrows(
                UserError.class, () -> ClaudeLaunches.managed().args(flag).plan());

        assertEquals(UserError.USAGE, error.exitCode());
        assertTrue(
                error.line().startsWith(flag.replaceFirst("=.*", "") + " starts a session that bypasses the gateway"),
                error.line());
    }

    @Test
    void claudeCodesDefaultModelIsWarnedOfWhereTheAllowlistLacksIt() {
        assertEquals(
                List.of("no model is selected, and provider \"claude\" does not allow Claude Code's default "
                        + "(claude-opus-5-5): pass -m with one of claude-sonnet-4-5"),
                ClaudeLaunches.managed().allowing("claude-sonnet-4-5").plan().warnings());
        assertEquals(
                List.of(),
                ClaudeLaunches.bedrock()
                        .allowing("eu.anthropic.claude-opus-5-5", "a-haiku")
                        .plan()
                        .warnings());
    }

    @Test
    void theUsersOwnSettingsAreMergedAndCannotUndoThePins() throws Exception {
        var own = "{\"model\":\"opus\",\"permissions\":{\"deny\":[\"Bash\"]},\"apiKeyHelper\":\"theirs\","
                + "\"env\":{\"FOO\":\"bar\",\"ANTHROPIC_BASE_URL\":\"http://theirs\"}}";

        var plan = ClaudeLaunches.managed()
                .args("--verbose", "--settings", own, "-p", "hi")
                .plan();

        assertEquals(List.of("claude", "--settings"), plan.argv().subList(0, 2));
        assertEquals(
                List.of("--verbose", "-p", "hi"),
                plan.argv().subList(3, plan.argv().size()));
        assertEquals("opus", plan.settings().path("model").asText());
        assertEquals(
                "Bash", plan.settings().path("permissions").path("deny").path(0).asText());
        assertEquals("bar", pin(plan, "FOO"));
        assertEquals(ClaudeLaunches.URL, pin(plan, "ANTHROPIC_BASE_URL"));
        assertEquals("the-helper", plan.settings().path("apiKeyHelper").asText());
        assertEquals(plan.settings(), new ObjectMapper().readTree(plan.argv().get(2)));
    }

    @Test
    void settingsFromAFileAreMergedToo() throws IOException {
        Files.writeString(temp.resolve("own.json"), "{\"env\":{\"FOO\":\"bar\"}}");

        assertEquals(
                "bar",
                pin(
                        ClaudeLaunches.managed()
                                .in(temp)
                                .args("--settings=own.json")
                                .plan(),
                        "FOO"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{broken", "[1]", "\"text\"", "no-such-file.json", "{} trailing"})
    void invalidSettingsAreBadUsage(String value) {
        var error = assertThrows(
                UserError.class,
                () -> ClaudeLaunches.managed()
                        .in(temp)
                        .args("--settings", value)
                        .plan());

        assertEquals(UserError.USAGE, error.exitCode());
        assertTrue(error.line().startsWith("--settings "), error.line());
    }

    @Test
    void aModelAfterTheDashesFollowsTheModelOfTheLaunch() {
        var plan = ClaudeLaunches.managed()
                .model("claude-sonnet-4-5")
                .args("--model", "opus")
                .plan();

        assertEquals(
                List.of("--model", "claude-sonnet-4-5", "--model", "opus"),
                plan.argv().subList(3, 7));
    }

    @Test
    void aModelOutsideTheAllowlistIsWarnedOfWithTheAllowedOnesAndTheNearestName() {
        var plan = ClaudeLaunches.managed()
                .allowing("claude-sonnet-4-5", "claude-opus-4-5")
                .model("claude-sonet-4-5")
                .plan();

        assertEquals(
                List.of("model \"claude-sonet-4-5\" is not allowed by provider \"claude\"; allowed: "
                        + "claude-sonnet-4-5, claude-opus-4-5; did you mean \"claude-sonnet-4-5\"?"),
                plan.warnings());
    }

    @Test
    void aStaticTokenGoesIntoTheEnvironmentOnlyAndIsNeverShown() {
        var plan = ClaudeLaunches.managed()
                .token(new AgentCredential.Fixed(new Secret("s3cret-token")))
                .plan();

        assertEquals("s3cret-token", plan.environment(Map.of()).get("ANTHROPIC_AUTH_TOKEN"));
        assertEquals("", plan.settings().path("apiKeyHelper").asText("missing"));
        assertTrue(plan.settings().path("env").path("ANTHROPIC_AUTH_TOKEN").isMissingNode());
        assertFalse(plan.toJson().toString().contains("s3cret"), plan.toJson().toString());
        assertFalse(plan.toString().contains("s3cret"), plan.toString());
    }

    @Test
    void aStaticTokenIsRefusedWhereASettingsFileWouldDisplaceIt() throws IOException {
        var file = file("{\"env\":{\"ANTHROPIC_AUTH_TOKEN\":\"theirs\"}}");

        var error = assertThrows(
                UserError.class,
                () -> ClaudeLaunches.managed()
                        .token(new AgentCredential.Fixed(new Secret("t")))
                        .files(List.of(file))
                        .plan());

        assertEquals(
                file.path()
                        + " sets ANTHROPIC_AUTH_TOKEN, which replaces the token of --token: remove it from that file, "
                        + "then launch again",
                error.line());
    }

    @ParameterizedTest
    @ValueSource(strings = {"managed", "bedrock", "passthrough"})
    void aSocketInASettingsFileIsRefusedInEveryMode(String mode) throws IOException {
        var file = file("{\"env\":{\"ANTHROPIC_UNIX_SOCKET\":\"/x\"}}");
        var launch = switch (mode) {
            case "managed" -> ClaudeLaunches.managed();
            case "bedrock" -> ClaudeLaunches.bedrock();
            default -> ClaudeLaunches.passthrough();
        };

        var error =
                assertThrows(UserError.class, () -> launch.files(List.of(file)).plan());

        assertTrue(error.line().startsWith(file.path() + " sets ANTHROPIC_UNIX_SOCKET"), error.line());
    }

    @Test
    void aBrokenSettingsFileIsIgnoredWithAWarning() throws IOException {
        var file = file("{\"env\": {\"ANTHROPIC_UNIX_SOCKET\": \"/x\"");

        var plan = ClaudeLaunches.managed().files(List.of(file)).plan();

        assertEquals(
                List.of(file.path() + " is not valid JSON; Claude Code ignores it, and so does rpkai"),
                plan.warnings());
    }

    @Test
    void bedrockTurnsTheTransportOnAndEveryOtherEndpointOff() {
        var plan = ClaudeLaunches.bedrock()
                .model("eu.anthropic.claude-sonnet-4-5-20250929-v1:0")
                .plan();

        for (var variables : List.of(plan.env(), pins(plan))) {
            assertEquals("1", variables.get("CLAUDE_CODE_USE_BEDROCK"));
            assertEquals("1", variables.get("CLAUDE_CODE_SKIP_BEDROCK_AUTH"));
            assertEquals(ClaudeLaunches.URL, variables.get("ANTHROPIC_BEDROCK_BASE_URL"));
        }
        assertEquals("", pin(plan, "ANTHROPIC_BASE_URL"));
        assertEquals("", pin(plan, "AWS_BEARER_TOKEN_BEDROCK"));
        assertEquals("the-helper", plan.settings().path("apiKeyHelper").asText());
    }

    @Test
    void bedrockLimitsTheRetriesOfAModelThatIsKnownNotToBeAllowed() {
        assertEquals(
                "1",
                ClaudeLaunches.bedrock()
                        .allowing("a-haiku")
                        .model("b")
                        .plan()
                        .env()
                        .get("CLAUDE_CODE_MAX_RETRIES"));
        assertEquals(
                Optional.empty(),
                Optional.ofNullable(ClaudeLaunches.bedrock()
                        .allowing("a-haiku")
                        .model("a-haiku")
                        .plan()
                        .env()
                        .get("CLAUDE_CODE_MAX_RETRIES")));
    }

    @Test
    void bedrockHintsAtTheSmallModelThatTheAllowlistLacks() {
        var plan = ClaudeLaunches.bedrock()
                .allowing("eu.anthropic.claude-sonnet-4-5")
                .model("eu.anthropic.claude-sonnet-4-5")
                .plan();

        assertEquals(1, plan.warnings().size());
        assertTrue(
                plan.warnings()
                        .getFirst()
                        .contains("set ANTHROPIC_DEFAULT_HAIKU_MODEL to one of eu.anthropic.claude-sonnet-4-5"),
                plan.warnings().getFirst());
    }

    @Test
    void passthroughSendsTheGatewayTokenInItsOwnHeaderAndLeavesTheLoginAlone() {
        var own = Map.of(
                "CLAUDE_CODE_OAUTH_TOKEN",
                "sk-ant-oat01-mine",
                "ANTHROPIC_API_KEY",
                "sk",
                "ANTHROPIC_CUSTOM_HEADERS",
                "X-Mine: 1");

        var plan = ClaudeLaunches.passthrough().inheriting(own).args("-p", "hi").plan();
        var environment = plan.environment(own);

        assertEquals("X-Redpanda-Cloud-Token: gateway.jwt", environment.get("ANTHROPIC_CUSTOM_HEADERS"));
        assertEquals(ClaudeLaunches.URL, environment.get("ANTHROPIC_BASE_URL"));
        assertEquals("sk-ant-oat01-mine", environment.get("CLAUDE_CODE_OAUTH_TOKEN"));
        assertFalse(environment.containsKey("ANTHROPIC_API_KEY"));
        assertEquals(List.of("-p", "hi"), plan.argv().subList(3, plan.argv().size()));
        assertTrue(plan.settings().path("env").path("ANTHROPIC_CUSTOM_HEADERS").isMissingNode());
        assertTrue(plan.settings().path("apiKeyHelper").isMissingNode());
        assertEquals(ClaudeLaunches.URL, pin(plan, "ANTHROPIC_BASE_URL"));
        assertEquals("1", pin(plan, "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"));
        assertFalse(plan.toJson().toString().contains("gateway.jwt"));
        assertEquals(
                "X-Redpanda-Cloud-Token: <redacted>",
                plan.toJson().path("env").path("ANTHROPIC_CUSTOM_HEADERS").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CLAUDE_CODE_USE_BEDROCK",
                "CLAUDE_CODE_USE_VERTEX",
                "CLAUDE_CODE_USE_FOUNDRY",
                "CLAUDE_CODE_USE_MANTLE",
                "CLAUDE_CODE_USE_ANTHROPIC_AWS",
                "CLAUDE_CODE_USE_GATEWAY"
            })
    void passthroughIsRefusedWhereASettingsFileTurnsAnotherTransportOn(String transport) throws IOException {
        var file = file("{\"env\":{\"%s\":\"true\"}}".formatted(transport));

        var error = assertThrows(
                UserError.class,
                () -> ClaudeLaunches.passthrough().files(List.of(file)).plan());

        assertEquals(
                "%s sets %s, which turns another transport on: remove it from that file, then launch again"
                        .formatted(file.path(), transport),
                error.line());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "no", "off", ""})
    void aSwitchThatIsOffIsAccepted(String value) throws IOException {
        var file = file("{\"env\":{\"CLAUDE_CODE_USE_BEDROCK\":\"%s\"}}".formatted(value));

        assertEquals(
                List.of(),
                ClaudeLaunches.passthrough().files(List.of(file)).plan().warnings());
    }

    @Test
    void passthroughLooksIntoTheUsersOwnSettingsFlagToo() {
        assertThrows(
                UserError.class,
                () -> ClaudeLaunches.passthrough()
                        .args("--settings", "{\"env\":{\"ANTHROPIC_BASE_URL\":\"http://theirs\"}}")
                        .plan());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"env\":{\"ANTHROPIC_BASE_URL\":\"http://theirs\"}}",
                "{\"env\":{\"CLAUDE_CODE_USE_VERTEX\":\"1\"}}",
                "{\"apiKeyHelper\":\"theirs\"}"
            })
    void aManagedPolicyThatOutranksTheOverlayIsRefusedWithItsFile(String policy) {
        var machine = new Machine(temp);
        var file = machine.write("etc/claude-code/managed-settings.json", policy);

        var error = assertThrows(
                UserError.class,
                () -> ClaudeLaunches.managed()
                        .files(ClaudeSettings.find(machine.host(), Optional.empty()))
                        .plan());

        assertTrue(error.line().startsWith(file + " sets "), error.line());
        assertTrue(
                error.line().contains("is set by the administrator's policy and overrides the launch"), error.line());
    }

    @Test
    void settingsFilesAreFoundInTheHomeTheRepositoryAboveAndTheManagedFolder() {
        var machine = new Machine(temp);
        machine.write("home/.claude/settings.json", "{}");
        machine.write("work/.claude/settings.local.json", "{}");
        machine.write(".claude/settings.json", "{}");
        machine.write("etc/claude-code/managed-settings.json", "{}");
        machine.write("etc/claude-code/managed-settings.d/10-x.json", "{}");

        var found = ClaudeSettings.find(machine.host(), Optional.empty()).stream()
                .map(f -> f.layer() + " " + temp.relativize(f.path()))
                .toList();

        assertEquals(
                List.of(
                        "USER home/.claude/settings.json",
                        "REPOSITORY work/.claude/settings.local.json",
                        "REPOSITORY .claude/settings.json",
                        "MANAGED etc/claude-code/managed-settings.json",
                        "MANAGED etc/claude-code/managed-settings.d/10-x.json"),
                found);
    }

    @Test
    void claudeCodesOwnNotesAreReadForTheVariablesThatTheySet() {
        var machine = new Machine(temp);
        var notes = machine.write(
                "home/.claude.json",
                "{\"projects\":{\"/x\":{\"env\":{\"A\":\"1\"}}},"
                        + "\"env\":{\"ANTHROPIC_UNIX_SOCKET\":\"/x\"},\"model\":\"m\"}");

        var error = assertThrows(
                UserError.class,
                () -> ClaudeLaunches.managed()
                        .files(ClaudeSettings.find(machine.host(), Optional.empty()))
                        .plan());

        assertEquals(
                notes + " sets ANTHROPIC_UNIX_SOCKET, which sends every request to its own socket: remove it from "
                        + "that file, then launch again",
                error.line());
        var found = ClaudeSettings.find(machine.host(), Optional.empty()).getFirst();
        assertEquals(List.of("ANTHROPIC_UNIX_SOCKET"), found.variables());
        assertTrue(found.json().path("model").isMissingNode());
    }

    @Test
    void theNotesOfAnotherConfigHomeAreInIt() {
        var machine = new Machine(temp);
        machine.write("home/.claude.json", "{\"env\":{\"ANTHROPIC_UNIX_SOCKET\":\"/x\"}}");
        var notes = machine.write("other/.claude.json", "{\"env\":{\"ANTHROPIC_UNIX_SOCKET\":\"/x\"}}");

        assertEquals(
                List.of(notes),
                ClaudeSettings.find(machine.host(), Optional.of(temp.resolve("other"))).stream()
                        .map(SettingsFile::path)
                        .toList());
        machine.with("CLAUDE_CONFIG_DIR", temp.resolve("other").toString());
        assertEquals(
                List.of(notes),
                ClaudeSettings.find(machine.host(), Optional.empty()).stream()
                        .map(SettingsFile::path)
                        .toList());
    }

    @Test
    void notesThatSetNothingAreNoSettingsFile() {
        var machine = new Machine(temp);
        machine.write("home/.claude.json", "{\"numStartups\":7,\"mcpServers\":{\"x\":{\"env\":{\"A\":\"1\"}}}}");

        assertEquals(List.of(), ClaudeSettings.find(machine.host(), Optional.empty()));
    }

    private SettingsFile file(String json) throws IOException {
        var machine = new Machine(temp);
        machine.write("work/.claude/settings.json", json);
        return ClaudeSettings.find(machine.host(), Optional.empty()).getFirst();
    }

    private static String pin(LaunchPlan plan, String name) {
        return plan.settings().path("env").path(name).asText("(missing)");
    }

    private static Map<String, String> pins(LaunchPlan plan) {
        var pins = new TreeMap<String, String>();
        plan.settings()
                .path("env")
                .properties()
                .forEach(e -> pins.put(e.getKey(), e.getValue().asText()));
        return pins;
    }
}
