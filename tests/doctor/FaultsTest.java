package tests.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.http.TinyProxy;
import tests.support.Cluster;
import tests.support.Fault;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.ProviderJson;
import tests.support.upstream.Replies;

/// Each test breaks one thing, checks what the doctor reports, and that its suggestion repairs it.
class FaultsTest {
    private static final String[] CLAUDE = {"doctor", "claude", "-L", "claude", "-m", "claude-sonnet-5-5"};
    private static final String[] CODEX = {"doctor", "codex", "-L", "gpt"};

    @TempDir
    Path temp;

    private WorkingMachine it;

    @BeforeEach
    void aMachineOnWhichALaunchWorks() {
        it = new WorkingMachine(temp.resolve("machine"));
    }

    @AfterEach
    void close() {
        it.close();
    }

    @Test
    void nothingIsWrong() {
        it.isWell(CLAUDE);
        it.isWell(CODEX);
    }

    @Test
    void anExpiredTokenThatNothingRenews() {
        it.idp.lifetime(Duration.ofSeconds(-1));
        it.machine.write(
                "home/.rpai/credentials",
                "{\"org_123\":{\"access_token\":\"%s\",\"issuer\":\"%s\",\"signed_in_at\":1}}"
                        .formatted(it.idp.signIn().accessToken(), it.idp.issuer()));
        it.idp.lifetime(Duration.ofHours(1));

        found("✗ sign-in      the sign-in to org_123 has expired", "  → rpkai auth login", CLAUDE);
    }

    @Test
    void aRevokedRefreshToken() {
        it.idp.lifetime(Duration.ofSeconds(-1));
        it.signIn();
        it.idp.revokeAll();
        it.idp.lifetime(Duration.ofHours(1));

        found(
                "✗ sign-in      the sign-in to org_123 has ended: invalid_grant, unknown or revoked refresh token",
                "  → rpkai auth login",
                CLAUDE);
    }

    @Test
    void aMissingSignInIsFound() {
        it.machine.write("home/.rpai/credentials", "{}");

        found("✗ sign-in      not signed in to org_123", "  → rpkai auth login", CLAUDE);
    }

    @Test
    void anExpiredStaticToken() {
        it.idp.lifetime(Duration.ofSeconds(-1));
        it.machine.with("RPAI_TOKEN", it.idp.signIn().accessToken());
        it.idp.lifetime(Duration.ofHours(1));

        it.finds(
                "✗ sign-in      the token of --token or RPAI_TOKEN has expired",
                "  → export RPAI_TOKEN=NEW_TOKEN",
                CLAUDE);
        it.fix("export RPAI_TOKEN=" + it.idp.signIn().accessToken());
        it.isWell(CLAUDE);
    }

