package tests.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import lib.agents.Agent;
import lib.agents.AgentVariables;
import lib.agents.LaunchOption;
import lib.agents.LaunchRequest;
import lib.agents.claude.ClaudeAgent;
import lib.agents.codex.CodexAgent;
import lib.agents.registry.Agents;
import lib.base.Host;
import lib.config.Flags;
import lib.config.Variable;
import lib.http.Http;
import lib.launch.LaunchRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.auth.SignedIn;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;

/// Tests what an agent's process inherits when every secret that rpkai reads is set: programs with the agents'
/// names print their environment.
class WithheldSecretsTest {
    private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");
    private static final String MARK = "secret-of-";
    private static final Set<String> SIGN_INS =
            Set.of("RPAI_SERVICE_ACCOUNT_ID", "RPAI_SERVICE_ACCOUNT_SECRET", "RPAI_TOKEN");
    private static final Map<String, String> STATIC = secrets(Set.of("RPAI_TOKEN"));
    private static final Map<String, String> SERVICE_ACCOUNT =
            secrets(Set.of("RPAI_SERVICE_ACCOUNT_ID", "RPAI_SERVICE_ACCOUNT_SECRET"));

    @TempDir
    Path temp;

    private Path trusted;
    private FakeIdentityProvider idp;
    private FakeGateway gateway;
    private final List<String> leaks = new ArrayList<>();
    private int launches;

    @BeforeEach
    void start() throws IOException {
        trusted = Files.createTempDirectory(
                Files.createDirectories(Host.system().cache().resolveSibling("rpkai-tests")), "machine");
        idp = FakeIdentityProvider.start();
        idp.serviceAccount(MARK + "RPAI_SERVICE_ACCOUNT_ID", MARK + "RPAI_SERVICE_ACCOUNT_SECRET");
        gateway = FakeGateway.start().tokens(token -> idp.isValid(token) || token.equals(MARK + "RPAI_TOKEN"));
        gateway.provider(ProviderJson.anthropic("claude"))
                .provider(ProviderJson.passthrough("own"))
                .provider(ProviderJson.bedrock("aws", "us-east-1"))
                .provider(ProviderJson.openai("openai"))
                .provider(ProviderJson.google("google"));
    }

