package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import lib.config.ConfigFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.auth.SignedIn;
import tests.support.Cluster;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;

/// Which environment a sign-in ends with, by way of `rpkai auth login`.
class EnvironmentPickerTest {
    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private Machine machine;

    @BeforeEach
    void aMachine() {
        idp.devices().interval(0).approveAfter(0);
        machine = SignedIn.configured(temp, idp);
    }

    @AfterEach
    void stop() {
        idp.close();
    }

    @Test
    void theOnlyEnvironmentIsTaken() {
        idp.controlPlane()
                .clusters(Cluster.ready("cl-abc", "prod", "https://aigw.example"), Cluster.notReady("cl-new", "new"));

        var result = login();

        assertTrue(result.err().endsWith("Environment: prod (https://aigw.example).\n"), result.err());
        var profile = config().profiles().get("prod");
        assertEquals(Optional.of("prod"), config().current());
        assertEquals(Optional.of("org_123"), profile.organization());
        assertEquals(Optional.of("cl-abc"), profile.environmentId());
        assertEquals(Optional.of("https://aigw.example"), profile.gatewayUrl());
        assertEquals(Optional.of("device"), profile.authMode());
    }

    @Test
    void withoutATerminalSigningInExplainsHowToPickOneOfSeveral() {
        several();

        var result = login();

        assertTrue(
                result.err()
                        .endsWith("Several environments are ready (prod, staging): run rpkai env use NAME "
                                + "to select one.\n"),
                result.err());
        assertEquals(Optional.empty(), config().current());
    }

    @ParameterizedTest
    @CsvSource({
        "'2\n',staging",
        "'staging\n',staging",
        "'cl-1\n',prod",
        "' 1 \n',prod",
        "'0\n3\nx\n\n99999999999\n-1\n2\n',staging"
    })
    void severalAndATerminalAreAskedAboutUntilTheAnswerIsOne(String typed, String chosen) {
        several();

        var result = login(typed);

        assertTrue(result.err().contains("  1) prod  cl-1\n  2) staging  cl-2\n"), result.err());
        assertEquals(Optional.of(chosen), config().current());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense"})
    void atTheEndOfInputTheErrorExplainsHowToPick(String typed) {
        several();

        assertTrue(login(typed).err().contains("run rpkai env use NAME"));
        assertEquals(Optional.empty(), config().current());
    }

    @Test
    void withoutAReadyEnvironmentASignInExplainsTheNextStep() {
        idp.controlPlane().clusters(Cluster.notReady("cl-new", "new"));
        assertTrue(login().err()
                .contains("No environment is ready (no AI Gateway URL). Run rpkai auth login again "
                        + "once an environment is ready"));

        idp.controlPlane().clusters();
        assertTrue(login().err().contains("The organisation has no environment yet."));
    }

    @Test
    void aSecondSignInToTheSameOrganisationKeepsTheEnvironment() {
        several();
        login("2\n");

        var result = login();

        assertTrue(result.err().endsWith("Environment: staging (unchanged).\n"), result.err());
        assertEquals(Optional.of("staging"), config().current());
    }

    @Test
    void aSignInToAnotherOrganisationPicksOneOfIts() {
        idp.controlPlane()
                .clustersOf("org_123", Cluster.ready("cl-1", "prod", "https://one"))
                .clustersOf("org_456", Cluster.ready("cl-2", "theirs", "https://two"));
        login();
        idp.user("bob@example.com", "org_456");

        login();

        assertEquals(Optional.of("theirs"), config().current());
        assertEquals(2, config().profiles().size());
    }

    @Test
    void theEnvironmentsAreThoseOfTheSignInWhateverTokenIsSet() {
        idp.controlPlane()
                .clustersOf("org_123", Cluster.ready("cl-1", "prod", "https://one"))
                .clustersOf("org_456", Cluster.ready("cl-2", "theirs", "https://two"));
        idp.user("bob@example.com", "org_456");
        var bobs = idp.signIn().accessToken();
        idp.user("ada@example.com", "org_123");
        machine.with("RPAI_TOKEN", bobs);

        login();

        assertEquals(Optional.of("prod"), config().current());
    }

    @Test
    void aManualProfileOfTheSameNameIsNotOverwritten() {
        machine.write("home/.rpai/config", "profiles: {prod: {ai_gateway_url: http://mine, auth_mode: none}}\n");
        idp.controlPlane().clusters(Cluster.ready("cl-abc", "prod", "https://aigw.example"));

        var result = login();

        assertEquals(Optional.of("http://mine"), config().profiles().get("prod").gatewayUrl());
        assertEquals(Optional.of("cl-abc"), config().current());
        assertEquals(
                Optional.of("https://aigw.example"),
                config().profiles().get("cl-abc").gatewayUrl());
        assertTrue(result.err().endsWith("Environment: cl-abc (https://aigw.example).\n"), result.err());
    }

    @Test
    void anEnvironmentThatMovedIsUpdatedUnderItsName() {
        idp.controlPlane().clusters(Cluster.ready("cl-abc", "prod", "https://old"));
        login();
        idp.controlPlane().clusters(Cluster.ready("cl-abc", "prod", "https://new"));

        machine.run("env", "use", "cl-abc");

        assertEquals(Optional.of("https://new"), config().profiles().get("prod").gatewayUrl());
        assertEquals(1, config().profiles().size());
    }

    @Test
    void anEnvironmentWithoutANameIsCalledByItsId() {
        idp.controlPlane().clusters(Cluster.ready("cl-abc", "", "https://aigw.example"));

        login();

        assertEquals(Optional.of("cl-abc"), config().current());
    }

    @Test
    void aNameCannotMoveTheCursor() {
        machine.with("NO_COLOR", "1");
        idp.controlPlane()
                .clusters(
                        Cluster.ready("cl-1", "a\u001b[2J\nb", "https://x\u001b[1m"),
                        Cluster.ready("cl-2", "c\u009bd", "https://y"));
        machine.with("NO_COLOR", "1");

        for (var result : new Machine.Result[] {
            login(),
            login("1\n"),
            machine.run("env", "list"),
            machine.run("env", "list", "-o", "markdown"),
            machine.run("env", "show")
        }) {
            assertFalse((result.out() + result.err()).matches("(?s).*[\u001b\u009b].*"), result.toString());
        }
    }

    private void several() {
        idp.controlPlane()
                .clusters(
                        Cluster.ready("cl-1", "prod", "https://one"),
                        Cluster.notReady("cl-3", "new"),
                        Cluster.ready("cl-2", "staging", "https://two"));
    }

    private Machine.Result login() {
        var nobody = SignedIn.configured(temp, idp);
        Optional.ofNullable(machine.host().env().get("RPAI_TOKEN"))
                .ifPresent(token -> nobody.with("RPAI_TOKEN", token));
        return signedIn(nobody.run("auth", "login", "--no-browser"));
    }

    private Machine.Result login(String typed) {
        return signedIn(machine.typing(typed).run("auth", "login", "--no-browser"));
    }

    private static Machine.Result signedIn(Machine.Result result) {
        assertEquals(0, result.exitCode(), result.err());
        assertEquals("", result.out());
        return result;
    }

    private ConfigFile config() {
        return ConfigFile.read(machine.home().resolve(".rpai/config"));
    }
}
