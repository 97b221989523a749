package tests.usage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import lib.base.UserError;
import lib.database.Database;
import lib.usage.Usage;
import lib.usage.report.Dimension;
import lib.usage.report.UsageQuery;
import lib.usage.report.Window;
import lib.usage.store.UsageDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;
import tests.support.Postgres;
import tests.support.PostgresDatabases;

class PostgresStoreTest extends StoreContract {
    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    private URI url;

    @BeforeEach
    void anEmptyDatabase() throws SQLException {
        url = POSTGRES.empty();
    }

    @Override
    Database database() {
        return UsageDatabase.postgres(url, Optional.of(Postgres.PASSWORD));
    }

    @Test
    void severalGatewaysShareOne() throws Exception {
        try (var one = open();
                var two = open();
                var three = open()) {
            for (int i = 0; i < 900; i++) {
                var store = i % 3 == 0 ? one : i % 3 == 1 ? two : three;
                store.accept(Calls.call(
                        NOW.minusSeconds(i), "m", "caller" + i % 10, "s" + i % 7, new Usage(1, 1, 0, 0, 0, 0)));
            }
            assertTrue(one.flush(SOON) && two.flush(SOON) && three.flush(SOON));
        }
        var report = answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW.plusSeconds(1)))
                .withDimension(Dimension.USER));

        for (var row : report.rows()) assertEquals(90, row.sums().requests(), row.key());
        assertEquals(1800, report.total().sums().tokens().total());
    }

    @Test
    void aServerThatCrashesLosesNothingAndCountsNothingTwice() throws Exception {
        try (var store = open()) {
            for (int i = 0; i < 400; i++) {
                store.accept(Calls.call(NOW.minusSeconds(i), "m", "ada", "s", new Usage(1, 1, 0, 0, 0, 0)));
                if (i == 100) assertTrue(store.flush(SOON));
                if (i == 200) POSTGRES.server().down();
                if (i == 300) POSTGRES.server().up();
            }
            assertTrue(store.flush(SOON));
        }
        assertEquals(
                800,
                answer(UsageQuery.of(Window.last(Duration.ofHours(1), NOW.plusSeconds(1))))
                        .total()
                        .sums()
                        .tokens()
                        .total());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://ada:secret-word@db.example.com/usage",
                "postgresql:///usage",
                "postgresql://db.example.com",
                "postgresql://a b:secret-word@x/y"
            })
    void aUrlThatWillNotDoIsRefusedAndNotQuoted(String text, @TempDir Path temp) {
        var error = assertThrows(UserError.class, () -> UsageDatabase.named(text, new Machine(temp).host()));

        assertFalse(error.line().contains("secret-word"), error.line());
    }

    @Test
    void thePasswordIsInNoText(@TempDir Path temp) {
        var database = UsageDatabase.named(
                "postgresql://ada@db.example.com/usage?sslmode=require",
                new Machine(temp).with("PGPASSWORD", "secret-word").host());

        assertFalse((database + database.place()).contains("secret-word"));
        assertEquals("postgresql://db.example.com/usage", database.place());
    }
}
