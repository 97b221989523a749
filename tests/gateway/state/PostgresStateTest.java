package tests.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.sealing.KeySource;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import lib.usage.store.StoredBudgets;
import lib.usage.store.UsageDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.Postgres;
import tests.support.PostgresDatabases;

class PostgresStateTest extends StateContract {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Secret VALUE = new Secret("sk-ant-api03-the-value-itself");

    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    private URI url;

    @BeforeEach
    void anEmptyDatabase() throws Exception {
        url = POSTGRES.empty();
        Files.writeString(key(), Base64.getEncoder().encodeToString(new byte[32]) + "\n");
    }

    private Path key() {
        return temp.resolve("sealing-key");
    }

    @Override
    GatewayState open(Host host) {
        return open(Optional.of(KeySource.file(key(), host)));
    }

    private GatewayState open(Optional<KeySource> key) {
        var host = machine().host();
        return GatewayState.open(StateLocation.named(url.toString(), key, host), host, SecretVariables.USUAL);
    }

    private Machine machine() {
        return new Machine(temp).with("PGPASSWORD", Postgres.PASSWORD.reveal());
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection(
                "jdbc:" + url.toString().replace("rpkai@", ""), "rpkai", Postgres.PASSWORD.reveal());
    }

    @Test
    void theDatabaseHoldsNoSecretAndNoKeyInClear() throws Exception {
        try (var state = open()) {
            state.storedSecrets().set("KEY", VALUE);
            state.signingKeys().update(_ -> "the private key");
        }
        var all = new StringBuilder();
        try (var sql = connect()) {
            for (var query : List.of(
                    "SELECT sealed FROM secret",
                    "SELECT convert_to(value, 'UTF8') FROM fact",
                    "SELECT decode(value, 'base64') FROM fact WHERE name IN ('data key', 'signing keys')")) {
                try (var rows = sql.createStatement().executeQuery(query)) {
                    assertTrue(rows.next(), query);
                    do all.append(new String(rows.getBytes(1), StandardCharsets.ISO_8859_1));
                    while (rows.next());
                }
            }
        }
        var sealingKey = Files.readString(key()).strip();
        for (var hidden : List.of(VALUE.reveal(), "the private key", sealingKey))
            assertFalse(all.toString().contains(hidden), hidden);
    }

    @Test
    void anotherSealingKeyIsRefusedAndNothingIsReplaced() throws Exception {
        try (var state = open()) {
            state.storedSecrets().set("KEY", VALUE);
        }
        var right = Files.readString(key());
        Files.writeString(key(), Base64.getEncoder().encodeToString("another key of thirty-two bytes!".getBytes()));
        try (var state = open()) {
            for (var error : new UserError[] {
                assertThrows(UserError.class, () -> state.secrets().find("KEY")),
                assertThrows(UserError.class, () -> state.storedSecrets().set("OTHER", VALUE)),
                state.storedSecrets().problem().orElseThrow()
            }) {
                assertTrue(error.line().contains("sealing key"), error.line());
                assertTrue(error.line().contains(key().toString()), error.line());
            }
        }
        Files.writeString(key(), right);
        try (var state = open()) {
            assertEquals(Optional.of(VALUE), state.secrets().find("KEY"));
        }
    }

    @Test
    void aCommandCanPrintTheSealingKey() {
        var host = machine().host();
        try (var state =
                open(Optional.of(KeySource.command("/bin/cat '%s'".formatted(key()), "--sealing-key-command", host)))) {
            state.storedSecrets().set("KEY", VALUE);
        }
        try (var state = open()) {
            assertEquals(Optional.of(VALUE), state.secrets().find("KEY"));
        }
        for (var wrong : new String[] {"exit 3", "echo not a key", "echo"}) {
            try (var state = open(Optional.of(KeySource.command(wrong, "--sealing-key-command", host)))) {
                var error = assertThrows(UserError.class, () -> state.secrets().find("KEY"));
                assertTrue(error.line().contains("--sealing-key-command"), error.line());
                assertFalse(error.line().contains("not a key:"), error.line());
            }
        }
    }

    @Test
    void withoutASealingKeyEverythingButSecretsWorks() {
        try (var state = open(Optional.empty())) {
            put(state, "a");
            assertEquals("a", state.providers().all().get("a").name());
            var error =
                    assertThrows(UserError.class, () -> state.storedSecrets().set("KEY", VALUE));
            assertTrue(error.line().contains("pass --sealing-key-file"), error.line());
        }
    }

    @Test
    void requestsGoOnWhileTheDatabaseIsAwayAndSeeChangesAfterwards() throws Exception {
        try (var one = open()) {
            put(one, "a");
            one.storedSecrets().set("KEY", VALUE);
            assertEquals(Optional.of(VALUE), one.secrets().find("KEY"));
            POSTGRES.server().down();
            try {
                assertEquals("a", one.providers().all().get("a").name());
                assertEquals(Optional.of(VALUE), one.secrets().find("KEY"));
                for (int i = 0; i < 20; i++)
                    assertEquals(
                            Set.of(),
                            one.accounts().accessOfNewcomers().accounts().keySet());
                var error = assertThrows(UserError.class, () -> put(one, "b"));
                assertTrue(error.line().startsWith("cannot use the gateway's state postgresql://"), error.line());
            } finally {
                POSTGRES.server().up();
            }
            try (var other = open()) {
                put(other, "c");
            }
            Eventually.holds(() -> one.providers().all().containsKey("c"), LIMIT, () -> "it is not followed");
            put(one, "d");
        }
    }

    @Test
    void readingForRequestsAsksTheDatabaseNothing() throws Exception {
        try (var state = open();
                var sql = connect()) {
            put(state, "a");
            state.storedSecrets().set("KEY", VALUE);
            long before = transactions(sql);
            for (int i = 0; i < 10_000; i++) {
                state.providers().all();
                state.secrets().find("KEY");
                state.secrets().find("MISSING");
                state.accounts().access();
            }
            // The watch looks twice a second, and statistics come late.
            assertTrue(transactions(sql) - before < 1_000, "%d".formatted(transactions(sql) - before));
        }
    }

    private static long transactions(Connection sql) throws Exception {
        sql.createStatement().execute("SELECT pg_stat_clear_snapshot()");
        try (var rows = sql.createStatement()
                .executeQuery("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void changesAreSeenWithoutNotifications() throws Exception {
        try (var one = open();
                var sql = connect()) {
            assertTrue(one.providers().all().isEmpty());
            // As a gateway would behind a pooler that swallows NOTIFY.
            sql.createStatement()
                    .execute("INSERT INTO provider (name, definition, created, updated) VALUES ('a', "
                            + "'{\"name\":\"a\"}', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z')");
            sql.createStatement().execute("INSERT INTO fact (name, value) VALUES ('revision', '7')");
            Eventually.holds(() -> one.providers().all().containsKey("a"), LIMIT, () -> "it is not followed");
        }
    }

    @Test
    void stateAndUsageShareADatabase() throws Exception {
        var usage = UsageDatabase.postgres(url, Optional.of(Postgres.PASSWORD));
        new StoredBudgets(usage).list();
        try (var state = open()) {
            put(state, "a");
            assertEquals(1, state.providers().latest().size());
        }
        assertTrue(new StoredBudgets(usage).list().isEmpty());
    }
}
