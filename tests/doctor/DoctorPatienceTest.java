package tests.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.config.Flags;
import lib.config.Settings;
import lib.doctor.CheckResult;
import lib.doctor.Doctor;
import lib.doctor.DoctorAgent;
import lib.doctor.InspectedGateway;
import lib.doctor.InspectedLaunch;
import lib.doctor.Machine;
import lib.doctor.Platform;
import lib.doctor.checks.Checks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Fault;
import tests.support.Gate;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.identity.FakeIdentityProvider;

/// A server that does not answer delays the doctor only briefly.
class DoctorPatienceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @TempDir
    Path temp;

    private final Gate gate = new Gate();
    private WorkingMachine it;

    @BeforeEach
    void aMachineOnWhichALaunchWorks() {
        it = new WorkingMachine(temp.resolve("machine"));
    }

    @AfterEach
    void close() {
        gate.open();
        it.close();
    }

    @Test
    void aHangingGatewayIsReported() {
        it.gateway.failAlways(Endpoint.GET_PROVIDER, Fault.held(gate));

        var checks = examine(Platform.LINUX);

        assertTrue(found(checks, "gateway").result().found().endsWith("did not answer in time"), checks.toString());
        assertEquals(
                "sleep 60 && rpkai doctor claude -L claude",
                found(checks, "gateway").result().remedy());
        assertEquals("skipped", found(checks, "request").result().status());
        assertEquals("ok", found(checks, "agent").result().status());
    }

    @Test
    void aHangingIdentityProviderIsReportedAndTheOtherChecksRun() {
        it.idp.lifetime(Duration.ofSeconds(-1));
        it.signIn();
        it.idp.failAlways(FakeIdentityProvider.Endpoint.TOKEN, Fault.held(gate));

        var checks = examine(Platform.LINUX);

        assertEquals(CheckResult.Failed.class, found(checks, "sign-in").result().getClass());
        assertEquals(
                "the identity provider did not answer within 3 s",
                found(checks, "sign-in").result().found());
        assertEquals("ok", found(checks, "gateway").result().status());
    }

    @Test
    void aHangingModelIsReported() {
        it.gateway.failAlways(Endpoint.PROXY, Fault.held(gate));

        var request = found(examine(Platform.LINUX), "request").result();

        assertEquals("failed", request.status());
        assertTrue(request.found().endsWith("did not answer in time"), request.found());
    }

    @Test
    void aHangingAgentIsKilledAndReported() {
        it.machine.program("claude", "exec /bin/sleep 600\n");

        assertTrue(found(examine(Platform.LINUX), "agent")
                .result()
                .found()
                .endsWith("claude does not start or does not print its version"));
    }

    @ParameterizedTest
    @CsvSource({"LINUX,sudo timedatectl set-ntp true", "MACOS,sudo sntp -sS time.apple.com", "WINDOWS,w32tm /resync"})
    void everySystemHasItsOwnCommandForTheClock(Platform platform, String command) {
        it.machine.at(() -> java.time.Instant.now().plus(Duration.ofMinutes(10)));

        assertEquals(
                command,
                found(examine(platform, Duration.ofMinutes(1)), "clock")
                        .result()
                        .remedy());
    }

    @Test
    void systemsAreKnownByTheNameThatTheJvmHasForThem() {
        assertEquals(
                List.of(Platform.WINDOWS, Platform.MACOS, Platform.LINUX, Platform.LINUX),
                List.of(
                        Platform.of("Windows 11"),
                        Platform.of("Mac OS X"),
                        Platform.of("Linux"),
                        Platform.of("FreeBSD")));
    }

    private List<CheckResult> examine(Platform platform) {
        return examine(platform, PATIENCE);
    }

    private List<CheckResult> examine(Platform platform, Duration patience) {
        var checks = new ArrayList<CheckResult>();
        var host = it.machine.host();
        var launch = new InspectedLaunch(
                DoctorAgent.of("claude").orElseThrow(), Optional.of("claude"), Optional.empty(), "", "");
        new Doctor(Checks.IN_ORDER, launch, new Machine(host, platform, ZoneOffset.UTC), patience)
                .examine(InspectedGateway.of(Settings.resolve(Flags.none(), host)), checks::add);
        return checks;
    }

    private static CheckResult found(List<CheckResult> checks, String name) {
        return checks.stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
