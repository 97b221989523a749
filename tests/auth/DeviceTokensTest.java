package tests.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lib.base.Host;
import lib.cli.Cli;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.identity.FakeIdentityProvider.Endpoint;
import tests.support.upstream.Reply;

/// The cached sign-in, by way of `rpkai auth token`.
class DeviceTokensTest {
    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private final Time time = new Time();

    @BeforeEach
    void oneClock() {
        idp.clock(time);
    }

    @AfterEach
    void stop() {
        idp.close();
    }

    @Test
    void aTokenThatLastsIsPrintedWithoutACall() {
        var machine = signedIn(Duration.ofHours(1));

        var result = machine.run("auth", "token");

        assertEquals(new Machine.Result(0, stored(machine) + "\n", ""), result);
        assertEquals(List.of(), idp.requests());
    }

    @Test
    void aTokenThatEndsWithinAMinuteIsRefreshed() {
        var machine = signedIn(Duration.ofMinutes(10));
        var before = stored(machine);
        time.pass(Duration.ofSeconds(9 * 60 + 1));

        var result = machine.run("auth", "token");

        assertEquals(new Machine.Result(0, stored(machine) + "\n", ""), result);
        assertNotEquals(before, stored(machine));
        assertTrue(idp.isValid(stored(machine)));
        assertEquals(1, idp.refreshes());
    }

    @Test
    void aTokenThatLastsAMinuteLongerIsNot() {
        var machine = signedIn(Duration.ofMinutes(10));
        time.pass(Duration.ofSeconds(9 * 60 - 1));

        assertEquals(0, machine.run("auth", "token").exitCode());
        assertEquals(0, idp.refreshes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"4m", "240", "240s", "3m60s"})
    void theWindowIsAsWideAsAskedFor(String window) {
        var machine = signedIn(Duration.ofMinutes(10));

        time.pass(Duration.ofMinutes(6).minusSeconds(1));
        machine.run("auth", "token", "--refresh-within", window);
        assertEquals(0, idp.refreshes());

        time.pass(Duration.ofSeconds(2));
        machine.run("auth", "token", "--refresh-within", window);
        assertEquals(1, idp.refreshes());
    }

    @Test
    void theWindowIsAtMostHalfOfTheTokensLifetime() {
        var machine = signedIn(Duration.ofMinutes(10));

        time.pass(Duration.ofMinutes(5).minusSeconds(1));
        machine.run("auth", "token", "--refresh-within", "10h");
        assertEquals(0, idp.refreshes());

        time.pass(Duration.ofSeconds(2));
        machine.run("auth", "token", "--refresh-within", "10h");
        machine.run("auth", "token", "--refresh-within", "10h");
        assertEquals(1, idp.refreshes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "", "-5m", "5 m", "5m5m"})
    void aWindowThatIsNoDurationIsBadUsage(String window) {
        var result = signedIn(Duration.ofHours(1)).run("auth", "token", "--refresh-within=" + window);

        assertEquals(2, result.exitCode());
        assertEquals("", result.out());
    }

