package tests.gateway.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.access.Caller.Role;
import lib.gateway.state.Account;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import lib.gateway.state.StoredSecrets;
import lib.gateway.state.StoredSignIns.SignIn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Machine;

/// What holds of a gateway's state, whatever it is kept in.
abstract class StateContract {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456Z");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Secret VALUE = new Secret("sk-ant-api03-the-value-itself");

    @TempDir
    Path temp;

    /// The same one within a test, as another process opens it.
    abstract GatewayState open(Host host);

    final GatewayState open() {
        return open(new Machine(temp).host());
    }

    static void put(GatewayState state, String name) {
        state.providers().change(table -> {
            table.put(provider(name));
            return name;
        });
    }

    static StoredResource provider(String name) {
        return StoredResource.now(JsonNodeFactory.instance.objectNode().put("name", name), NOON);
    }

    private static void soon(BooleanSupplier condition) {
        Eventually.holds(condition, LIMIT, () -> "it does not hold");
    }

    @Test
    void aProviderIsReadBackAsItWasWritten() {
        try (var state = open()) {
            put(state, "a");
        }
        try (var state = open()) {
            var provider = state.providers().all().get("a");
            assertEquals(
                    "{\"name\":\"a\",\"createdAt\":\"2026-11-22T12:00:00.123456Z\","
                            + "\"updatedAt\":\"2026-11-22T12:00:00.123456Z\"}",
                    provider.shown().toString());
        }
    }

    @Test
    void aChangeThatFailsChangesNothing() {
        try (var state = open()) {
            put(state, "a");
            assertThrows(
                    IllegalStateException.class,
                    () -> state.providers().change(table -> {
                        table.put(provider("b"));
                        table.delete("a");
                        throw new IllegalStateException("no");
                    }));
            assertEquals(Set.of("a"), state.providers().all().keySet());
            put(state, "c");
            assertEquals(Set.of("a", "c"), state.providers().all().keySet());
        }
    }

    @Test
    void theMapIsTheSameUntilOneChanges() {
        try (var state = open()) {
            put(state, "a");
            var before = state.providers().latest();

            assertSame(before, state.providers().latest());
            state.storedSecrets().set("KEY", VALUE);
            assertSame(before, state.providers().latest(), "another table changed");
            put(state, "b");
            assertEquals(Set.of("a"), before.keySet());
            assertEquals(Set.of("a", "b"), state.providers().all().keySet());
        }
    }

    @Test
    void managementSeesOtherProcessesAtOnceAndRequestsSeeThemSoon() {
        try (var one = open();
                var other = open()) {
            assertEquals(Set.of(), one.providers().all().keySet());
            put(other, "a");
            assertEquals(Set.of("a"), one.providers().latest().keySet());
            put(other, "b");
            soon(() -> one.providers().all().containsKey("b"));
        }
    }

