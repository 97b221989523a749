package tests.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import lib.base.PrivateFile;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.access.Caller.Role;
import lib.gateway.sealing.KeySource;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.Postgres;
import tests.support.PostgresDatabases;

/// The keys of a state in PostgreSQL: the data key in the database, and the sealing key that encrypts it.
class WrappedKeyRotationTest extends KeyRotationContract {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    private URI url;
    private Connection watcher;

    @BeforeEach
    void anEmptyDatabase() throws Exception {
        url = POSTGRES.empty();
        machine.with("PGPASSWORD", Postgres.PASSWORD.reveal());
        for (var name : List.of("old", "new", "third"))
            write(name, Base64.getEncoder().encodeToString((name + "-".repeat(32 - name.length())).getBytes()));
    }

    private void write(String name, String text) throws IOException {
        PrivateFile.write(file(name), text.getBytes(StandardCharsets.US_ASCII));
    }

    private Path file(String name) {
        return temp.resolve(name);
    }

    @Override
    GatewayState open() {
        return open("old");
    }

    private GatewayState open(String name) {
        var host = machine.host();
        var key = Optional.of(KeySource.file(file(name), host));
        return GatewayState.open(StateLocation.named(url.toString(), key, host), host, SecretVariables.USUAL);
    }

    @Override
    List<String> flags() {
        return flags("old");
    }

    private List<String> flags(String key) {
        return List.of(
                "--state", url.toString(), "--sealing-key-file", file(key).toString());
    }

    private Machine.Result with(String key, String... more) {
        var command = new ArrayList<>(List.of("secret", "rotate-key"));
        command.addAll(flags(key));
        for (var each : more) command.add(each.replace("=", "=" + temp + "/"));
        return machine.run(command.toArray(String[]::new));
    }

    private static void assertDone(Machine.Result result) {
        assertEquals(0, result.exitCode(), result.err());
    }

    @Override
    int gateways() {
        return 3;
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection(
                "jdbc:" + url.toString().replace("rpkai@", ""), "rpkai", Postgres.PASSWORD.reveal());
    }

    @Override
    void tamper(String name) throws Exception {
        try (var sql = connect();
                var change = sql.prepareStatement("UPDATE secret SET sealed = '\\x00' WHERE name = ?")) {
            change.setString(1, name);
            assertEquals(1, change.executeUpdate());
        }
    }