    @Test
    void aRefreshedTokenIsOnDiskBeforeItIsPrinted() {
        var machine = expired();
        var onDiskWhenPrinted = new HashSet<String>();
        var out = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        onDiskWhenPrinted.add(stored(machine));
                    }
                },
                true);
        var h = machine.host();
        var host = new Host(
                h.env(),
                new Host.Folders(h.home(), h.cwd(), h.root()),
                new Host.Streams(
                        new ByteArrayInputStream(new byte[0]),
                        out,
                        new PrintStream(new ByteArrayOutputStream()),
                        false),
                time);

        assertEquals(0, Cli.run(host, Set.of(), "auth", "token"));

        assertEquals(1, onDiskWhenPrinted.size());
        assertTrue(idp.isValid(onDiskWhenPrinted.iterator().next()));
    }

    @Test
    void eachRefreshPresentsTheTokenOfTheOneBefore() {
        var machine = expired();

        for (int i = 0; i < 3; i++) {
            assertEquals(0, machine.run("auth", "token").exitCode());
            time.pass(Duration.ofHours(2));
        }

        assertEquals(3, idp.refreshes());
        assertEquals(0, idp.reuseDetected());
    }

    @Test
    void anIssuerThatDoesNotRotateKeepsItsRefreshToken() {
        var machine = expired();
        var before = SignedIn.credentials(machine)
                .path("org_123")
                .path("refresh_token")
                .asText();
        idp.fail(Endpoint.TOKEN, 1, right -> {
            var _ = right.get();
            return Reply.of(200, "application/json", "{\"access_token\": \"opaque\"}");
        });

        assertEquals("opaque\n", machine.run("auth", "token").out());
        assertEquals(
                before,
                SignedIn.credentials(machine)
                        .path("org_123")
                        .path("refresh_token")
                        .asText());
    }

    @Test
    void threadsAtOnceRefreshOnce() throws Exception {
        var machine = expired();

        Set<String> printed;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asks = IntStream.range(0, 30)
                    .<Callable<String>>mapToObj(
                            _ -> () -> machine.run("auth", "token").out())
                    .toList();
            printed = new HashSet<>();
            for (var ask : threads.invokeAll(asks)) printed.add(ask.get());
        }

        assertEquals(Set.of(stored(machine) + "\n"), printed);
        assertEquals(1, idp.refreshes());
        assertEquals(0, idp.reuseDetected());
    }

    static Stream<Arguments> passing() {
        return Stream.of(
                Arguments.of("503", Endpoint.TOKEN, Fault.unavailable()),
                Arguments.of("429 with a long Retry-After", Endpoint.TOKEN, Fault.tooManyRequests(Duration.ofHours(1))),
                Arguments.of("a captive portal's page", Endpoint.TOKEN, Fault.html(200)),
                Arguments.of("a load balancer's page", Endpoint.TOKEN, Fault.html(502)),
                Arguments.of("a proxy's page with 403", Endpoint.TOKEN, Fault.html(403)),
                Arguments.of("a dropped connection", Endpoint.TOKEN, Fault.dropped()),
                Arguments.of("5 MB with 500", Endpoint.TOKEN, Fault.huge(500)),
                Arguments.of("5 MB with 400", Endpoint.TOKEN, Fault.huge(400)),
                Arguments.of("half an answer", Endpoint.TOKEN, Fault.cutHalfway()),
                Arguments.of("server_error", Endpoint.TOKEN, Fault.oauth(500, "server_error")),
                Arguments.of("temporarily_unavailable", Endpoint.TOKEN, Fault.oauth(400, "temporarily_unavailable")),
                Arguments.of(
                        "temporarily_unavailable with 503",
                        Endpoint.TOKEN,
                        Fault.oauth(503, "temporarily_unavailable")),
                Arguments.of("429 in OAuth's shape", Endpoint.TOKEN, Fault.oauth(429, "too_many_requests")),
                Arguments.of("invalid_grant with 503", Endpoint.TOKEN, Fault.oauth(503, "invalid_grant")),
                Arguments.of("discovery with 503", Endpoint.DISCOVERY, Fault.unavailable()),
                Arguments.of("discovery with a page", Endpoint.DISCOVERY, Fault.html(200)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passing")
    void aTemporaryFailureYieldsTheCurrentTokenAndOneWarning(String what, Endpoint where, Fault fault) {
        var machine = signedIn(Duration.ofMinutes(10));
        var before = stored(machine);
        time.pass(Duration.ofMinutes(9).plusSeconds(30));
        idp.failAlways(where, fault);

        var result = machine.run("auth", "token");

        assertEquals(0, result.exitCode(), result.err());
        assertEquals(before + "\n", result.out());
        assertTrue(
                result.err()
                        .matches("rpkai: warning: the gateway token could not be refreshed and is used "
                                + "until it expires: the " + "[^\\n]+\\R"),
                result.err());
        assertEquals(
                where == Endpoint.TOKEN ? 1 : 0, idp.tokenCalls("refresh_token").size());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passing")
    void aTemporaryFailureNeverYieldsAnExpiredToken(String what, Endpoint where, Fault fault) {
        var machine = expired();
        idp.failAlways(where, fault);

        var result = machine.run("auth", "token");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(
                result.err()
                        .matches("rpkai: the (identity provider|connection to the identity provider) "
                                + "[^\\n]+: (try again|check [^\\n]+)\\R"),
                result.err());
    }

    @Test
    void withoutTheProviderTheCurrentTokenIsUsedUntilItExpires() {
        var machine = signedIn(Duration.ofMinutes(10));
        time.pass(Duration.ofMinutes(9).plusSeconds(30));
        idp.close();

        var result = machine.run("auth", "token");

        assertEquals(stored(machine) + "\n", result.out());
        assertEquals(1, result.err().lines().count());
    }

    @Test
    void aFailureThatPassedIsForgotten() {
        var machine = expired();
        idp.fail(Endpoint.TOKEN, 1, Fault.unavailable());
        machine.run("auth", "token");

        assertEquals(0, machine.run("auth", "token").exitCode());
        assertEquals(1, idp.refreshes());
        assertEquals(0, idp.reuseDetected());
    }

    @Test
    void aProviderThatIsNotAvailableSaysWhyAndTheSignInIsKept() {
        var machine = expired();
        idp.fail(Endpoint.TOKEN, 1, Fault.oauth(503, "temporarily_unavailable"));
        var result = machine.run("auth", "token");

        assertEquals(1, result.exitCode());
        assertTrue(
                result.err().contains("is not available (temporarily_unavailable, injected by the test): try again"),
                result.err());
        assertEquals(0, machine.run("auth", "token").exitCode());
        assertEquals(0, idp.reuseDetected());
    }

    @Test
    void aPermanentRejectionAsksTheUserToSignInAgain() {
        var machine = expired();
        idp.revokeAll();

        var result = machine.run("auth", "token");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("rpkai: no usable gateway token: run rpkai auth login"), result.err());
        assertEquals(1, result.err().lines().count());
    }

    @Test
    void aPermanentRejectionIsReportedEvenWhileTheTokenIsValid() {
        var machine = signedIn(Duration.ofMinutes(10));
        time.pass(Duration.ofMinutes(9).plusSeconds(30));
        idp.fail(Endpoint.TOKEN, 1, Fault.oauth(400, "invalid_grant"));

        assertEquals(1, machine.run("auth", "token").exitCode());
    }

    @Test
    void theProvidersErrorDescriptionCannotMoveTheCursor() {
        var machine = expired();
        idp.fail(
                Endpoint.TOKEN,
                1,
                Fault.reply(Reply.of(
                        400,
                        "application/json",
                        "{\"error\": \"invalid_grant\", \"error_description\": \"a\\nb\\u001b[31mc\"}")));

        var result = machine.run("auth", "token");

        assertEquals(1, result.err().lines().count(), result.err());
        assertFalse(result.err().contains("\u001b"));
    }

    @Test
    void aTokenThatWasIssuedExpiredIsNotPrinted() {
        var machine = expired();
        idp.lifetime(Duration.ofHours(-1));

        var result = machine.run("auth", "token");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().contains("clock"), result.err());
    }

    @Test
    void withoutASignInTheErrorAsksForOne() {
        var result = new Machine(temp).run("auth", "token");

        assertEquals(
                new Machine.Result(1, "", "rpkai: no usable gateway token: run rpkai auth login (not signed in)\n"),
                result);
    }

    @Test
    void anExpiredTokenWithoutARefreshTokenAsksTheUserToSignIn() {
        var machine = expired();
        var all = (ObjectNode) SignedIn.credentials(machine);
        ((ObjectNode) all.path("org_123")).remove("refresh_token");
        machine.write("home/.rpai/credentials", all.toString());

        var result = machine.run("auth", "token");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("rpkai: no usable gateway token: run rpkai auth login"), result.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"org_123\": {}}",
                "{\"org_123\": \"text\"}",
                "{\"org_123\": {\"access_token\": \"\"}}",
                "{\"org_123\": null}",
                "{\"org_123\": {\"access_token\": null, \"signed_in_at\": 9e18}}"
            })
    void anEntryWithoutATokenIsNoSignIn(String content) {
        var machine = new Machine(temp).profile("prod", "organization: org_123\nai_gateway_url: http://localhost:1\n");
        machine.write("home/.rpai/credentials", content);

        var result = machine.run("auth", "token");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("rpkai: no usable gateway token: run rpkai auth login"), result.err());
    }

    @Test
    void aRefreshTokenIsNotSentToAnotherIssuer() {
        var machine = expired();
        var before = SignedIn.credentials(machine);
        try (var other = FakeIdentityProvider.start("", Algorithm.ES256)) {
            machine.with("RPAI_ISSUER", other.issuer());

            var result = machine.run("auth", "token");

            assertEquals(1, result.exitCode());
            assertEquals("", result.out());
            assertTrue(result.err().startsWith("rpkai: no usable gateway token: run rpkai auth login"), result.err());
            assertEquals(List.of(), other.requests());
            assertEquals(before, SignedIn.credentials(machine));
        }
    }

    @Test
    void theProfilesOrganisationIsUsedAndElseThatOfTheLatestSignIn() {
        var machine = signedIn(Duration.ofHours(1));
        idp.user("bob@example.com", "org_456");
        SignedIn.save(machine, idp, "org_456", idp.signIn());
        var first = SignedIn.credentials(machine)
                .path("org_123")
                .path("access_token")
                .asText();
        var second = SignedIn.credentials(machine)
                .path("org_456")
                .path("access_token")
                .asText();

        assertEquals(second + "\n", machine.run("auth", "token").out());

        machine.profile("prod", "organization: org_123\nai_gateway_url: http://localhost:1\n");
        assertEquals(first + "\n", machine.run("auth", "token").out());
    }

    @Test
    void aProfileOfAnotherOrganisationIsNotSignedIn() {
        var machine = signedIn(Duration.ofHours(1))
                .profile("prod", "organization: org_999\nai_gateway_url: http://localhost:1\n");

        assertEquals(
                "rpkai: no usable gateway token: run rpkai auth login (not signed in to org_999)\n",
                machine.run("auth", "token").err());
    }

    @Test
    void aRefreshLeavesTheOtherOrganisationsAndUnknownKeysAlone() {
        var machine = expired();
        var all = (ObjectNode) SignedIn.credentials(machine);
        ((ObjectNode) all.path("org_123")).put("from_the_future", 1);
        all.putObject("org_456").put("access_token", "other").put("issuer", "https://elsewhere");
        machine.write("home/.rpai/credentials", all.toString());
        machine.profile("prod", "organization: org_123\n");

        assertEquals(0, machine.run("auth", "token").exitCode());

        assertEquals(all.path("org_456"), SignedIn.credentials(machine).path("org_456"));
        assertEquals(
                1,
                SignedIn.credentials(machine)
                        .path("org_123")
                        .path("from_the_future")
                        .asInt());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void credentialsThatOthersCouldReadArePrivateAfterARefresh() throws IOException {
        var machine = expired();
        Files.setPosixFilePermissions(SignedIn.file(machine), PosixFilePermissions.fromString("rw-r--r--"));

        machine.run("auth", "token");

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(SignedIn.file(machine))));
    }

    @Test
    void theNextRefreshRemovesTheFileOfAKilledWriter() throws IOException {
        var machine = expired();
        machine.write("home/.rpai/.credentials.new", "{\"org_123\": {\"access_token\": \"half");

        assertEquals(0, machine.run("auth", "token").exitCode());

        try (var files = Files.list(SignedIn.file(machine).getParent())) {
            assertEquals(
                    List.of("credentials", "credentials.lock"),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
        }
    }

    /// For root no folder is read-only, but a folder in a file's place blocks every user.
    @ParameterizedTest
    @ValueSource(strings = {"home/.rpai/.credentials.new/in-the-way", "home/.rpai/credentials.lock/in-the-way"})
    void aFileThatCannotBeWrittenIsFoundBeforeTheRefreshTokenIsSpent(String obstacle) throws IOException {
        var machine = expired();
        var before = Files.readAllBytes(SignedIn.file(machine));
        machine.write(obstacle, "");

        var result = machine.run("auth", "token");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(
                result.err().matches("rpkai: cannot write the credentials file [^\\n]+: check [^\\n]+\\R"),
                result.err());
        assertEquals(List.of(), idp.tokenCalls("refresh_token"));
        assertArrayEquals(before, Files.readAllBytes(SignedIn.file(machine)));
    }

    @Test
    void aTokenThatLastsNeedsNoWritableFolder() {
        var machine = signedIn(Duration.ofHours(1));
        machine.write("home/.rpai/credentials.lock/in-the-way", "");

        assertEquals(0, machine.run("auth", "token").exitCode());
    }

    @Test
    void aProviderThatRepeatsTheRefreshTokenDoesNotMakeUsRepeatIt() {
        var machine = expired();
        var refreshToken = SignedIn.credentials(machine)
                .path("org_123")
                .path("refresh_token")
                .asText();
        idp.fail(
                Endpoint.TOKEN,
                1,
                Fault.reply(Reply.of(
                        400,
                        "application/json",
                        "{\"error\": \"invalid_grant\", \"error_description\": \"unknown: %s\"}"
                                .formatted(refreshToken))));

        assertTrue(machine.run("-v", "auth", "token").err().contains("unknown: <redacted>"));
    }

    @Test
    void theRefreshTokenIsInNoOutput() {
        var machine = expired();
        var refreshToken = SignedIn.credentials(machine)
                .path("org_123")
                .path("refresh_token")
                .asText();
        idp.failAlways(Endpoint.TOKEN, Fault.cutHalfway());

        var result = machine.run("-v", "auth", "token");

        assertFalse(refreshToken.isEmpty());
        assertEquals(1, result.exitCode(), result.toString());
        assertTrue(result.err().contains("POST"), result.err());
        assertFalse((result.out() + result.err()).contains(refreshToken), result.err());
    }

    private Machine signedIn(Duration lifetime) {
        idp.lifetime(lifetime);
        return SignedIn.machine(temp, idp).at(time);
    }

    private Machine expired() {
        return SignedIn.expired(temp, idp).at(time);
    }

    private static String stored(Machine machine) {
        return SignedIn.credentials(machine)
                .path("org_123")
                .path("access_token")
                .asText();
    }
}