    @AfterEach
    void stop() throws IOException {
        try (var files = Files.walk(trusted)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
        gateway.close();
        idp.close();
    }

    @Test
    void noAgentInheritsASecretOfRpkaisInAnyMode() {
        everyLaunch("claude", ClaudeAgent.STANDARD, "claude", "own", "aws");
        everyLaunch("codex", CodexAgent.STANDARD, "openai");
        everyLaunch("opencode", agent("opencode"), "claude", "google", "openai");
        if (IS_ROOT) everyLaunch("gemini", agent("gemini"), "google");
        everyLaunch("qwen", agent("qwen"), "openai");
        everyLaunch("exec", agent("exec"), "claude", "google", "openai", "aws");
        everyLaunch("pretend", new PretendAgent(), "openai");

        assertEquals(List.of(), leaks);
        assertTrue(launches > 50, "launches: " + launches);
    }

    @Test
    void noAgentInheritsAKeyThatTheEmbeddedGatewayTookOver() {
        for (var name : List.of("claude", "codex", "opencode", "gemini", "qwen", "exec", "pretend")) {
            if (name.equals("gemini") && !IS_ROOT) continue;
            var agent = name.equals("claude")
                    ? ClaudeAgent.STANDARD
                    : name.equals("codex")
                            ? CodexAgent.STANDARD
                            : name.equals("pretend") ? new PretendAgent() : agent(name);
            var providers = name.equals("claude")
                    ? List.of("demo", "anthropic", "bedrock")
                    : name.equals("gemini")
                            ? List.of("google")
                            : name.equals("exec")
                                    ? List.of("openai", "anthropic", "google", "bedrock")
                                    : List.of(name.equals("opencode") ? "anthropic" : "openai");
            for (var provider : providers) {
                leaks(
                        name + " -L " + provider + ", embedded",
                        inherited(
                                name,
                                agent,
                                secrets(Set.of()),
                                LaunchRequest.empty().withProvider(provider),
                                Optional.empty()));
            }
        }

        assertEquals(List.of(), leaks);
    }

    @Test
    void theSubscriptionLoginStaysInPassthroughAndThereAlone() {
        var variables = new TreeMap<>(secrets(Set.of()));
        variables.put("CLAUDE_CODE_OAUTH_TOKEN", "sk-ant-oat01-mine");

        assertTrue(inherited(
                        "claude",
                        ClaudeAgent.STANDARD,
                        variables,
                        LaunchRequest.empty().withProvider("own"),
                        Optional.of("device"))
                .contains("CLAUDE_CODE_OAUTH_TOKEN=sk-ant-oat01-mine\n"));
        assertFalse(inherited(
                        "claude",
                        ClaudeAgent.STANDARD,
                        variables,
                        LaunchRequest.empty().withProvider("claude"),
                        Optional.of("device"))
                .contains("sk-ant-oat01-mine"));
    }

    @Test
    void theLoginsOfOtherAgentsAreWithheld() {
        var logins = List.of(
                "ANTHROPIC_AUTH_TOKEN",
                "CLAUDE_CODE_OAUTH_REFRESH_TOKEN",
                "CLAUDE_CODE_OAUTH_TOKEN",
                "CODEX_ACCESS_TOKEN",
                "CODEX_API_KEY",
                "GOOGLE_GENERATIVE_AI_API_KEY",
                "OPENCODE_API_KEY");
        var variables = logins.stream().collect(Collectors.toMap(name -> name, name -> MARK + name));
        for (var name : List.of("claude", "codex", "opencode", "qwen", "exec")) {
            var agent = name.equals("claude")
                    ? ClaudeAgent.STANDARD
                    : name.equals("codex") ? CodexAgent.STANDARD : agent(name);
            var provider = name.equals("claude") || name.equals("opencode") ? "claude" : "openai";

            leaks(
                    name,
                    inherited(
                            name,
                            agent,
                            variables,
                            LaunchRequest.empty().withProvider(provider),
                            Optional.of("device")));
        }

        assertEquals(List.of(), leaks);
    }

    @Test
    void aNamedVariableIsPassedOnAndNoOther() {
        for (var name : List.of("claude", "codex", "exec")) {
            var agent = name.equals("claude")
                    ? ClaudeAgent.STANDARD
                    : name.equals("codex") ? CodexAgent.STANDARD : agent(name);
            var asked = LaunchRequest.empty()
                    .withProvider(name.equals("codex") ? "openai" : "claude")
                    .withVariables(AgentVariables.NONE.withInherited(List.of("AWS_SECRET_ACCESS_KEY", "AWS_REGION")));

            var environment = inherited(name, agent, secrets(Set.of()), asked, Optional.of("device"));

            assertTrue(environment.contains("AWS_SECRET_ACCESS_KEY=" + MARK + "AWS_SECRET_ACCESS_KEY\n"), environment);
            assertEquals(
                    1, environment.lines().filter(line -> line.contains(MARK)).count(), environment);
            assertTrue(
                    environment.contains("AWS_REGION=us-east-1\n") && environment.contains("AWS_PROFILE=mine\n"),
                    environment);
        }
    }

    private void everyLaunch(String name, Agent agent, String... providers) {
        for (var provider : providers) {
            for (var relayed : List.of(false, true)) {
                var asked = relayed
                        ? LaunchRequest.empty().withProvider(provider).withOption(LaunchOption.BROKER)
                        : LaunchRequest.empty().withProvider(provider);
                var launch = name + " -L " + provider + (relayed ? " --broker" : "");
                var device = inherited(name, agent, secrets(Set.of()), asked, Optional.of("device"));
                leaks(launch + ", signed in", device);
                // In passthrough without a relay the gateway's token is in a header that Claude Code has as a
                // variable.
                if (!provider.equals("own") || relayed) token(launch + ", signed in", device);
                // Codex rejects this in any other case.
                if (!name.equals("codex") || relayed)
                    leaks(launch + ", static token", inherited(name, agent, STATIC, asked, Optional.of("static")));
                var account = inherited(name, agent, SERVICE_ACCOUNT, asked, Optional.of("service account"));
                leaks(launch + ", service account", account);
                token(launch + ", service account", account);
            }
        }
    }

    private void leaks(String launch, String environment) {
        launches++;
        assertTrue(environment.contains("PATH="), launch + " did not start: " + environment);
        environment.lines().filter(line -> line.contains(MARK)).forEach(line -> leaks.add(launch + ": " + line));
    }

    private void token(String launch, String environment) {
        environment
                .lines()
                .filter(line -> line.contains("eyJ"))
                .forEach(line -> leaks.add(launch + ": a gateway token in " + line.replaceFirst("=.*", "")));
    }

    /// Returns the environment of that agent's process.
    ///
    /// @param signedIn how; empty for a machine that has no gateway but its own
    private String inherited(
            String name, Agent agent, Map<String, String> variables, LaunchRequest asked, Optional<String> signedIn) {
        // Gemini CLI is launched only below folders that are root's own.
        var root = (name.equals("gemini") ? trusted : temp).resolve(String.valueOf(launches));
        var machine = new Machine(root);
        machine.program(name, "case \"$*\" in *--version*) echo 99.0.0;; *) /usr/bin/env;; esac\n");
        machine.with("PATH", root.resolve("bin") + ":/usr/bin:/bin")
                .with("AWS_REGION", "us-east-1")
                .with("AWS_PROFILE", "mine");
        variables.forEach(machine::with);
        if (signedIn.isPresent()) signIn(machine);
        var whole = name.equals("exec")
                ? asked.withArgs(List.of("env"))
                : name.equals("qwen") ? asked.withModel("m") : asked;
        try (var http = Http.of(machine.host())) {
            var runner = new LaunchRunner(agent, whole, machine.host(), http, Set.of());
            return runner.ask(runner.settings(Flags.none()), "").out();
        }
    }

    private void signIn(Machine machine) {
        machine.write(
                "home/.rpai/config",
                ("current: test\nprofiles:\n  test:\n    organization: org_123\n    ai_gateway_url: %s\n"
                                + "cloud:\n  issuer: %s\n")
                        .formatted(gateway.url(), idp.issuer()));
        SignedIn.save(machine, idp, "org_123", idp.signIn());
    }

    /// Every declared secret, but of those by which one signs in only these.
    private static Map<String, String> secrets(Set<String> signIn) {
        return Arrays.stream(Variable.values())
                .filter(variable -> variable.role().isSecret())
                .map(Variable::name)
                .filter(name -> signIn.contains(name) || !SIGN_INS.contains(name))
                .collect(Collectors.toMap(name -> name, name -> MARK + name));
    }

    private static Agent agent(String name) {
        return Agents.ALL.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow()
                .agent();
    }
}