    @Test
    void changesFromManyProcessesAtOnceAllSucceed() throws Exception {
        try (var one = open();
                var other = open();
                var threads = Executors.newFixedThreadPool(4)) {
            var all = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 40; i++) {
                var state = i % 2 == 0 ? one : other;
                // Reads, then writes what it read: nobody may write in between.
                all.add(() -> state.providers().change(table -> {
                    var count = table.find("counter")
                                    .map(found ->
                                            found.definition().path("count").asInt())
                                    .orElse(0)
                            + 1;
                    table.put(StoredResource.now(
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("name", "counter")
                                    .put("count", count),
                            NOON));
                    return count;
                }));
            }
            for (var each : threads.invokeAll(all)) each.get();
            assertEquals(
                    40,
                    one.providers()
                            .latest()
                            .get("counter")
                            .definition()
                            .path("count")
                            .asInt());
        }
    }

    @Test
    void aSecretIsFoundByEveryProcessUntilItIsDeleted() {
        try (var one = open();
                var other = open()) {
            assertEquals(Optional.empty(), one.secrets().find("KEY"));
            other.storedSecrets().set("KEY", VALUE);
            soon(() -> one.secrets().find("KEY").equals(Optional.of(VALUE)));
            var next = new Secret("another");
            one.storedSecrets().set("KEY", next);
            assertEquals(Optional.of(next), one.secrets().find("KEY"));
            soon(() -> other.secrets().find("KEY").equals(Optional.of(next)));

            one.storedSecrets().set("A", VALUE);
            assertEquals(
                    List.of("A", "KEY"),
                    other.storedSecrets().list().stream()
                            .map(StoredSecrets.Entry::name)
                            .toList());
            assertTrue(other.storedSecrets().delete("KEY"));
            assertFalse(one.storedSecrets().delete("KEY"));
            soon(() -> one.secrets().find("KEY").isEmpty());
            assertEquals(Optional.empty(), one.storedSecrets().problem());
        }
    }

    @Test
    void anAccountSignsInWithItsSecretOnly() {
        try (var state = open()) {
            var key = state.accounts().add(Kind.USER, "ada@example.com", Role.USER);
            state.accounts().add(Kind.CLIENT, "ada@example.com", Role.INVOKER);
            assertThrows(UserError.class, () -> state.accounts().add(Kind.USER, "ada@example.com", Role.ADMIN));

            var signedIn = state.accounts()
                    .signIn(Kind.USER, "ada@example.com", key.reveal())
                    .orElseThrow();
            assertEquals(Role.USER, signedIn.role());
            assertEquals(Optional.empty(), state.accounts().signIn(Kind.USER, "ada@example.com", "guess"));
            assertEquals(Optional.empty(), state.accounts().signIn(Kind.CLIENT, "ada@example.com", key.reveal()));
            assertEquals(Set.of(signedIn.id()), ids(state.accounts().list(Kind.USER)));
        }
    }

    private static Set<String> ids(List<Account> accounts) {
        return Set.copyOf(accounts.stream().map(Account::id).toList());
    }

    @Test
    void whoeverIsRemovedHasNoAccessInAnyProcessSoon() {
        try (var one = open();
                var other = open()) {
            one.accounts().add(Kind.USER, "ada", Role.USER);
            var id = one.accounts().list(Kind.USER).getFirst().id();
            soon(() -> other.accounts().access().accounts().containsKey(id));
            var before = other.accounts().access();
            one.accounts().setRole(Kind.USER, "ada", Role.ADMIN);
            soon(() -> other.accounts().access().accounts().get(id).role() == Role.ADMIN);
            assertNotSame(before, other.accounts().access());
            one.accounts().remove(Kind.USER, "ada");
            soon(() -> other.accounts().access().accounts().isEmpty());
        }
    }

    @Test
    void aNewcomerIsKnownToOtherProcessesAtOnce() {
        try (var one = open();
                var other = open()) {
            for (int i = 0; i < 20; i++) {
                one.accounts().add(Kind.USER, "user" + i, Role.USER);
                assertEquals(
                        i + 1, other.accounts().accessOfNewcomers().accounts().size());
            }
        }
    }

    @Test
    void aRefreshTokenThatWasReplacedTwiceEndsTheSignInInAnyProcess() {
        try (var one = open();
                var other = open()) {
            var account = added(one);
            var first = one.signIns().start(account, "rpkai");
            var second = other.signIns()
                    .refresh(first.refreshToken().reveal(), "rpkai")
                    .orElseThrow();
            var third = one.signIns()
                    .refresh(second.refreshToken().reveal(), "rpkai")
                    .orElseThrow();
            assertEquals(first.id(), third.id());

            assertEquals(
                    Optional.empty(),
                    other.signIns().refresh(first.refreshToken().reveal(), "rpkai"));
            assertEquals(
                    Optional.empty(), one.signIns().refresh(third.refreshToken().reveal(), "rpkai"));
            soon(() -> one.accounts().access().ended().contains(first.id()));
        }
    }

    @Test
    void manyUsesOfARefreshTokenAtOnceReplaceItOnce() throws Exception {
        try (var one = open();
                var other = open();
                var threads = Executors.newFixedThreadPool(8)) {
            var started = one.signIns().start(added(one), "rpkai");
            var all = new ArrayList<Callable<Optional<SignIn>>>();
            for (int i = 0; i < 8; i++) {
                var state = i % 2 == 0 ? one : other;
                all.add(() -> state.signIns().refresh(started.refreshToken().reveal(), "rpkai"));
            }
            var next = new HashSet<String>();
            for (var each : threads.invokeAll(all))
                next.add(each.get().orElseThrow().refreshToken().reveal());
            assertEquals(1, next.size());
        }
    }

    private static Account added(GatewayState state) {
        state.accounts().add(Kind.USER, "ada", Role.USER);
        return state.accounts().list(Kind.USER).getFirst();
    }

    @Test
    void allProcessesBindSessionsWithOneKey() {
        try (var one = open();
                var other = open()) {
            assertArrayEquals(one.sessionKey(), other.sessionKey());
            assertEquals(32, one.sessionKey().length);
        }
    }

    @Test
    void theSigningKeysAreKeptUntilTheyAreReplaced() {
        try (var state = open()) {
            assertEquals(Optional.empty(), state.signingKeys().known());
            assertEquals("first", state.signingKeys().update(before -> before.orElse("first")));
            assertEquals("first", state.signingKeys().update(before -> before.orElse("other")));
            assertEquals(
                    "second",
                    state.signingKeys().update(before -> before.orElseThrow().equals("first") ? "second" : "wrong"));
            assertEquals(Optional.of("second"), state.signingKeys().known());
        }
        try (var state = open()) {
            assertEquals(Optional.of("second"), state.signingKeys().known());
        }
    }
}
