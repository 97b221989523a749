package tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import lib.api.ProviderClient;
import lib.auth.AccessToken;
import lib.auth.Credentials;
import lib.auth.Tokens;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.Flags;
import lib.config.Settings;
import lib.http.Http;
import lib.http.ProxyVariables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.identity.FakeIdentityProvider.Endpoint;

/// No secret in anything that prints itself: whatever the secret is, wherever it was put.
class SecretsTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingThatHoldsASecretShowsIt(long seed) {
        var secret = secret(seed);
        var machine = new Machine(temp)
                .with("RPAI_TOKEN", secret)
                .with("RPAI_SERVICE_ACCOUNT_ID", "ci")
                .with("RPAI_SERVICE_ACCOUNT_SECRET", secret)
                .with("HTTPS_PROXY", "http://ada:%s@proxy.example:3128".formatted(secret));
        var flags = Flags.none().withToken(new Secret(secret));
        var settings = Settings.resolve(flags, machine.host());
        var http = Http.of(machine.host());
        var token = AccessToken.parse(secret);
        var holders = new ArrayList<Object>(List.of(
                new Secret(secret),
                flags,
                settings,
                settings.serviceAccount(),
                token,
                new Credentials(
                        "org_123", token, Optional.of(new Secret(secret)), "https://issuer.example", Instant.EPOCH),
                Tokens.of(settings, machine.host(), http),
                http,
                ProxyVariables.of(machine.host())));
        var service = Settings.resolve(
                Flags.none(),
                new Machine(temp)
                        .with("RPAI_SERVICE_ACCOUNT_ID", "ci")
                        .with("RPAI_SERVICE_ACCOUNT_SECRET", secret)
                        .host());
        holders.add(Tokens.of(service, machine.host(), http));

        for (var holder : holders) assertFalse(holder.toString().contains(secret), holder.getClass() + " shows it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth token",
                "auth status",
                "auth login --no-browser",
                "auth logout",
                "env list",
                "env show",
                "env use nope",
                "llm list",
                "llm get claude",
                "auth token --refresh-within x",
                "nonsense",
                "llm get ../x",
                "env add x --ai-gateway-url nope"
            })
    void noCommandThatFailsShowsATokenHoweverItFails(String command) {
        try (var idp = FakeIdentityProvider.start("", Algorithm.ES256)) {
            var machine = SignedIn.expired(temp, idp)
                    .profile("prod", "organization: org_123\nai_gateway_url: http://127.0.0.1:1\n");
            var stored = SignedIn.credentials(machine).path("org_123");
            for (var fault : List.of(
                    Fault.unavailable(),
                    Fault.html(200),
                    Fault.dropped(),
                    Fault.oauth(400, "invalid_grant"),
                    Fault.cutHalfway())) {
                idp.clearFaults();
                for (var endpoint : Endpoint.values())
                    if (endpoint != Endpoint.DISCOVERY) idp.failAlways(endpoint, fault);

                var result = machine.run(("-v " + command).split(" "));

                assertNotEquals("", result.out() + result.err());
                for (var secret : List.of(
                        stored.path("access_token").asText(),
                        stored.path("refresh_token").asText())) {
                    assertFalse(result.out().contains(secret) || result.err().contains(secret), result.toString());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth status", "env show", "env list", "llm list", "llm get claude"})
    void noCommandButAuthTokenShowsAGivenToken(String command) {
        for (var format : new String[] {"table", "wide", "json", "yaml", "markdown"}) {
            var machine = new Machine(temp).profile("prod", "ai_gateway_url: http://127.0.0.1:1\n");

            for (var result : List.of(
                    machine.run(("-v -o " + format + " --token hunter2hunter2 " + command).split(" ")),
                    machine.with("RPAI_TOKEN", "hunter2hunter2").run(("-v -o " + format + " " + command).split(" ")))) {
                assertNotEquals("", result.out() + result.err());
                assertFalse(
                        result.out().contains("hunter2hunter2") || result.err().contains("hunter2hunter2"),
                        result.toString());
            }
        }
    }

    @Test
    void aRandomSecretIsLongAndSafeInAHeaderAndAUrl() {
        var one = Secret.random();

        assertTrue(one.reveal().matches("[A-Za-z0-9_-]{43}"), "43 characters");
        assertNotEquals(one, Secret.random());
        assertEquals(one, new Secret(one.reveal()));
        assertTrue(one.matches(one.reveal()));
        assertFalse(one.matches(one.reveal() + "x"));
    }

    @Test
    void anErrorIsOneLineWhateverItQuotes() {
        var error = new UserError("a\r\nb\u2028c\u001b[31md", "e\nf");

        assertEquals("a b c[31md: e f", error.line());
    }

    @Test
    void aCauseIsForThoseWhoAskAndHoldsNoSecretEither() {
        var machine = new Machine(temp)
                .profile("prod", "ai_gateway_url: http://127.0.0.1:1\n")
                .with("RPAI_TOKEN", "hunter2hunter2");
        var settings = Settings.resolve(Flags.none(), machine.host());
        var text = new StringWriter();
        try {
            new ProviderClient(
                            settings.gateway(),
                            Tokens.of(settings, machine.host(), Http.of(machine.host())),
                            Http.of(machine.host()))
                    .list();
        } catch (UserError e) {
            e.printStackTrace(new PrintWriter(text, true));
        }

        assertTrue(text.toString().contains("Caused by: java.net.ConnectException"), text.toString());
        assertFalse(text.toString().contains("hunter2"), text.toString());
    }

    /// Returns a random secret of the characters that tokens use: visible ASCII, of varying length.
    private static String secret(long seed) {
        var random = new Random(seed);
        var text = new StringBuilder("s");
        for (int i = 0; i < 20 + seed * 10; i++)
            text.append(
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".charAt(random.nextInt(66)));
        return text.toString();
    }
}
