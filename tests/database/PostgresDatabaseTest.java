package tests.database;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import lib.base.UserError;
import lib.database.Database;
import lib.database.PostgresDatabase;
import lib.database.SqlRows;
import lib.database.StoreConnection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;
import tests.support.Postgres;
import tests.support.PostgresDatabases;

class PostgresDatabaseTest extends DatabaseContract {
    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    private PostgresDatabase database;

    @BeforeEach
    void anEmptyDatabase() throws SQLException {
        database = new PostgresDatabase(POSTGRES.empty(), Optional.of(Postgres.PASSWORD), LABEL);
    }

    @Override
    Database database() {
        return database;
    }

    @Test
    void theLockOfAMigrationIsReleased() throws Exception {
        try (var store = new StoreConnection(database, migrations(FIRST))) {
            store.get();
        }
        try (var sql = database.connect()) {
            assertTrue(SqlRows.number(sql, "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory'") == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql:", "postgresql:/db/usage", "Postgres://db", "postgresql:usage"})
    void somethingLikeAUrlIsNotTakenForAPath(String text, @TempDir Path temp) {
        var error = assertThrows(UserError.class, () -> Database.named(text, LABEL, new Machine(temp).host()));

        assertTrue(error.line().startsWith("the URL of the test store is not valid"), error.line());
    }
}
