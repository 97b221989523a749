package lib.gateway.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import lib.database.Dialect;
import lib.database.SqlRows;

/// The time by which gateways that share a state measure seconds: the PostgreSQL server's, because the clocks of
/// two machines may differ by more than that. A SQLite file has gateways of one machine only, so there it is that
/// machine's.
final class StateTime {
    private StateTime() {}

    /// Returns the time now, also within a transaction that has waited for others.
    static Instant now(Connection sql, InstantSource clock) throws SQLException {
        if (Dialect.of(sql) == Dialect.SQLITE) return clock.instant();
        return Instant.ofEpochMilli(
                SqlRows.number(sql, "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"));
    }
}
