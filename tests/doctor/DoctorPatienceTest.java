package tests.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
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

/// A server or a program that does not answer is reported when the doctor's time limit is over.
class DoctorPatienceTest {
    private static final List<Duration> IMPATIENT = List.of(Duration.ofSeconds(3), Duration.ofSeconds(12));
    private static final Duration PATIENT = Duration.ofSeconds(60);

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

        patiently((checks, _) -> {
            assertTrue(result(checks, "gateway").found().endsWith("did not answer in time"), checks.toString());
            assertEquals(
                    "sleep 60 && rpkai doctor claude -L claude",
                    result(checks, "gateway").remedy());
            assertEquals("skipped", result(checks, "request").status());
            assertEquals("ok", result(checks, "agent").status());
        });
    }

    @Test
    void aHangingIdentityProviderIsReportedAndTheOtherChecksRun() {
        it.idp.lifetime(Duration.ofSeconds(-1));
        it.signIn();
        it.idp.failAlways(FakeIdentityProvider.Endpoint.TOKEN, Fault.held(gate));

        patiently((checks, patience) -> {
            assertEquals(CheckResult.Failed.class, result(checks, "sign-in").getClass());
            assertEquals(
                    "the identity provider did not answer within %d s".formatted(patience.toSeconds()),
                    result(checks, "sign-in").found());
            assertEquals("ok", result(checks, "gateway").status());
        });
    }

    @Test
    void aHangingModelIsReported() {
        it.gateway.failAlways(Endpoint.PROXY, Fault.held(gate));

        patiently((checks, _) -> {
            assertEquals("failed", result(checks, "request").status());
            assertTrue(result(checks, "request").found().endsWith("did not answer in time"), checks.toString());
        });
    }

    @Test
    void aHangingAgentIsKilledAndReported() {
        it.machine.program("claude", "exec /bin/sleep 600\n");

        patiently((checks, _) -> assertTrue(
                result(checks, "agent").found().endsWith("claude does not start or does not print its version"),
                checks.toString()));
    }

    @ParameterizedTest
    @CsvSource({"LINUX,sudo timedatectl set-ntp true", "MACOS,sudo sntp -sS time.apple.com", "WINDOWS,w32tm /resync"})
    void everySystemHasItsOwnCommandForTheClock(Platform platform, String command) {
        it.machine.at(() -> java.time.Instant.now().plus(Duration.ofMinutes(10)));

        assertEquals(command, result(examine(platform, PATIENT), "clock").remedy());
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

    /// Checks what the doctor says, and gives it more time if that is wrong: on a busy machine a check may be late
    /// that does not hang.
    private void patiently(BiConsumer<List<CheckResult>, Duration> expected) {
        for (var patience : IMPATIENT) {
            try {
                expected.accept(examine(Platform.LINUX, patience), patience);
                return;
            } catch (AssertionError late) {
                // A doctor that is wrong is wrong with more time, too.
            }
        }
        expected.accept(examine(Platform.LINUX, PATIENT), PATIENT);
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

    private static CheckResult.Result result(List<CheckResult> checks, String name) {
        return checks.stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow()
                .result();
    }
}
