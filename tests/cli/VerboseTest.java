package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.auth.SignedIn;
import tests.support.Cluster;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;

/// Tests `-v`: it logs what was read, called and decided, even on success, and no secret.
class VerboseTest {
    private static final String MARK = "Hunter2";

    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private final FakeGateway gateway = FakeGateway.start();
    private Machine machine;

    @BeforeEach
    void aMachineThatIsSignedIn() {
        gateway.provider(ProviderJson.anthropic("claude", "claude-sonnet-5-5")).provider(ProviderJson.openai("gpt"));
        idp.controlPlane().clusters(Cluster.ready("cl-abc", "prod", gateway.url()));
        machine = SignedIn.configured(temp, idp).at(InstantSource.system());
        SignedIn.save(machine, idp, "org_123", idp.signIn());
        machine.profile(
                "prod",
                "organization: org_123\nenvironment: {id: cl-abc, name: prod}\nai_gateway_url: %s\n"
                        .formatted(gateway.url()));
        machine.program("claude", "echo 99.0.0\n");
    }

    @AfterEach
    void stop() {
        gateway.close();
        idp.close();
    }

    @Test
    void theSourceOfEachValueAndEveryCallAreLogged() {
        var result = machine.run("-v", "llm", "list");

        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.err().lines().allMatch(line -> line.startsWith("rpkai: debug: ")), result.err());
        assertLogged(
                result,
                "config file %s (the default), environments: prod",
                machine.home().resolve(".rpai/config"));
        assertLogged(result, "environment prod (the current one of the config file)");
        assertLogged(result, "AI Gateway %s (ai_gateway_url of the environment)", gateway.url());
        assertLogged(result, "auth mode device (the default)");
        assertLogged(result, "gateway token: the cached one (valid until ");
        assertTrue(
                result.err()
                        .matches(
                                ("(?s).*POST %s/redpanda\\.api\\.adp\\.v1alpha1\\.LLMProviderService/ListLLMProviders: "
                                                + "200 in \\d+ ms \\(attempt 1\\).*")
                                        .formatted(gateway.url())),
                result.err());
        assertEquals(machine.run("llm", "list").out(), result.out());
        assertEquals("", machine.run("llm", "list").err());
    }

    @Test
    void flagsAndVariablesAreNamedWhereTheyWin() {
        machine.with("RPAI_FORMAT", "json").with("NO_COLOR", "1");

        var result = machine.run("llm", "list", "-v", "-s", gateway.url(), "-p", "prod");

        assertLogged(result, "environment prod (--profile)");
        assertLogged(result, "AI Gateway %s (--endpoint)", gateway.url());
        assertLogged(result, "format json (RPAI_FORMAT)");
        assertLogged(result, "no colour (NO_COLOR)");
        assertLogged(
                machine.with("RPAI_VERBOSE", "1").with("RPAI_PROFILE", "prod").run("auth", "token"),
                "environment prod (RPAI_PROFILE)");
    }

    @Test
    void everyAttemptAndTheReasonOfATokenRefreshAreLogged() {
        gateway.fail(Endpoint.LIST_PROVIDERS, 1, Fault.unavailable());
        var retried = machine.run("-v", "llm", "list");
        assertLogged(retried, "ListLLMProviders: 503 in ");
        assertTrue(retried.err().contains("(attempt 1)") && retried.err().contains("(attempt 2)"), retried.err());

        var refreshed = machine.run("-v", "auth", "token", "--refresh-within", "10h");
        assertTrue(
                refreshed.err().contains(": it must be valid for another 36000 s")
                        || refreshed.err().contains("not refreshed"),
                refreshed.err());
        gateway.fail(Endpoint.LIST_PROVIDERS, 1, Fault.connect("unauthenticated", "expired"));
        var renewed = machine.run("-v", "llm", "list");
        assertLogged(renewed, ": the gateway refused the previous one");
        assertLogged(renewed, "gateway token: refreshed, (valid until ");
    }

    @Test
    void aLaunchLogsItsPlanAndTheValuesItReplaces() {
        var result = machine.with("ANTHROPIC_API_KEY", "sk-ant-" + MARK)
                .run("-v", "run", "claude", "-L", "claude", "--print-settings");
        assertEquals(0, result.exitCode(), result.err());
        assertLogged(result, "provider claude: anthropic, the gateway's key, models claude-sonnet-5-5");
        assertFalse(result.err().contains(MARK), result.err());
    }

    @Test
    void aCompleteLaunchLogsTheVariablesItChangesAndTheCommandItStarts() throws Exception {
        var launch = machine.with("ANTHROPIC_API_KEY", "sk-ant-" + MARK)
                .with("ANTHROPIC_AUTH_TOKEN", MARK)
                .start("-v", "run", "claude", "-L", "claude")
                .redirectErrorStream(true)
                .start();
        var said = new String(launch.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(
                said.matches(
                        "(?s).*plan: (removes ANTHROPIC_(API_KEY|AUTH_TOKEN), which is set in the environment|sets "
                                + "ANTHROPIC_(API_KEY|AUTH_TOKEN).*, replacing the environment's).*"),
                said);
        assertTrue(
                said.contains("plan: sets ANTHROPIC_BASE_URL=" + gateway.url()) && said.contains("claude with "), said);
        assertFalse(said.contains(MARK), said);
    }

    @Test
    void aStackTraceIsThereOnlyWhereSomethingFailed() {
        assertFalse(machine.run("-v", "llm", "list").err().contains("\tat "));
        assertTrue(machine.run("-v", "llm", "get", "nope").err().contains("\tat "));
        assertFalse(machine.run("llm", "get", "nope").err().contains("\tat "));
    }

    /// Runs a dozen commands with recognisable secrets, and checks that no output contains one.
    @Test
    void noSecretIsInIt() {
        var access = SignedIn.credentials(machine)
                .path("org_123")
                .path("access_token")
                .asText();
        var refresh = SignedIn.credentials(machine)
                .path("org_123")
                .path("refresh_token")
                .asText();
        var secrets = new ArrayList<>(List.of(MARK, access, refresh, access.substring(access.length() - 20)));
        machine.with("ANTHROPIC_API_KEY", "sk-ant-" + MARK)
                .with("OPENAI_API_KEY", MARK + "-openai")
                .with("HTTPS_PROXY", "http://user:%s@127.0.0.1:9".formatted(MARK));
        machine.write("work/m.yaml", "name: claude\nenabled: true\nanthropicConfig: {apiKeyRef: ANTHROPIC_API_KEY}\n");
        machine.profile("typo", "ai_gateway_url: 'https://user:%s@gateway.example?key=%s'\n".formatted(MARK, MARK));
        machine.typing(MARK + "-value\n");
        var said = new StringBuilder();
        for (var line : List.of(
                "llm list",
                "llm get claude -o yaml",
                "llm diff -f m.yaml",
                "llm apply -f m.yaml",
                "model list",
                "mcp list",
                "env list",
                "env show typo",
                "auth status",
                "llm list -p typo",
                "secret set KEY",
                "secret create OTHER --local",
                "secret create OTHER",
                "run claude -L claude --print-settings",
                "usage",
                "llm list --token " + MARK,
                "llm list -s http://user:" + MARK + "@127.0.0.1:1",
                "explain claude -L claude",
                "llm update gpt --description x",
                "doctor -L claude")) {
            said.append(machine.run(("-v " + line).split(" ")).err());
        }
        gateway.failEverywhere(Fault.connect("internal", "you sent " + access));
        said.append(machine.run("-v", "llm", "list").err());
        gateway.clearFaults();
        gateway.failAlways(Endpoint.LIST_PROVIDERS, Fault.connect("unauthenticated", "no"));
        said.append(machine.run("-v", "llm", "list").err());
        secrets.add(SignedIn.credentials(machine)
                .path("org_123")
                .path("access_token")
                .asText());
        secrets.add(SignedIn.credentials(machine)
                .path("org_123")
                .path("refresh_token")
                .asText());
        gateway.clearFaults();
        var account = SignedIn.configured(temp.resolve("ci"), idp)
                .with("RPAI_SERVICE_ACCOUNT_ID", "ci")
                .with("RPAI_SERVICE_ACCOUNT_SECRET", MARK + "-client");
        account.profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()));
        said.append(account.run("-v", "llm", "list").err());

        assertTrue(said.length() > 5000, "something is said");
        for (var secret : secrets)
            assertFalse(
                    said.toString().contains(secret),
                    () -> "%s is in:\n%s"
                            .formatted(
                                    secret,
                                    said.toString()
                                            .lines()
                                            .filter(line -> line.contains(secret))
                                            .toList()));
    }

    private static void assertLogged(Machine.Result result, String line, Object... parts) {
        assertTrue(result.err().contains(line.formatted(parts)), result.err());
    }
}