    @Test
    void aStaticTokenForCodex() {
        it.machine.with("RPAI_TOKEN", it.idp.signIn().accessToken());

        it.finds(
                "✗ sign-in      a static token cannot be used with Codex, which requests fresh ones",
                "  → unset RPAI_TOKEN",
                CODEX);
        it.machine.with("RPAI_TOKEN", "");
        it.isWell(CODEX);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, -10})
    void aClockThatIsTenMinutesOff(int minutes) {
        it.machine.at(() -> Instant.now().plus(Duration.ofMinutes(minutes)));

        it.finds(
                "✗ clock        10 min %s the gateway's".formatted(minutes > 0 ? "ahead of" : "behind"),
                "  → sudo timedatectl set-ntp true",
                CLAUDE);
        it.machine.at(InstantSource.system());
        it.isWell(CLAUDE);
    }

    @Test
    void anAuthorityThatTheSystemKnowsAndTheJvmDoesNot() throws Exception {
        try (var tls = new TlsFront(temp, URI.create(it.gateway.url()).getPort())) {
            it.at(tls.url());
            var bundle = it.machine.write("machine-wide", "").resolveSibling("etc/ssl/certs/ca-certificates.crt");
            Files.createDirectories(bundle.getParent());
            Files.copy(tls.pem(), bundle);

            found(
                    "✗ tls          the certificate is signed by \"Corp CA\", which is not trusted",
                    "  → export SSL_CERT_FILE=" + bundle,
                    CLAUDE);
        }
    }

    @Test
    void anUnknownCertificateAuthorityIsFound() throws Exception {
        try (var tls = new TlsFront(temp, URI.create(it.gateway.url()).getPort())) {
            it.at(tls.url());

            it.finds(
                    "✗ tls          the certificate is signed by \"Corp CA\", which is not trusted",
                    "  → export SSL_CERT_FILE=/path/to/your-company-ca.pem",
                    CLAUDE);
            it.fix("export SSL_CERT_FILE=" + tls.pem());
            it.isWell(CLAUDE);
        }
    }

    @Test
    void aFileOfAuthoritiesThatIsNotThere() throws Exception {
        try (var tls = new TlsFront(temp, URI.create(it.gateway.url()).getPort())) {
            it.at(tls.url());
            it.machine.with("NODE_EXTRA_CA_CERTS", "/nowhere.pem");

            it.finds(
                    "✗ tls          the certificate is signed by \"Corp CA\", which is not trusted; "
                            + "NODE_EXTRA_CA_CERTS names a file that is not readable",
                    "  → export SSL_CERT_FILE=/path/to/your-company-ca.pem",
                    CLAUDE);
            it.fix("export SSL_CERT_FILE=" + tls.pem());
            it.isWell(CLAUDE);
        }
    }

    @Test
    void aProxyThatWantsAPassword() {
        try (var proxy = new TinyProxy(URI.create(it.gateway.url()).getPort(), Optional.of("ada:secret"))) {
            it.at("http://gateway.test");
            it.machine.with("HTTP_PROXY", "http://127.0.0.1:" + proxy.port());

            it.finds(
                    "✗ proxy        the proxy 127.0.0.1:%d refused to connect to the AI Gateway (HTTP 407)"
                            .formatted(proxy.port()),
                    "  → export HTTP_PROXY=http://NAME:PASSWORD@127.0.0.1:" + proxy.port(),
                    CLAUDE);
            it.fix("export HTTP_PROXY=http://ada:secret@127.0.0.1:" + proxy.port());
            it.isWell(CLAUDE);
        }
    }

    @Test
    void aProxyThatRefusesTheConnection() throws Exception {
        // Not loopback by its name, so that the variables count for it.
        it.at("http://0.0.0.0:" + URI.create(it.gateway.url()).getPort());
        it.machine.with("ALL_PROXY", "http://127.0.0.1:" + closedPort()).with("NO_PROXY", "corp.example");
        var proxy = it.machine.host().env().get("ALL_PROXY").substring("http://".length());

        found(
                ("✗ proxy        cannot reach the AI Gateway at http://0.0.0.0:%d through the proxy %s: "
                                + "connection refused")
                        .formatted(URI.create(it.gateway.url()).getPort(), proxy),
                "  → export NO_PROXY=\"$NO_PROXY,0.0.0.0\"",
                CLAUDE);
    }

    @Test
    void aProxyVariableThatIsNoUrl() {
        try (var proxy = new TinyProxy(URI.create(it.gateway.url()).getPort(), Optional.empty())) {
            it.at("http://gateway.test");
            it.machine.with("http_proxy", "socks5://127.0.0.1:1080");

            it.finds(
                    "✗ proxy        HTTPS_PROXY, HTTP_PROXY or ALL_PROXY is not the URL of an HTTP proxy",
                    "  → export http_proxy=http://HOST:PORT",
                    CLAUDE);
            it.fix("export http_proxy=" + proxy.url());
            it.isWell(CLAUDE);
        }
    }

    /// A proxy may close a connection that is kept for the next request.
    @Test
    void aConnectionThatBreaksBeforeTheModelAnswersIsReplacedOnce() {
        it.gateway.fail(Endpoint.PROXY, 1, Fault.dropped());
        it.isWell(CLAUDE);

        it.gateway.fail(Endpoint.PROXY, 2, Fault.dropped());
        var result = it.machine.run(CLAUDE);
        assertTrue(result.out().contains("✗ request      the connection to the model at "), result.out());
    }

    @Test
    void anUnknownHostNameIsFound() {
        it.byHandAt("http://gateway.invalid");

        it.finds(
                "✗ dns          there is no host named gateway.invalid",
                "  → edit %s and correct profiles.test.ai_gateway_url"
                        .formatted(it.machine.home().resolve(".rpai/config")),
                CLAUDE);
        it.byHandAt(it.gateway.url());
        it.isWell(CLAUDE);
    }

    @Test
    void anEnvironmentThatHasMoved() {
        it.at("http://gateway.invalid");
        it.idp.controlPlane().clusters(Cluster.ready("cl-abc", "test", it.gateway.url()));

        found("✗ dns          there is no host named gateway.invalid", "  → rpkai env use cl-abc", CLAUDE);
    }

    @Test
    void aGatewayOnThisMachineThatDoesNotRun() throws Exception {
        var url = "http://127.0.0.1:" + closedPort();
        it.byHandAt(url);

        it.finds(
                "✗ gateway      cannot reach the AI Gateway at %s: connection refused".formatted(url),
                "  → rpkai gateway",
                CLAUDE);
        it.byHandAt(it.gateway.url());
        it.isWell(CLAUDE);
    }

    @Test
    void aPageInPlaceOfAGateway() {
        it.gateway.failAlways(Endpoint.GET_PROVIDER, Fault.html(200));

        it.finds(
                "✗ gateway      %s is not an AI Gateway (HTTP 200, text/html)".formatted(it.gateway.url()),
                "  → connect to the gateway's network (VPN)",
                CLAUDE);
        it.gateway.clearFaults();
        it.isWell(CLAUDE);
    }

    @Test
    void aGatewayThatAnswers502AndComesBack() {
        for (var endpoint : Endpoint.values()) it.gateway.failAlways(endpoint, Fault.html(502));

        it.finds(
                "✗ gateway      %s answers HTTP 502, like a gateway that is down or restarting"
                        .formatted(it.gateway.url()),
                "  → sleep 60 && rpkai doctor claude -L claude -m claude-sonnet-5-5",
                CLAUDE);
        // What waiting is for.
        it.gateway.clearFaults();
        it.fix("rpkai doctor claude -L claude -m claude-sonnet-5-5");
        it.isWell(CLAUDE);
    }

    @Test
    void aGatewayThatAnswers502AndIsElsewhereByNow() {
        try (var old = FakeGateway.start()) {
            old.failAlways(Endpoint.GET_PROVIDER, Fault.html(502));
            it.at(old.url());
            it.idp.controlPlane().clusters(Cluster.ready("cl-abc", "test", it.gateway.url()));

            found(
                    "✗ gateway      %s answers HTTP 502, like a gateway that is down or restarting"
                            .formatted(old.url()),
                    "  → rpkai env use cl-abc",
                    CLAUDE);
        }
    }

    @Test
    void aDisabledProvider() {
        it.gateway.provider(ProviderJson.anthropic("claude").put("enabled", false));

        it.finds("✗ provider     \"claude\" is disabled", "  → rpkai llm update claude --enabled", CLAUDE);
        assertEquals(0, it.machine.run("llm", "update", "claude", "--enabled").exitCode());
        it.isWell(CLAUDE);
    }

    @Test
    void aProviderThatIsNotThere() {
        it.finds(
                "✗ provider     provider \"claud\" not found at " + it.gateway.url(),
                "  → rpkai run claude -L claude",
                "doctor",
                "claude",
                "-L",
                "claud");
        it.isWell("doctor", "claude", "-L", "claude");
    }

    @Test
    void aProviderOfTheWrongType() {
        it.finds(
                "✗ type         \"gpt\" has the type openai, but Claude Code requires anthropic or bedrock",
                "  → rpkai run claude -L claude",
                "doctor",
                "claude",
                "-L",
                "gpt");
        it.isWell("doctor", "claude", "-L", "claude");
    }

    @Test
    void aProviderThatOnlyTheOtherAgentSpeaksTo() {
        it.gateway.remove("claude");

        it.finds(
                "✗ type         \"gpt\" has the type openai, but Claude Code requires anthropic or bedrock",
                "  → rpkai run codex -L gpt",
                "doctor",
                "-L",
                "gpt");
        it.isWell("doctor", "codex", "-L", "gpt");
    }

    @Test
    void aModelThatIsNotAllowed() {
        it.finds(
                "✗ model        \"claude\" does not allow claude-sonet-5-5 (-m)",
                "  → rpkai run claude -L claude -m claude-sonnet-5-5",
                "doctor",
                "claude",
                "-L",
                "claude",
                "-m",
                "claude-sonet-5-5");
        it.isWell(CLAUDE);
    }

    @Test
    void aModelOfARepositoryThatIsNotAllowed() {
        var file = it.machine.write("work/.claude/settings.json", "{\"model\":\"haiku\"}");

        it.finds(
                "✗ model        \"claude\" does not allow claude-haiku-5-5 (%s)".formatted(file),
                "  → rpkai run claude -L claude -m claude-opus-5-5",
                "doctor",
                "claude",
                "-L",
                "claude");
        it.isWell("doctor", "claude", "-L", "claude", "-m", "claude-opus-5-5");
    }

    @Test
    void aMissingAgent() throws Exception {
        Files.delete(it.agent("claude", ""));

        found("✗ agent        no claude on the PATH", "  → npm install -g @anthropic-ai/claude-code@latest", CLAUDE);
    }

    @Test
    void anAgentThatDoesNotStart() {
        it.machine.program("claude", "exit 126\n");

        found(
                "✗ agent        %s does not start or does not print its version"
                        .formatted(temp.resolve("machine/bin/claude")),
                "  → npm install -g @anthropic-ai/claude-code@latest",
                CLAUDE);
    }

    @Test
    void aCodexThatIsTooOld() {
        it.agent("codex", "codex-cli 0.117.0");

        found(
                "✗ agent        Codex 0.117.0, %s is too old: 0.118.0 or later is required"
                        .formatted(temp.resolve("machine/bin/codex")),
                "  → npm install -g @openai/codex@latest",
                CODEX);
    }

    @Test
    void noAgentAndNothingToInstallItWith() throws Exception {
        Files.delete(it.agent("claude", ""));
        var npm = it.machine.program("npm", "");
        var kept = Files.readString(npm);
        Files.delete(npm);

        var result = it.machine.run(CLAUDE);

        assertEquals(
                List.of(
                        "✗ agent        no claude on the PATH", "  → npm install -g @anthropic-ai/claude-code@latest",
                        "✗ npm          no npm on the PATH; rpkai needs it to install agents",
                                "  → sudo apt-get install -y npm"),
                WorkingMachine.wrong(result.out()));
        it.machine.program("npm", kept);
        it.agent("claude", "2.1.330");
        it.isWell(CLAUDE);
    }

    @Test
    void aSettingsFileThatReroutes() {
        it.gateway.provider(ProviderJson.passthrough("claude"));
        var file = it.machine.write(
                "home/.claude/settings.json", "{\"env\":{\"CLAUDE_CODE_USE_BEDROCK\":\"1\",\"KEEP\":\"me\"}}");

        it.finds(
                "✗ settings     %s sets env.CLAUDE_CODE_USE_BEDROCK, which turns another transport on".formatted(file),
                "  → edit %s and remove env.CLAUDE_CODE_USE_BEDROCK".formatted(file),
                CLAUDE);
        it.fix("edit %s and remove env.CLAUDE_CODE_USE_BEDROCK".formatted(file));
        var result = it.machine.run(CLAUDE);
        assertEquals(List.of(), WorkingMachine.wrong(result.out()), result.out());
        assertEquals(0, result.exitCode());
    }

    @Test
    void aManagedPolicyThatReroutes() {
        var file = it.machine.write(
                "etc/claude-code/managed-settings.json",
                "{\"env\":{\"ANTHROPIC_BASE_URL\":\"https://elsewhere.example\"}}");

        found(
                ("✗ settings     %s sets env.ANTHROPIC_BASE_URL, which is set by the administrator's policy and "
                                + "overrides the launch")
                        .formatted(file),
                "  → edit %s and remove env.ANTHROPIC_BASE_URL".formatted(file),
                CLAUDE);
    }

    @Test
    void aPolicyForCodexThatReroutes() {
        var file = it.machine.write(
                "etc/codex/managed_config.toml", "approval_policy = \"never\"\nmodel_provider = \"theirs\"\n");

        it.finds(
                "✗ settings     %s sets model_provider, which overrides the launch".formatted(file),
                "  → edit %s and remove model_provider".formatted(file),
                CODEX);
        it.machine.write("etc/codex/managed_config.toml", "approval_policy = \"never\"\n");
        it.isWell(CODEX);
    }

    @Test
    void filesThatTheLaunchHoldsOffAreNamed() {
        it.machine.write("work/.claude/settings.json", "{\"env\":{\"ANTHROPIC_BASE_URL\":\"http://theirs\"}}");

        var result = it.machine.run(CLAUDE);

        assertTrue(result.out().contains("\n✓ settings     1 file, overridden: ANTHROPIC_BASE_URL\n"), result.out());
        assertEquals(0, result.exitCode());
    }

    @Test
    void aSignInOfClaudeCodeAtAnotherGateway() throws Exception {
        var file = it.machine.write(
                "home/.claude/.credentials.json",
                "{\"enterpriseGateway\":{\"url\":\"https://gw.example\",\"jwt\":\"x\"}}");

        it.finds(
                ("✗ settings     Claude Code is signed in to another gateway, gw.example (%s), and would "
                                + "send every request there")
                        .formatted(file),
                "  → claude auth logout",
                CLAUDE);
        Files.delete(file);
        it.isWell(CLAUDE);
    }

    @Test
    void aPolicyThatForcesASignInAtAnotherGateway() throws Exception {
        var file = it.machine.write(
                "etc/claude-code/managed-settings.json",
                "{\"forceLoginMethod\":\"gateway\",\"forceLoginGatewayUrl\":\"https://gw.example\"}");

        it.finds(
                "✗ settings     %s sets forceLoginMethod, which sends every request to the gateway gw.example"
                        .formatted(file),
                "  → edit %s and remove forceLoginMethod".formatted(file),
                CLAUDE);
        Files.delete(file);
        it.isWell(CLAUDE);
    }

    @Test
    void aClaudeCodeThatIsTooOld() {
        it.agent("claude", "2.1.252 (Claude Code)");

        found(
                "✗ agent        Claude Code 2.1.252, %s is too old: 2.1.257 or later is required"
                        .formatted(temp.resolve("machine/bin/claude")),
                "  → npm install -g @anthropic-ai/claude-code@latest",
                CLAUDE);
    }

    @ParameterizedTest
    @CsvSource({
        "401, claude, anthropic, ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL",
        "403, claude, anthropic, ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL",
        "401, codex, openai, OPENAI_API_KEY, OPENAI_BASE_URL",
        "403, codex, openai, OPENAI_API_KEY, OPENAI_BASE_URL",
        "401, gemini, google, GEMINI_API_KEY, GOOGLE_GEMINI_BASE_URL",
        "403, gemini, google, GOOGLE_API_KEY, GOOGLE_GEMINI_BASE_URL"
    })
    void aRejectedKeyOfThisMachineIsReplacedThroughItsOwnVariable(
            int status, String agent, String provider, String variable, String url) throws Exception {
        it.agent("gemini", "99.0.0");
        try (var upstream = new RefusingUpstream(status)) {
            it.machine.with(variable, "old").with(url, upstream.url());

            var result = it.machine.run("doctor", agent, "-L", provider, "--embedded", "-m", "some-model");

            assertEquals(
                    "  → export %s=NEW_KEY".formatted(variable),
                    WorkingMachine.wrong(result.out()).getLast(),
                    result.out());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AWS_BEARER_TOKEN_BEDROCK=old, export AWS_BEARER_TOKEN_BEDROCK=NEW_KEY",
        "AWS_ACCESS_KEY_ID=old AWS_SECRET_ACCESS_KEY=old, export AWS_ACCESS_KEY_ID=NEW_ID; export "
                + "AWS_SECRET_ACCESS_KEY=NEW_KEY"
    })
    void theKeyOfBedrockToo(String variables, String fix) throws Exception {
        try (var upstream = new RefusingUpstream(403)) {
            it.machine.with("AWS_REGION", "us-east-1").with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", upstream.url());
            for (var each : variables.split(" ")) it.machine.with(each.split("=")[0], each.split("=")[1]);

            var result = it.machine.run("doctor", "claude", "-L", "bedrock", "--embedded", "-m", "some-model");

            assertEquals("  → " + fix, WorkingMachine.wrong(result.out()).getLast(), result.out());
        }
    }

    @Test
    void aKeyThatTheUpstreamRefuses() {
        it.gateway.next(_ -> Replies.error(401, "authentication_error", "invalid x-api-key"));

        it.finds(
                "✗ request      HTTP 401: invalid x-api-key",
                "  → rpkai llm update claude --anthropic-config.api-key-ref NEW_REFERENCE",
                CLAUDE);
        it.isWell(CLAUDE);
    }

    @Test
    void anAccountWithoutCredit() {
        it.gateway.next(_ -> Replies.error(400, "invalid_request_error", "Your credit balance is too low"));

        it.finds(
                "✗ request      HTTP 400: Your credit balance is too low",
                "  → ask the account owner of \"claude\" to raise its budget or add credit",
                CLAUDE);
        it.isWell(CLAUDE);
    }

    @Test
    void aProviderThatWasDisabledInTheMeantime() {
        it.gateway.next(_ -> Replies.error(403, "permission_error", "provider \"claude\" is disabled"));

        it.finds(
                "✗ request      HTTP 403: provider \"claude\" is disabled",
                "  → rpkai llm update claude --enabled",
                CLAUDE);
        it.isWell(CLAUDE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "its upstream demands a client certificate;set one: run rpkai llm update claude --client-cert-ref CERT "
                        + "--client-key-ref KEY;rpkai llm update claude --client-cert-ref CERT --client-key-ref KEY",
                "its client certificate CERT expired on 2026-11-30;run rpkai secret set CERT < chain.pem and rpkai "
                        + "secret set KEY < key.pem on the gateway's machine;rpkai secret set CERT < chain.pem and "
                        + "rpkai secret set KEY < key.pem",
                "its client key KEY is encrypted;run openssl pkey -in key.pem | rpkai secret set KEY on the gateway's "
                        + "machine;openssl pkey -in key.pem | rpkai secret set KEY"
            })
    void aClientCertificateThatTheUpstreamDoesNotTake(String why, String remedy, String command) {
        it.gateway.next(_ -> Replies.error(
                502, "api_error", "provider \"claude\" cannot be reached: %s: %s".formatted(why, remedy)));

        it.finds("✗ request      HTTP 502: provider \"claude\" cannot be reached: " + why, "  → " + command, CLAUDE);
        it.isWell(CLAUDE);
    }

    @Test
    void aKeyThatTheUpstreamRefusesAndTheGatewayNames() {
        it.gateway.next(_ -> Replies.error(
                502,
                "api_error",
                "provider \"claude\" cannot be reached: its upstream rejected the gateway's key (HTTP 401); "
                        + "run rpkai secret set MY_KEY on the gateway's machine"));

        it.finds(
                "✗ request      HTTP 502: provider \"claude\" cannot be reached: its upstream rejected the "
                        + "gateway's key (HTTP 401); run rpkai secret set MY_KEY on the gateway's machine",
                "  → rpkai secret set MY_KEY",
                CLAUDE);
        it.isWell(CLAUDE);
    }

    /// An upstream that takes no key.
    private static final class RefusingUpstream implements AutoCloseable {
        private final HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);

        RefusingUpstream(int status) throws IOException {
            server.createContext("/", exchange -> {
                var body = "{\"error\":{\"type\":\"authentication_error\",\"message\":\"no such key\"}}"
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("content-type", "application/json");
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    /// The doctor finds the fault, and its suggestion repairs it.
    private void found(String line, String fix, String... args) {
        it.finds(line, fix, args);
        it.fix(fix);
        it.isWell(args);
    }

    private static int closedPort() throws Exception {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
