package tests.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import lib.base.Host;
import lib.base.UserError;
import lib.database.SqlRows;
import lib.gateway.access.Caller.Role;
import lib.gateway.management.definition.ManifestSet;
import lib.gateway.management.definition.ManifestWatch;
import lib.gateway.sealing.KeySource;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.Account;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import lib.gateway.state.StateUnavailable;
import lib.usage.store.StoredBudgets;
import lib.usage.store.UsageDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Gate;
import tests.support.Machine;
import tests.support.Postgres;
import tests.support.PostgresDatabases;
import tests.support.TcpGate;

/// A state in PostgreSQL while connections to its database fail or hang, and after they did.
class StateConnectionTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    /// The number of the lock that lets one transaction write at a time.
    private static final long WRITE_LOCK = 0x7270_6b61_6977_7274L;

    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    @TempDir
    Path temp;

    private TcpGate gate;
    private URI url;

    @BeforeEach
    void anEmptyDatabase() throws Exception {
        url = POSTGRES.empty();
        gate = TcpGate.before(url);
        Files.writeString(temp.resolve("sealing-key"), Base64.getEncoder().encodeToString(new byte[32]));
    }

    @AfterEach
    void closeGate() throws Exception {
        gate.close();
    }

    private Host host() {
        return new Machine(temp).with("PGPASSWORD", Postgres.PASSWORD.reveal()).host();
    }

    private GatewayState open(URI at) {
        return open(at, host());
    }

    private GatewayState open(URI at, Host host) {
        var key = Optional.of(KeySource.file(temp.resolve("sealing-key"), host));
        return GatewayState.open(StateLocation.named(at.toString(), key, host), host, SecretVariables.USUAL);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + url.toString().replace("rpkai@", ""), "rpkai", Postgres.PASSWORD.reveal());
    }

    private void execute(String... statements) throws SQLException {
        try (var sql = connect()) {
            for (var each : statements) SqlRows.execute(sql, each);
        }
    }

    /// Adds a provider as another gateway does, but sends no notification.
    private void addProvider(String name) throws SQLException {
        execute(
                ("INSERT INTO provider (name, definition, created, updated) VALUES ('%1$s', '{\"name\":\"%1$s\"}', "
                                + "'2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z')")
                        .formatted(name),
                "INSERT INTO fact (name, value) VALUES ('revision', '1') ON CONFLICT (name) DO UPDATE SET value = "
                        + "CAST(CAST(fact.value AS BIGINT) + 1 AS TEXT)");
    }

    private static void eventually(BooleanSupplier condition, String otherwise) {
        Eventually.holds(condition, LIMIT, () -> otherwise);
    }

    private static boolean has(GatewayState state, String provider) {
        return state.providers().all().containsKey(provider);
    }

    private static boolean isAway(GatewayState state) {
        return state.freshness().orElseThrow().isAway();
    }

    @Test
    void aStateThatCannotBeReadIsFollowedAgainOnceItCan() throws Exception {
        try (var state = open(url)) {
            assertFalse(has(state, "a"));
            execute("INSERT INTO fact (name, value) VALUES ('access', 'damaged')");
            addProvider("a");
            eventually(() -> isAway(state), "it does not notice");

            execute("UPDATE fact SET value = '1' WHERE name = 'access'");
            eventually(() -> has(state, "a"), "it is not followed");
        }
    }

    @Test
    void anAccountWithARoleOfANewerVersionHasNoAccessAndIsReportedOnce() throws Exception {
        var warnings = new ByteArrayOutputStream();
        try (var state = open(url, warning(warnings))) {
            state.accounts().add(Kind.USER, "ada", Role.USER);
            state.accounts().add(Kind.USER, "bob", Role.USER);
            assertEquals(Set.of("ada", "bob"), names(state));
            execute("UPDATE account SET role = 'auditor' WHERE name = 'bob'");
            for (int i = 0; i < 2; i++) state.accounts().setRole(Kind.USER, "ada", Role.ADMIN);

            assertEquals(Set.of("ada"), names(state));
            assertEquals(1, state.accounts().list(Kind.USER).size());
            assertEquals(
                    "rpkai: warning: the account \"bob\" has no access here: this version does not know its role "
                            + "(rpkai upgrade)\n",
                    warnings.toString(StandardCharsets.UTF_8));
            assertThrows(UserError.class, () -> state.accounts().add(Kind.USER, "bob", Role.USER));
            state.accounts().setRole(Kind.USER, "bob", Role.USER);
            assertEquals(Set.of("ada", "bob"), names(state));
        }
    }

    private static Set<String> names(GatewayState state) {
        return state.accounts().access().accounts().values().stream()
                .map(Account::name)
                .collect(Collectors.toSet());
    }

    private Host warning(OutputStream warnings) {
        var host = host();
        return new Host(
                host.env(),
                new Host.Folders(host.home(), host.cwd(), temp),
                new Host.Streams(host.in(), host.out(), new PrintStream(warnings, true, StandardCharsets.UTF_8), false),
                host.clock());
    }

    @Test
    void aManifestThatChangedWhileTheDatabaseWasAwayIsAppliedWhenItIsBack() throws Exception {
        var file = temp.resolve("a.yaml");
        var manifest = "name: %s\nopenaiConfig: {apiKeyRef: K}\n";
        Files.writeString(file, manifest.formatted("first"));
        var said = new CopyOnWriteArrayList<String>();
        var budgets = new StoredBudgets(UsageDatabase.in(temp, host()));
        try (var state = open(gate.url(url));
                var _ = ManifestWatch.start(new ManifestSet(List.of(file)), state, budgets, said::add)) {
            assertTrue(has(state, "first"));
            gate.freeze();
            assertThrows(StateUnavailable.class, () -> state.providers().latest());
            Files.writeString(file, manifest.formatted("second"));
            eventually(() -> said.size() > 1, "nothing is said");
            assertTrue(
                    said.getLast().startsWith("rpkai: manifests changed, and are applied as soon as possible: cannot"),
                    said.getLast());
            gate.thaw();
            eventually(() -> has(state, "second"), "it is not applied");
        }
        assertEquals(3, said.size(), said.toString());
    }

    @Test
    void aGatewayDoesNotStartWhileAnImportWrites() throws Exception {
        try (var state = open(url);
                var importing = connect()) {
            importing.setAutoCommit(false);
            SqlRows.execute(importing, "SELECT pg_advisory_xact_lock(%d)".formatted(WRITE_LOCK));
            assertThrows(UserError.class, () -> state.transfer().refuseUnfinished());
            importing.rollback();
            state.transfer().refuseUnfinished();
        }
    }

    @Test
    void aStateIsFollowedWhateverHappensToItsWarnings() throws Exception {
        var warnings = new AtomicInteger();
        var broken = new OutputStream() {
            @Override
            public void write(int each) {
                warnings.incrementAndGet();
                throw new OutOfMemoryError("by the test");
            }
        };
        try (var state = open(gate.url(url), warning(broken))) {
            assertFalse(has(state, "a"));
            gate.freeze();
            eventually(() -> warnings.get() > 0, "it does not warn");
            gate.thaw();
            addProvider("a");
            eventually(() -> has(state, "a"), "it is not followed");
        }
    }

    @Test
    void aStateIsFollowedWithoutAConnectionThatListens() throws Exception {
        execute(
                "CREATE ROLE one_connection LOGIN CONNECTION LIMIT 1 PASSWORD '%s'"
                        .formatted(Postgres.PASSWORD.reveal()),
                "ALTER DATABASE %s OWNER TO one_connection"
                        .formatted(url.getPath().substring(1)));
        try (var state = open(URI.create(url.toString().replace("rpkai@", "one_connection@")))) {
            assertFalse(has(state, "a"));
            addProvider("a");
            eventually(() -> has(state, "a"), "it is not followed");
            assertFalse(isAway(state));
        }
    }

    @Test
    void aGatewayThatVanishesInATransactionDoesNotStopTheOthersFromWriting() throws Exception {
        var held = new Gate();
        try (var vanishing = open(gate.url(url));
                var other = open(url)) {
            var writing = Thread.ofPlatform()
                    .start(() -> write(() -> vanishing.providers().change(table -> {
                        table.put(StateContract.provider("lost"));
                        gate.freeze();
                        held.pass();
                        return null;
                    })));
            held.awaitArrivals(1, LIMIT);
            eventually(() -> write(() -> StateContract.put(other, "a")), "nothing can be written");
            assertEquals(Set.of("a"), other.providers().latest().keySet());

            held.open();
            writing.join();
            gate.thaw();
        }
    }

    private static boolean write(Runnable change) {
        try {
            change.run();
            return true;
        } catch (UserError e) {
            return false;
        }
    }

    @Test
    void theServerDoesNotGoOnWaitingForAGatewayThatHasVanished() throws Exception {
        try (var vanishing = open(gate.url(url));
                var blocking = connect();
                var watching = connect()) {
            blocking.setAutoCommit(false);
            SqlRows.execute(blocking, "SELECT pg_advisory_xact_lock(%d)".formatted(WRITE_LOCK));
            var writing = Thread.ofPlatform().start(() -> write(() -> StateContract.put(vanishing, "late")));
            eventually(() -> isWaiting(watching), "it does not wait");
            gate.freeze();
            eventually(() -> !isWaiting(watching), "the server still waits");
            writing.join();
            gate.thaw();
        }
    }

    private static boolean isWaiting(Connection sql) {
        try {
            return SqlRows.number(sql, "SELECT COUNT(*) FROM pg_locks WHERE NOT granted") > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Its counters may be the same as before, and its content another.
    @Test
    void aDatabaseThatWasRestoredFromABackupIsReadAgain() throws Exception {
        try (var state = open(gate.url(url))) {
            state.accounts().add(Kind.USER, "ada", Role.USER);
            StateContract.put(state, "a");
            assertTrue(has(state, "a"));
            assertEquals(1, state.accounts().access().accounts().size());
            gate.freeze();
            assertThrows(StateUnavailable.class, () -> state.providers().latest());
            execute("DELETE FROM account", "DELETE FROM provider");
            gate.thaw();
            eventually(
                    () -> !has(state, "a")
                            && state.accounts().access().accounts().isEmpty(),
                    "what was there before is still used");
        }
    }

    @Test
    void signingKeysThatWereDeletedAreNotKnownAnyMore() throws Exception {
        try (var state = open(url)) {
            state.signingKeys().update(_ -> "the keys");
            assertEquals(Optional.of("the keys"), state.signingKeys().known());
            execute("DELETE FROM fact WHERE name = 'signing keys'");
            addProvider("a");
            eventually(() -> state.signingKeys().known().isEmpty(), "they are still known");
            assertEquals("others", state.signingKeys().update(before -> before.orElse("others")));
        }
    }
}
