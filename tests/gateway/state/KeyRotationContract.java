package tests.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import lib.api.ResourceKind;
import lib.base.Json;
import lib.base.Secret;
import lib.gateway.management.definition.Definitions;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tests.gateway.TestGateway;
import tests.support.Machine;
import tests.support.upstream.Recorded;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.Reply;

/// What holds when the key of the secrets is replaced, whichever database they are in.
abstract class KeyRotationContract {
    private static final int SECRETS = 6;
    private static final int ROTATIONS = 20;
    private static final int KILLED = 8;
    /// Enough that a transaction takes a good part of the time in which the process is killed.
    private static final int MANY = 200;
    private static final int LONGEST_MICROS = 60_000;

    @TempDir
    Path temp;

    Machine machine;

    @BeforeEach
    void machine() {
        machine = new Machine(temp).with("NO_COLOR", "1");
    }

    /// Opens the state as a gateway does.
    abstract GatewayState open();

    /// Returns the flags that name the state.
    abstract List<String> flags();

    /// Returns how many gateways share the state.
    abstract int gateways();

    final Machine.Result rotate(String... more) {
        return machine.run(command(more));
    }

    private String[] command(String... more) {
        var command = new ArrayList<>(List.of("secret", "rotate-key"));
        command.addAll(flags());
        command.addAll(List.of(more));
        return command.toArray(String[]::new);
    }

    static void set(GatewayState state, int count) {
        for (int i = 0; i < count; i++) state.storedSecrets().set("KEY_" + i, value(i));
    }

    private static Secret value(int i) {
        return new Secret("sk-upstream-key-" + i);
    }

    final void assertOpen(int count) {
        try (var state = open()) {
            for (int i = 0; i < count; i++)
                assertEquals(Optional.of(value(i)), state.secrets().find("KEY_" + i));
            assertEquals(Optional.empty(), state.storedSecrets().problem());
        }
    }

    @Test
    void everyRequestCarriesItsSecretWhileTheKeyIsReplaced() throws Exception {
        var faults = new ConcurrentLinkedQueue<String>();
        var requests = new AtomicLong();
        var done = new AtomicBoolean();
        var opened = new ArrayList<AutoCloseable>();
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        try (var upstream = RecordingUpstream.start()) {
            upstream.handle(call -> checked(call, faults));
            opened.add(threads);
            for (int i = 0; i < gateways(); i++) {
                var state = open();
                opened.add(state);
                if (i == 0) fill(state, upstream.url());
                var gateway = TestGateway.with(config -> config.withState(state), demo());
                opened.add(gateway);
                for (int secret = 0; secret < SECRETS; secret++) ask(threads, gateway, secret, faults, requests, done);
            }
            for (int i = 0; i < ROTATIONS; i++) {
                var before = requests.get();
                var rotated = rotate();
                assertEquals(0, rotated.exitCode(), rotated.err());
                // Each rotation meets requests before and after it.
                while (requests.get() < before + (long) SECRETS * gateways() && faults.isEmpty()) Thread.onSpinWait();
                // A gateway that begins between two rotations.
                if (i % 5 == 0) assertOpen(SECRETS);
            }
            done.set(true);
            threads.shutdown();
            assertTrue(threads.awaitTermination(2, TimeUnit.MINUTES));
            assertEquals(List.of(), List.copyOf(faults));
        } finally {
            done.set(true);
            for (var each : opened.reversed()) each.close();
        }
    }

    private static Reply checked(Recorded call, Queue<String> faults) {
        var number = call.path().replaceAll("/([0-9]+)/.*", "$1");
        var expected = "sk-upstream-key-" + number;
        if (!call.headers("x-api-key").equals(List.of(expected)))
            faults.add("%s arrived with %s".formatted(call.path(), call.headers("x-api-key")));
        return Reply.of(200, "application/json", "{}");
    }