    @Override
    boolean isUnderWay() throws Exception {
        // The lower half of the number by which one transaction writes at a time.
        try (var row = watcher()
                .createStatement()
                .executeQuery("SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = x'69777274'::int "
                        + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")) {
            row.next();
            return row.getInt(1) > 0;
        }
    }

    private Connection watcher() throws Exception {
        if (watcher == null) watcher = connect();
        return watcher;
    }

    @AfterEach
    void closeWatcher() throws Exception {
        if (watcher != null) watcher.close();
    }

    @Override
    List<String> keys() throws Exception {
        return List.of(Files.readString(file("old")));
    }

    @Test
    void theSigningKeysAreEncryptedWithTheNewKeyToo() throws Exception {
        var keys = signingKeys();
        try (var state = open()) {
            set(state, 1);
            state.signingKeys().update(_ -> keys);
            var rotated = rotate();
            assertEquals(
                    ("1 secret and the issuer's signing keys are encrypted with a new key, which is in the database, "
                                    + "encrypted with the sealing key from %s.\nTokens are signed with a new key. "
                                    + "Those signed before are valid until they expire.\n")
                            .formatted(file("old")),
                    rotated.err());
            assertSigningKey(state.signingKeys().update(before -> before.orElseThrow()));
        }
        try (var state = open()) {
            assertSigningKey(state.signingKeys().known().orElseThrow());
        }
        assertOpen(1);
    }

    private static void assertSigningKey(String keys) throws Exception {
        assertNotNull(JWKSet.parse(keys).getKeyByKeyId("one"));
    }

    private static String signingKeys() throws Exception {
        return new JWKSet(new ECKeyGenerator(Curve.P_256).keyID("one").generate()).toString(false);
    }

    /// The command of a key management service may take long, and other gateways write meanwhile.
    @Test
    void othersCanWriteWhileTheCommandForTheSealingKeyRuns() throws Exception {
        write("mounted", Files.readString(file("old")));
        var asked = file("asked");
        var go = file("go");
        Files.createFile(go);
        var source = KeySource.command(
                ": > %s; while [ ! -e %s ]; do /bin/sleep 0.1; done; /bin/cat %s".formatted(asked, go, file("mounted")),
                "--sealing-key-command",
                machine.host());
        var host = machine.host();
        try (var slow = GatewayState.open(
                        StateLocation.named(url.toString(), Optional.of(source), host), host, SecretVariables.USUAL);
                var other = open("old");
                var threads = Executors.newSingleThreadExecutor()) {
            set(slow, 1);
            assertDone(with("old", "--new-sealing-key-file=new"));
            assertDone(with("new", "--finish"));
            write("mounted", Files.readString(file("new")));
            Files.delete(asked);
            Files.delete(go);
            // It looks at the command again once it has not done so for a while.
            var setting = threads.submit(() -> {
                while (true) {
                    try {
                        slow.storedSecrets().set("KEY_1", new Secret("set"));
                        return true;
                    } catch (UserError e) {
                        if (Files.exists(asked)) throw e;
                        LockSupport.parkNanos(200_000_000);
                    }
                }
            });
            Eventually.holds(() -> Files.exists(asked), LIMIT, () -> "the command does not run");
            other.accounts().add(Kind.USER, "ada", Role.USER);
            assertFalse(setting.isDone());
            Files.createFile(go);
            assertTrue(setting.get());
        }
        try (var state = open("new")) {
            assertEquals(Optional.of(new Secret("set")), find(state, "KEY_1"));
        }
    }

    /// A copy of the database from before, and the data key from before, open nothing of afterwards.
    @Test
    void everythingIsEncryptedAnew() throws Exception {
        var keys = signingKeys();
        try (var state = open()) {
            set(state, 2);
            state.signingKeys().update(_ -> keys);
        }
        var before = stored();
        rotate();
        var after = stored();

        assertEquals(before.size(), after.size());
        for (var each : before) assertFalse(after.contains(each), "it is as before");
    }

    private List<String> stored() throws Exception {
        var all = new ArrayList<String>();
        try (var sql = connect();
                var rows = sql.createStatement()
                        .executeQuery("SELECT encode(sealed, 'hex') FROM secret UNION ALL SELECT value FROM fact WHERE "
                                + "name IN ('data key', 'signing keys')")) {
            while (rows.next()) all.add(rows.getString(1));
        }
        return all;
    }

    @Test
    void gatewaysUseTheFormerOrTheNewSealingKeyUntilTheChangeIsFinished() {
        try (var running = open("old")) {
            set(running, 2);
            assertEquals(Optional.of(new Secret("sk-upstream-key-0")), find(running, "KEY_0"));
            var changed = with("old", "--new-sealing-key-file=new");
            assertEquals(
                    ("2 secrets are encrypted with a new key, which is in the database, encrypted with the sealing "
                                    + "key from %1$s.\nGateways may use the former or the new sealing key: restart "
                                    + "them with --sealing-key-file %1$s, then run rpkai secret rotate-key --state URL "
                                    + "--sealing-key-file %1$s --finish\n")
                            .formatted(file("new")),
                    changed.err());
            try (var restarted = open("new");
                    var notYet = open("old")) {
                for (var state : List.of(running, restarted, notYet)) {
                    assertEquals(Optional.empty(), state.storedSecrets().problem());
                    assertEquals(Optional.of(new Secret("sk-upstream-key-0")), find(state, "KEY_0"));
                    assertEquals(Optional.of(new Secret("sk-upstream-key-1")), find(state, "KEY_1"));
                }
                notYet.storedSecrets().set("KEY_0", new Secret("changed-by-the-old"));
                Eventually.holds(
                        () -> find(restarted, "KEY_0").equals(Optional.of(new Secret("changed-by-the-old"))),
                        LIMIT,
                        () -> "the change is not seen");
                restarted.storedSecrets().set("KEY_1", new Secret("changed-by-the-new"));
                Eventually.holds(
                        () -> find(notYet, "KEY_1").equals(Optional.of(new Secret("changed-by-the-new"))),
                        LIMIT,
                        () -> "the change is not seen");

                assertDone(with("new", "--finish"));
                assertEquals(Optional.of(new Secret("changed-by-the-new")), find(restarted, "KEY_1"));
                Eventually.holds(() -> fails(notYet, "KEY_1"), LIMIT, () -> "the former key still opens secrets");
            }
        }
        try (var state = open("old")) {
            var problem = state.storedSecrets().problem().orElseThrow();
            assertTrue(problem.line().contains("the sealing key is a different one"), problem.line());
        }
    }

    private static Optional<Secret> find(GatewayState state, String name) {
        return state.secrets().find(name);
    }

    private static boolean fails(GatewayState state, String name) {
        try {
            state.secrets().find(name);
            return false;
        } catch (UserError e) {
            return true;
        }
    }

    /// A file that is replaced in place, as Kubernetes does with a mounted secret.
    @Test
    void aGatewayWhoseKeyFileIsReplacedNeedsNoRestart() throws Exception {
        write("mounted", Files.readString(file("old")));
        try (var running = open("mounted")) {
            set(running, 1);
            assertDone(with("old", "--new-sealing-key-file=new"));
            write("mounted", Files.readString(file("new")));
            assertDone(with("new", "--finish"));
            Eventually.holds(() -> !fails(running, "KEY_0"), LIMIT, () -> "the new key is not read");
        }
    }

    @Test
    void aRotationThatWouldLockGatewaysOutIsRefused() {
        try (var state = open("old")) {
            set(state, 1);
        }
        assertDone(with("old", "--new-sealing-key-file=new"));
        for (var key : List.of("old", "new")) {
            var refused = with(key);
            assertEquals(1, refused.exitCode());
            assertEquals(
                    "rpkai: the sealing key is being changed, and gateways may use the former or the new one: pass "
                            + "--finish with the one that all gateways use, or pass both (--new-sealing-key-file)\n",
                    refused.err());
            assertEquals(refused, with(key, "--new-sealing-key-file=third"));
        }
        // Either both keys are given, in any order, or one of them is declared useless.
        assertDone(with("old", "--new-sealing-key-file=new"));
        assertDone(with("new", "--new-sealing-key-file=old"));
        for (var key : List.of("old", "new")) {
            try (var state = open(key)) {
                assertEquals(Optional.of(new Secret("sk-upstream-key-0")), find(state, "KEY_0"));
            }
        }
        assertDone(with("old", "--finish"));
        assertDone(with("old"));
        assertTrue(with("new").err().contains("the sealing key is a different one"));
        assertOpen(1);
    }

    @Test
    void errorsNameWhatToDoAndChangeNothing() throws Exception {
        try (var state = open("old")) {
            set(state, 1);
        }
        var state = List.of("secret", "rotate-key", "--state", url.toString());
        var missing = machine.run(state.toArray(String[]::new));
        assertEquals(2, missing.exitCode());
        assertTrue(
                missing.err().contains("pass --sealing-key-file FILE or --sealing-key-command COMMAND"), missing.err());

        write("broken", "not a key");
        for (var wrong : List.of(
                with("third"),
                with("absent"),
                with("broken"),
                with("old", "--new-sealing-key-file=absent"),
                with("old", "--new-sealing-key-file=broken"))) {
            assertEquals(1, wrong.exitCode());
            assertTrue(wrong.err().contains("sealing key"), wrong.err());
            assertTrue(wrong.err().contains(temp.toString()), wrong.err());
            assertFalse(wrong.err().contains("not a key\n"), wrong.err());
        }
        assertEquals(
                "rpkai: the new sealing key is the same as the present one: make one with openssl rand -base64 32\n",
                with("old", "--new-sealing-key-file=old").err());
        assertEquals(2, with("old", "--new-sealing-key-file=new", "--finish").exitCode());
        var command = machine.run(
                "secret",
                "rotate-key",
                "--state",
                url.toString(),
                "--sealing-key-file",
                file("old").toString(),
                "--new-sealing-key-command",
                "exit 3");
        assertEquals(
                "rpkai: the command of --new-sealing-key-command ended with exit code 3: run it in a terminal and see "
                        + "what it says\n",
                command.err());
        POSTGRES.server().down();
        try {
            var away = rotate();
            assertEquals(1, away.exitCode());
            assertTrue(away.err().startsWith("rpkai: cannot use the gateway's state postgresql://"), away.err());
        } finally {
            POSTGRES.server().up();
        }
        assertOpen(1);
        assertThrows(UserError.class, () -> {
            try (var other = open("new")) {
                find(other, "KEY_0");
            }
        });
    }
}
