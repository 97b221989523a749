package tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Fault;
import tests.support.Gate;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.identity.FakeIdentityProvider.Endpoint;

/// Real processes that want the same token, and ends that come at the worst moment.
@Tag("processes")
class RefreshRaceTest {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private final List<Running> all = new ArrayList<>();

    private record Running(Process process, File out, File err) {
        Machine.Result result() throws Exception {
            assertTrue(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), "a process did not end");
            return new Machine.Result(
                    process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (var each : all) each.process().destroyForcibly().waitFor();
        idp.close();
    }

    @Test
    void fiftyProcessesRefreshOnce() throws Exception {
        var machine = SignedIn.expired(temp, idp);
        var expired = access(machine);

        // Whichever is first asks the provider when all have started: on a busy machine the start of fifty takes
        // longer than a request may.
        try (var lock = FileChannel.open(
                        SignedIn.file(machine).resolveSibling("credentials.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var _ = lock.lock()) {
            for (int i = 0; i < 50; i++) token(machine);
            awaitWaiting(50);
        }
        var results = results();

        assertEquals(Set.of(new Machine.Result(0, access(machine) + "\n", "")), results);
        assertNotEquals(expired, access(machine));
        assertTrue(idp.isValid(access(machine)));
        assertEquals(1, idp.refreshes());
        assertEquals(1, idp.tokenCalls("refresh_token").size());
        assertEquals(0, idp.reuseDetected());
    }

    @Test
    void aProcessKilledBeforeTheProviderActedDoesNotBlockOthers() throws Exception {
        var machine = SignedIn.expired(temp, idp);
        var before = SignedIn.credentials(machine);
        var gate = new Gate();
        idp.fail(Endpoint.TOKEN, 1, Fault.held(gate));
        var killed = token(machine);
        gate.awaitArrivals(1, LIMIT);
        for (int i = 0; i < 4; i++) token(machine);

        killed.process().destroyForcibly().waitFor();
        all.remove(killed);
        var results = results();

        assertEquals("", killed.result().out());
        assertEquals(Set.of(new Machine.Result(0, access(machine) + "\n", "")), results);
        assertNotEquals(before, SignedIn.credentials(machine));
        assertEquals(1, idp.refreshes());
        assertEquals(0, idp.reuseDetected());
        assertOnlyCredentialsAndLock(machine);
    }

    @Test
    void aProcessKilledAfterTheProviderActedLeavesTheOldFileWhole() throws Exception {
        var machine = SignedIn.expired(temp, idp);
        var before = Files.readString(SignedIn.file(machine));
        var gate = new Gate();
        idp.fail(Endpoint.TOKEN, 1, Fault.heldAnswer(gate));
        var killed = token(machine);
        gate.awaitArrivals(1, LIMIT);

        killed.process().destroyForcibly().waitFor();
        gate.open();

        assertEquals(json(before), SignedIn.credentials(machine));
        assertOnlyCredentialsAndLock(machine);
        var next = machine.run("auth", "token");
        assertEquals(1, next.exitCode());
        assertEquals("", next.out());
        assertTrue(next.err().startsWith("rpkai: no usable gateway token: run rpkai auth login"), next.err());
        idp.devices().interval(0).approveAfter(0);
        assertEquals(0, machine.run("auth", "login", "--no-browser").exitCode());
        assertEquals(0, machine.run("auth", "token").exitCode());
    }

    @Test
    void theFileIsCompleteWheneverAProcessIsKilled() throws Exception {
        var machine = SignedIn.expired(temp, idp);

        for (int i = 0; i < 8; i++) {
            var running = token(machine);
            // The later a process is killed, the further it got: from before its start to after its end.
            running.process().waitFor(i * 80L, TimeUnit.MILLISECONDS);
            running.process().destroyForcibly().waitFor();

            assertTrue(SignedIn.credentials(machine)
                    .path("org_123")
                    .path("refresh_token")
                    .isTextual());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aProcessToldToEndMidRefreshSavesTheRotatedTokenFirst() throws Exception {
        var machine = SignedIn.expired(temp, idp);
        var gate = new Gate();
        idp.fail(Endpoint.TOKEN, 1, Fault.heldAnswer(gate));
        var told = token(machine);
        gate.awaitArrivals(1, LIMIT);

        told.process().destroy();
        assertFalse(
                told.process().waitFor(700, TimeUnit.MILLISECONDS),
                "it ended with the only good refresh token in its memory");
        gate.open();

        assertEquals(128 + 15, told.result().exitCode());
        assertTrue(idp.isValid(access(machine)));
        assertEquals(0, machine.run("auth", "token", "--refresh-within", "1h").exitCode());
        assertEquals(0, idp.reuseDetected());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aProcessToldToEndWhileItWaitsForAnotherEndsAtOnce() throws Exception {
        var machine = SignedIn.expired(temp, idp);
        var gate = new Gate();
        idp.fail(Endpoint.TOKEN, 1, Fault.heldAnswer(gate));
        var refreshing = token(machine);
        gate.awaitArrivals(1, LIMIT);
        var waiting = token(machine);
        assertFalse(
                waiting.process().waitFor(1500, TimeUnit.MILLISECONDS), "it should wait for the one that refreshes");

        // The one that refreshes is told first, and does not end before its answer comes.
        refreshing.process().destroy();
        waiting.process().destroy();

        assertTrue(waiting.process().waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertTrue(refreshing.process().isAlive(), "the one that waited ended no sooner than the one that refreshes");
        gate.open();
        assertEquals(
                Set.of(128 + 15),
                results().stream().map(Machine.Result::exitCode).collect(Collectors.toSet()));
    }

    @Test
    void aSignOutWaitsForTheRefreshUnderWayAndForgetsItsTokenToo() throws Exception {
        var machine = SignedIn.expired(temp, idp);
        var gate = new Gate();
        idp.fail(Endpoint.TOKEN, 1, Fault.heldAnswer(gate));
        var refreshing = token(machine);
        gate.awaitArrivals(1, LIMIT);
        var out = start(machine, "auth", "logout", "--all");
        assertFalse(out.process().waitFor(1500, TimeUnit.MILLISECONDS), "it should wait for the one that refreshes");

        gate.open();

        assertEquals(0, refreshing.result().exitCode());
        assertEquals(0, out.result().exitCode());
        assertFalse(Files.exists(SignedIn.file(machine)));
    }

    @Test
    void anAnswerOfFiveMegabytesIsWorthOneLine() throws Exception {
        // Issued an hour and a half ago for two hours: within half of its lifetime.
        idp.clock(() -> Instant.now().minus(Duration.ofMinutes(90))).lifetime(Duration.ofHours(2));
        var machine = SignedIn.machine(temp, idp);
        idp.failAlways(Endpoint.TOKEN, Fault.huge(503));

        var result = start(machine, "auth", "token", "--refresh-within", "1h").result();

        assertEquals(0, result.exitCode());
        assertEquals(access(machine) + "\n", result.out());
        assertTrue(result.err().matches("rpkai: warning: [^\\n]+\\R"), result.err());
    }

    private Running token(Machine machine) throws IOException {
        return start(machine, "auth", "token");
    }

    private Running start(Machine machine, String... args) throws IOException {
        var command = Machine.command(args);
        // Fifty at once have to fit on a laptop.
        command.add(1, "-Xmx64m");
        var out = Files.createTempFile(temp, "out", "").toFile();
        var err = Files.createTempFile(temp, "err", "").toFile();
        var running = new Running(
                machine.process(command).redirectOutput(out).redirectError(err).start(), out, err);
        all.add(running);
        return running;
    }

    /// Waits until that many processes wait for a lock of this one, where the system shows it.
    private static void awaitWaiting(int count) {
        var locks = Path.of("/proc/locks");
        if (!Files.exists(locks)) return;
        var holder = " " + ProcessHandle.current().pid() + " ";
        Eventually.holds(() -> waiting(locks, holder) == count, LIMIT, () -> waiting(locks, holder) + " wait");
    }

    private static long waiting(Path locks, String holder) {
        try {
            var lines = Files.readAllLines(locks);
            var own = lines.stream()
                    .filter(line -> line.contains(holder) && !line.contains("->"))
                    .map(line -> line.substring(0, line.indexOf(':') + 1))
                    .toList();
            return lines.stream()
                    .filter(line -> line.contains("->") && own.stream().anyMatch(line::startsWith))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<Machine.Result> results() throws Exception {
        var results = new ArrayList<Machine.Result>();
        for (var each : all) results.add(each.result());
        return Set.copyOf(results);
    }

    private static String access(Machine machine) {
        return SignedIn.credentials(machine)
                .path("org_123")
                .path("access_token")
                .asText();
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private static void assertOnlyCredentialsAndLock(Machine machine) throws IOException {
        try (var files = Files.list(SignedIn.file(machine).getParent())) {
            assertEquals(
                    List.of("credentials", "credentials.lock"),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
        }
    }
}
