package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;

/// `rpkai run NAME` for the agents of the registry.
class RunAgentCommandTest {
    private static final String TOKEN = "the-gateway-token";

    @TempDir
    Path temp;

    private Machine machine;
    private FakeGateway gateway;

    @BeforeEach
    void start() {
        gateway = FakeGateway.start()
                .tokens(TOKEN::equals)
                .provider(ProviderJson.openai("openai", "gpt-6.1-sol"))
                .provider(ProviderJson.google("google"))
                .provider(ProviderJson.passthrough("own"))
                .provider(ProviderJson.anthropic("claude"))
                .provider(ProviderJson.bedrock("aws", "eu-central-1"))
                .provider(ProviderJson.openaiCompatible("mine", "http://localhost:1"));
        machine = new Machine(temp);
        machine.with("PATH", temp.resolve("bin") + ":/usr/bin:/bin").with("RPAI_TOKEN", TOKEN);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void anyProgramGetsABaseUrlAndAKeyInTheVariablesOfItsProvidersSdk() throws Exception {
        for (var name : List.of(
                "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "AWS_BEARER_TOKEN_BEDROCK", "OPENAI_ORG_ID"))
            machine.with(name, "my-own");

        assertEquals(List.of("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL=/llm/v1/providers/claude"), variables("claude"));
        assertEquals(
                List.of(
                        "OPENAI_API_BASE=/llm/v1/providers/openai/v1",
                        "OPENAI_API_KEY",
                        "OPENAI_BASE_URL=/llm/v1/providers/openai/v1"),
                variables("openai"));
        assertEquals(
                List.of("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL=/llm/v1/providers/google"),
                variables("google"));
        assertEquals(
                List.of(
                        "AWS_BEARER_TOKEN_BEDROCK",
                        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME=/llm/v1/providers/aws",
                        "AWS_REGION=eu-central-1"),
                variables("aws"));
    }

    /// Those that a program sees of any SDK's, keys without their values.
    private List<String> variables(String provider) throws IOException, InterruptedException {
        var process = machine.start("run", "exec", "-s", gateway.url(), "-L", provider, "--", "env")
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        assertFalse(out.contains(TOKEN) || out.contains("my-own"), out);
        return out.lines()
                .filter(line -> line.matches("(ANTHROPIC|OPENAI|GEMINI|GOOGLE|AWS)_.*"))
                .map(line -> line.replaceFirst("KEY=.{40,}|BEDROCK=.{40,}", "KEY")
                        .replace("TOKEN_KEY", "TOKEN_BEDROCK")
                        .replaceFirst("http://127.0.0.1:[0-9]+", ""))
                .sorted()
                .toList();
    }

    @Test
    void aCommandThatCannotRunIsReportedBeforeAnyCall() {
        fails(
                2,
                "the command for run exec is missing: write it after --, for example rpkai run exec -L "
                        + "openai -- python ask.py",
                "run",
                "exec",
                "-L",
                "openai");
        fails(
                2,
                "run exec cannot set the program's model: omit -m and set the model in the program",
                "run",
                "exec",
                "-L",
                "openai",
                "-m",
                "x",
                "--",
                "ls");
        assertEquals(List.of(), gateway.requests());
    }

    @Test
    void anUnsuitableLaunchIsRejectedWithARemedy() {
        fails(
                1,
                "there is no `nonesuch` on the PATH: check its name or use its path",
                "run",
                "exec",
                "-L",
                "openai",
                "--",
                "nonesuch");
        fails(
                1,
                "provider \"claude\" has the type anthropic, but Gemini CLI requires google: use -L google",
                "run",
                "gemini",
                "-L",
                "claude");
        fails(
                1,
                "provider \"own\" passes your own credentials through, but OpenCode has none: use a "
                        + "provider with its own key; rpkai llm list lists them",
                "run",
                "opencode",
                "-L",
                "own");
        fails(
                2,
                "Qwen Code has no default model for provider \"mine\": choose one with -m",
                "run",
                "qwen",
                "-L",
                "mine");
        fails(
                1,
                "Gemini CLI is not installed (no `gemini` on the PATH): run npm install -g "
                        + "@google/gemini-cli@latest, or launch with --install-agent",
                "run",
                "gemini",
                "-L",
                "google");
    }

    @Test
    void anAdministratorsSettingsStayUnderThePins() throws IOException {
        machine.write(
                "etc/qwen-code/settings.json",
                "{ // ours\n \"ui\": {\"theme\": \"Corp\"}, \"telemetry\": {\"enabled\": true}, "
                        + "\"advanced\": {\"excludedEnvVars\": [\"CORP\"]}}");

        var settings = printed("qwen", "openai").path("settings");

        assertEquals("Corp", settings.path("ui").path("theme").asText());
        assertEquals(
                "openai",
                settings.path("security").path("auth").path("enforcedType").asText());
        assertFalse(settings.path("telemetry").path("enabled").asBoolean(true));
        var excluded = texts(settings.path("advanced").path("excludedEnvVars"));
        assertTrue(
                excluded.containsAll(List.of("CORP", "GOOGLE_GENAI_USE_VERTEXAI", "QWEN_OAUTH")), excluded.toString());
    }

    @Test
    void aWithheldVariableIsInheritedWhereItsNameIsTyped() throws IOException {
        machine.with("AWS_SECRET_ACCESS_KEY", "my-own").with("AWS_SESSION_TOKEN", "my-own");
        var command = new String[] {
            "run",
            "exec",
            "-s",
            gateway.url(),
            "-L",
            "openai",
            "--pass-env",
            "AWS_SECRET_ACCESS_KEY",
            "--pass-env=AWS_SESSION_TOKEN",
            "--print-plan",
            "--",
            "env"
        };

        var printed = machine.run(command);

        var plan = new ObjectMapper().readTree(printed.out());
        assertEquals(List.of("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), texts(plan.path("passed")));
        assertFalse(texts(plan.path("unset")).contains("AWS_SECRET_ACCESS_KEY"), printed.out());
        assertTrue(texts(plan.path("unset")).contains("AWS_ACCESS_KEY_ID"), printed.out());
        assertFalse(printed.out().contains("my-own"), printed.out());
        command[0] = "explain";
        command[9] = "-v";
        var explained = machine.run(command).out();
        assertTrue(
                explained
                        .lines()
                        .anyMatch(line -> line.matches("AWS_SECRET_ACCESS_KEY +\\(inherited\\) +--pass-env *")),
                explained);
    }

    @Test
    void rpkaisOwnVariablesAndThoseThatBypassTheGatewayCannotBePassed() {
        machine.with("ANTHROPIC_API_KEY", "my-own").with("CODEX_HOME", "/x");

        fails(
                2,
                "RPAI_TOKEN belongs to rpkai and is not passed on to any agent: omit it",
                "run",
                "exec",
                "-L",
                "openai",
                "--pass-env",
                "RPAI_TOKEN",
                "--",
                "env");
        fails(
                2,
                "RPAI_SERVICE_ACCOUNT_SECRET belongs to rpkai and is not passed on to any agent: omit it",
                "explain",
                "claude",
                "-L",
                "claude",
                "--pass-env",
                "RPAI_SERVICE_ACCOUNT_SECRET");
        fails(
                2,
                "--pass-env must be the name of a variable: use --pass-env NAME",
                "run",
                "qwen",
                "-L",
                "openai",
                "--pass-env",
                "A=b");
        fails(
                2,
                "--pass-env ANTHROPIC_API_KEY would let the agent bypass the gateway: omit it",
                "run",
                "claude",
                "-L",
                "claude",
                "--pass-env",
                "ANTHROPIC_API_KEY");
        fails(
                2,
                "--pass-env CODEX_HOME would let the agent bypass the gateway: omit it",
                "explain",
                "codex",
                "-L",
                "openai",
                "--broker",
                "--pass-env",
                "CODEX_HOME");
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /// The machines of these tests are below the temporary folder, from where Gemini CLI takes no administrator's
    /// settings.
    @Test
    void geminiCliGetsTheUsersSettingsWithThePinsAndTheUsersSessions() throws IOException {
        machine.write("home/.gemini/settings.json", """
                {"ui": {"theme": "Mine"}, "security": {"auth": {"selectedType": "oauth-personal"}}, "mcpServers": {
                  "open": {"command": "x", "env": {"A_TOKEN": "$A_TOKEN", "LEVEL": "debug"}}, "closed": {"command": \
                "x", "env": {"A_TOKEN": "s3cret"}}}}""");
        machine.write("home/.gemini/commands/hello.toml", "prompt = \"hi\"");
        machine.write("home/.gemini/oauth_creds.json", "{}");
        machine.program("gemini", """
                cd "$GEMINI_CLI_HOME/.gemini" && cat settings.json commands/hello.toml && ls -A && echo kept > \
                tmp/session && echo known > GEMINI.md
                """);

        var process = machine.start("run", "gemini", "-s", gateway.url(), "-L", "google")
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, exitCode(process), err);

        var settings = new ObjectMapper().readTree(out.substring(0, out.indexOf("prompt =")));
        assertEquals("Mine", settings.at("/ui/theme").asText());
        assertEquals(
                "gemini-api-key gemini-api-key",
                settings.at("/security/auth/selectedType").asText() + " "
                        + settings.at("/security/auth/enforcedType").asText());
        assertEquals("debug", settings.at("/mcpServers/open/env/LEVEL").asText());
        assertTrue(settings.at("/mcpServers/closed").isMissingNode(), out);
        assertTrue(
                err.contains(
                        "contains a value in mcpServers.closed.env.A_TOKEN, so the session goes without that server"),
                err);
        assertFalse((out + err).contains("s3cret") || out.contains("oauth_creds"), out + err);
        assertEquals(
                "kept\nknown\n",
                Files.readString(machine.home().resolve(".gemini/tmp/session"))
                        + Files.readString(machine.home().resolve(".gemini/GEMINI.md")));
        assertTrue(Files.readString(machine.home().resolve(".gemini/settings.json"))
                .contains("oauth-personal"));
    }

    private static int exitCode(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void geminiCliIsNotLaunchedWhereAFileOutranksItsSignIn() {
        machine.program("gemini", "echo started\n");
        var file = machine.cwd().resolve(".gemini/settings.json").toString();
        var remedy = ": remove it from the file, or launch in another folder";
        for (var setting : List.of(
                "security.auth.selectedType {\"security\": {\"auth\": {\"selectedType\": \"oauth-personal\"}}}",
                "security.auth.enforcedType {\"security\": {\"auth\": {\"enforcedType\": null}}}",
                "security.auth {\"security\": {\"auth\": \"vertex-ai\"}}",
                "security.auth.useExternal {\"security\": {\"auth\": {\"useExternal\": true}}}",
                "experimental.worktrees {\"experimental\": {\"worktrees\": true}}",
                "privacy.usageStatisticsEnabled {\"privacy\": {\"usageStatisticsEnabled\": true}}")) {
            machine.write("work/.gemini/settings.json", setting.split(" ", 2)[1]);
            fails(
                    1,
                    file + " sets " + setting.split(" ", 2)[0] + ", which overrides the launch" + remedy,
                    "run",
                    "gemini",
                    "-L",
                    "google");
        }
        machine.write(
                "work/.gemini/settings.json",
                "{\"security\": {\"auth\": {\"selectedType\": \"oauth-personal\"}}, //\r \"security\": {}\n}");
        fails(
                1,
                file + " is not readable (not valid JSON, or a key is set twice): correct it, or launch "
                        + "in another folder",
                "run",
                "gemini",
                "-L",
                "google");
        machine.write(
                "work/.gemini/settings.json", "{\"security\": {\"auth\": {\"selectedType\": \"gemini-api-key\"}}}");
        var managed = machine.write(
                "etc/gemini-cli/settings.json", "{\"security\": {\"auth\": {\"enforcedType\": \"oauth-personal\"}}}");
        fails(
                1,
                managed + " sets security.auth.enforcedType, which overrides the launch: ask the "
                        + "administrator of this machine to remove it",
                "run",
                "gemini",
                "-L",
                "google");
    }

    @Test
    void theDoctorFindsTheFileThatOutranksGeminiClisSignIn() {
        var file = machine.write(
                "work/.gemini/settings.json", "{\"security\": {\"auth\": {\"selectedType\": \"oauth-personal\"}}}");

        var said = machine.run("doctor", "gemini", "-s", gateway.url(), "-L", "google")
                .out();

        assertTrue(said.contains(file + " sets security.auth.selectedType, which overrides the launch"), said);
        assertTrue(said.contains("remove it from the file, or launch in another folder"), said);
    }

    @Test
    void geminiCliIsNotLaunchedWhereAFileGivesItsModelAnotherBaseUrl() {
        var options = "{\"modelConfigs\": {\"customOverrides\": [{\"modelConfig\": {\"generateContentConfig\": "
                + "{\"httpOptions\": {\"baseUrl\": \"http://x\"}}}}]}}";
        for (var at : List.of("home", "work")) {
            var file = machine.write(at + "/.gemini/settings.json", options);
            fails(
                    1,
                    file
                            + " sets modelConfigs.customOverrides[0].modelConfig.generateContentConfig"
                            + ".httpOptions.baseUrl,"
                            + " which bypasses the gateway: remove it from the file",
                    "run",
                    "gemini",
                    "-L",
                    "google");
            machine.write(at + "/.gemini/settings.json", "{}");
        }
        var file = machine.write(
                "work/.gemini/settings.json",
                "{\"experimental\": {\"gemmaModelRouter\": {\"enabled\": true, \"classifier\": "
                        + "{\"host\": \"http://x\"}}}}");
        fails(
                1,
                file + " sets experimental.gemmaModelRouter.classifier.host, which bypasses the "
                        + "gateway: remove it from the file",
                "explain",
                "gemini",
                "-L",
                "google");
    }

    @Test
    void theLaunchSetsTheVariablesThatARepositoryCouldSet() throws IOException {
        machine.with("SANDBOX_FLAGS", "--mine");

        var env = printed("gemini", "google").path("env");

        for (var name : List.of(
                "GOOGLE_GENAI_USE_VERTEXAI", "GEMINI_CLI_CUSTOM_HEADERS", "CODE_ASSIST_ENDPOINT", "SANDBOX_ENV"))
            assertEquals("", env.path(name).asText("missing"), name);
        assertEquals("false", env.path("GEMINI_TELEMETRY_ENABLED").asText());
        assertTrue(env.path("SANDBOX_FLAGS").isMissingNode());
    }

    @Test
    void aFlagThatLeadsPastTheGatewayIsRefused() {
        fails(
                2,
                "--proxy would let Qwen Code bypass the gateway: omit it",
                "run",
                "qwen",
                "-L",
                "openai",
                "--",
                "-p",
                "hi",
                "--proxy=http://x");
        fails(
                2,
                "--openai-base-url would let Qwen Code bypass the gateway: omit it",
                "run",
                "qwen",
                "-L",
                "openai",
                "--",
                "--openai-base-url",
                "http://x");
        fails(
                2,
                "--openaiBaseUrl would let Qwen Code bypass the gateway: omit it",
                "explain",
                "qwen",
                "-L",
                "openai",
                "--",
                "--openaiBaseUrl=http://x");
        fails(
                2,
                "--proxy would let Gemini CLI bypass the gateway: omit it",
                "run",
                "gemini",
                "-L",
                "google",
                "--",
                "--proxy",
                "http://x");
        fails(
                2,
                "--acp would let Gemini CLI bypass the gateway: omit it",
                "run",
                "gemini",
                "-L",
                "google",
                "--",
                "--acp");
        assertEquals(List.of(), gateway.requests());
    }

    @Test
    void anAdministratorsDefaultsAreFoundWhereTheyAre() throws IOException {
        var file = machine.write("etc/qwen-code/system-defaults.json", "{}");

        assertEquals(
                file.toString(),
                printed("qwen", "openai")
                        .path("env")
                        .path("QWEN_CODE_SYSTEM_DEFAULTS_PATH")
                        .asText());
        assertTrue(printed("gemini", "google")
                .path("env")
                .path("GEMINI_CLI_SYSTEM_DEFAULTS_PATH")
                .isMissingNode());
    }

    @Test
    void anAdministratorsSettingsThatCantBeReadStopTheLaunch() {
        var file = machine.write("etc/qwen-code/settings.json", "{");

        fails(
                1,
                file + " is not readable (not valid JSON): correct it, or ask the administrator of this machine",
                "run",
                "qwen",
                "-L",
                "openai");
    }

    private JsonNode printed(String agent, String provider) throws IOException {
        var result = machine.run("run", agent, "-s", gateway.url(), "-L", provider, "--print-plan");
        assertEquals(0, result.exitCode(), result.err());
        return new ObjectMapper().readTree(result.out());
    }

    private void fails(int exitCode, String line, String... command) {
        var at = new java.util.ArrayList<>(List.of(command));
        at.addAll(2, List.of("-s", gateway.url()));
        var result = machine.run(at.toArray(String[]::new));

        assertEquals(exitCode + " rpkai: " + line + "\n", result.exitCode() + " " + result.err());
    }
}
