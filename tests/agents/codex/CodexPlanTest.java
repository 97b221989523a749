package tests.agents.codex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lib.agents.codex.CodexToken;
import lib.agents.codex.Effort;
import lib.api.ProviderType;
import lib.base.Secret;
import org.junit.jupiter.api.Test;

/// Tests the plan of a Codex launch, apart from its config.
class CodexPlanTest {
    private static final List<String> HOSTILE = List.of(
            "CODEX_ACCESS_TOKEN",
            "CODEX_API_KEY",
            "CODEX_AUTHAPI_BASE_URL",
            "CODEX_EXEC_SERVER_URL",
            "CODEX_HOME",
            "CODEX_INTERNAL_ORIGINATOR_OVERRIDE",
            "CODEX_OSS_BASE_URL",
            "CODEX_PERMISSION_PROFILE",
            "CODEX_REFRESH_TOKEN_URL_OVERRIDE",
            "CODEX_ROLLOUT_TRACE_ROOT",
            "CODEX_SANDBOX",
            "CODEX_SQLITE_HOME",
            "CODEX_THREAD_ID",
            "CODEX_TUI_RECORD_SESSION",
            "OPENAI_API_KEY",
            "OPENAI_BASE_URL",
            "OPENAI_ORGANIZATION",
            "OPENAI_PROJECT");

    @Test
    void theUsersArgumentsFollowOurs() {
        var argv = CodexLaunches.plain()
                .args("exec", "-m", "gpt-6", "", "a b")
                .plan()
                .argv();

        assertEquals("codex", argv.getFirst());
        assertEquals("-c", argv.get(1));
        assertEquals(List.of("exec", "-m", "gpt-6", "", "a b"), argv.subList(argv.size() - 5, argv.size()));
    }

    @Test
    void everyVariableThatLeadsElsewhereIsRemoved() {
        var inherited = new TreeMap<String, String>();
        HOSTILE.forEach(name -> inherited.put(name, "theirs"));

        var left = CodexLaunches.plain().inheriting(inherited).plan().environment(inherited);

        assertEquals(Map.of("CODEX_HOME", "/cache/home-1"), left);
    }

    @Test
    void variablesForProxiesCertificatesAndTerminalsAreKept() {
        var inherited = Map.of(
                "HTTPS_PROXY",
                "http://proxy",
                "CODEX_CA_CERTIFICATE",
                "/ca.pem",
                "SSL_CERT_FILE",
                "/ca.pem",
                "CODEX_TUI_ROUNDED",
                "1",
                "PATH",
                "/bin");

        var left =
                new TreeMap<>(CodexLaunches.plain().inheriting(inherited).plan().environment(inherited));

        left.remove("CODEX_HOME");
        assertEquals(new TreeMap<>(inherited), left);
    }

    @Test
    void aGatewayOnLoopbackIsKeptOutOfTheProxy() {
        var plan = CodexLaunches.plain()
                .at("http://127.0.0.1:8090/llm/v1/providers/openai")
                .inheriting(Map.of("NO_PROXY", "corp"))
                .plan();

        assertEquals("corp,127.0.0.1", plan.env().get("NO_PROXY"));
        assertEquals("127.0.0.1", plan.env().get("no_proxy"));
    }

    @Test
    void aTokenForTheWholeSessionIsInAVariableAndNowhereElse() {
        var plan = CodexLaunches.plain()
                .token(new CodexToken.Variable(new Secret("the-bearer")))
                .plan();

        assertEquals(
                List.of(new Secret("the-bearer")), List.copyOf(plan.secrets().values()));
        var shown = plan + plan.toJson().toString();
        assertFalse(shown.contains("the-bearer"), shown);
        var name = plan.secrets().keySet().iterator().next();
        assertTrue(
                plan.files().toString().contains("env_key = '" + name + "'"),
                plan.files().toString());
        assertTrue(name.startsWith("RPKAI_TOKEN_"), name);
    }

    @Test
    void aRepositoryCannotKnowTheVariablesName() {
        var one = CodexLaunches.plain()
                .token(new CodexToken.Variable(Secret.random()))
                .plan()
                .secrets()
                .keySet();
        var other = CodexLaunches.plain()
                .token(new CodexToken.Variable(Secret.random()))
                .plan()
                .secrets()
                .keySet();

        assertNotEquals(one, other);
    }

    @Test
    void aHelpersLaunchHasNoSecretAtAll() {
        assertEquals(Map.of(), CodexLaunches.plain().plan().secrets());
    }

    @Test
    void aModelThatIsNotAllowedIsAWarningWithTheAllowedOnes() {
        var launch = CodexLaunches.plain().provider(ProviderType.OPENAI, "gpt-6.1-sol", "gpt-6.1-luna");
        var expected = List.of("model \"gpt-6.1-so\" is not allowed by provider \"openai\"; allowed: gpt-6.1-sol, "
                + "gpt-6.1-luna; did you mean \"gpt-6.1-sol\"?");

        assertEquals(expected, launch.asking("gpt-6.1-so", Effort.LOW).plan().warnings());
        assertEquals(expected, launch.args("exec", "-mgpt-6.1-so", "hi").plan().warnings());
        assertEquals(expected, launch.args("-c", " model = 'gpt-6.1-so'").plan().warnings());
        assertEquals(List.of(), launch.asking("gpt-6.1-sol", Effort.LOW).plan().warnings());
        assertEquals(
                List.of(),
                launch.asking("gpt-6.1-so", Effort.LOW)
                        .args("-m", "gpt-6.1-luna")
                        .plan()
                        .warnings());
    }

    @Test
    void aCompatibleProviderWantsAModel() {
        assertEquals(
                List.of("no model is selected, and Codex's default is a model of OpenAI: pass -m with one of qwen"),
                CodexLaunches.plain()
                        .provider(ProviderType.OPENAI_COMPATIBLE, "qwen")
                        .plan()
                        .warnings());
        assertEquals(
                List.of(),
                CodexLaunches.plain().provider(ProviderType.OPENAI).plan().warnings());
    }

    @Test
    void aFolderThatBringsItsOwnSettingsIsNamed() {
        assertEquals(
                List.of("/work/a b/.codex applies: its rules and MCP servers run outside the sandbox (with "
                        + "--no-auto-trust, Codex asks first)"),
                CodexLaunches.plain().trusting(true, "/work/a b/.codex").plan().warnings());
        assertEquals(
                List.of(),
                CodexLaunches.plain().trusting(false, "/work/a b/.codex").plan().warnings());
    }

    @Test
    void resumingInAHomeOfThisMomentIsAWarning() {
        var expected =
                List.of("codex resume finds no session in a temporary home: keep sessions with --codex-home DIR");

        assertEquals(
                expected, CodexLaunches.plain().args("resume", "--last").plan().warnings());
        assertEquals(
                expected,
                CodexLaunches.plain()
                        .args("-m", "gpt-6", "exec", "resume", "--last", "go on")
                        .plan()
                        .warnings());
        assertEquals(
                List.of(), CodexLaunches.plain().lasting().args("resume").plan().warnings());
        assertEquals(
                List.of(),
                CodexLaunches.plain().args("exec", "how do I resume?").plan().warnings());
    }
}