    private static void ask(
            ExecutorService threads,
            TestGateway gateway,
            int secret,
            Queue<String> faults,
            AtomicLong requests,
            AtomicBoolean done) {
        threads.execute(() -> {
            while (!done.get() && faults.isEmpty()) {
                try {
                    var answer = gateway.post("p%d/v1/messages".formatted(secret), "{\"model\": \"m\"}");
                    // Other gateways learn about a provider within a second.
                    if (answer.statusCode() == 404) continue;
                    if (answer.statusCode() != 200) faults.add(answer.statusCode() + " " + answer.body());
                    requests.incrementAndGet();
                } catch (Exception e) {
                    faults.add(e.toString());
                }
            }
        });
    }

    private static void fill(GatewayState state, String upstream) throws Exception {
        set(state, SECRETS);
        for (int i = 0; i < SECRETS; i++) put(state, "p" + i, "KEY_" + i, upstream + "/" + i);
    }

    static void put(GatewayState state, String name, String reference, String url) throws Exception {
        var json = (ObjectNode)
                Json.read(("{'name': '%s', 'enabled': true, 'type': 'LLM_PROVIDER_TYPE_ANTHROPIC', 'anthropicConfig': "
                                + "{'apiKeyRef': '%s', 'baseUrl': '%s'}}")
                        .formatted(name, reference, url)
                        .replace('\'', '"'));
        state.providers().change(table -> {
            table.put(StoredResource.now(
                    Definitions.of(ResourceKind.LLM).created(json),
                    state.clock().instant()));
            return null;
        });
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aProcessThatIsKilledAtAnyMomentLeavesEverySecretReadable() throws Exception {
        try (var state = open()) {
            set(state, MANY);
        }
        var random = new Random(7);
        for (int i = 0; i < KILLED; i++) {
            var process = machine.start(command())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            while (process.isAlive() && !isUnderWay()) LockSupport.parkNanos(200_000);
            process.waitFor(random.nextInt(LONGEST_MICROS), TimeUnit.MICROSECONDS);
            process.destroyForcibly().waitFor();
            assertOpen(MANY);
        }
        assertEquals(0, rotate().exitCode());
        assertOpen(MANY);
        assertSettled();
    }

    /// Checks that no rotation that was interrupted left anything behind.
    void assertSettled() throws Exception {}

    /// Returns whether a rotation is about to change the state, or does.
    abstract boolean isUnderWay() throws Exception;

    @Test
    void aSecretThatCannotBeDecryptedStopsTheRotationAndNothingIsChanged() throws Exception {
        try (var state = open()) {
            set(state, 3);
        }
        tamper("KEY_1");
        var rotated = rotate();

        assertEquals(1, rotated.exitCode());
        assertEquals(
                "rpkai: the stored secret KEY_1 cannot be decrypted: it was changed or belongs to another name: run "
                        + "rpkai secret set KEY_1\n",
                rotated.err());
        try (var state = open()) {
            assertEquals(Optional.of(value(0)), state.secrets().find("KEY_0"));
            assertEquals(Optional.of(value(2)), state.secrets().find("KEY_2"));
            state.storedSecrets().set("KEY_1", value(1));
        }
        assertSettled();
        assertEquals(0, rotate().exitCode());
        assertOpen(3);
    }

    /// Changes the stored bytes of a secret.
    abstract void tamper(String name) throws Exception;

    @Test
    void withoutASecretThereIsNothingToReplace() {
        assertEquals(new Machine.Result(0, "", "No secret is stored yet, so there is no key to replace.\n"), rotate());
    }

    @Test
    void noKeyIsPrinted() throws Exception {
        try (var state = open()) {
            set(state, 1);
        }
        for (var format : new String[] {"json", "yaml", "table"}) {
            var rotated = rotate("-o", format, "-v");
            for (var key : keys()) assertFalse((rotated.out() + rotated.err()).contains(key));
        }
    }

    /// Returns every key that is in use.
    abstract List<String> keys() throws Exception;
}
