package lib.database;

import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import lib.base.Secret;
import lib.base.UserError;
import org.postgresql.ds.PGSimpleDataSource;

/// A PostgreSQL database, which several gateways can share. One database can hold several stores.
///
/// @param url `postgresql://user@host:port/database?sslmode=verify-full`
/// @param password empty where it asks for none, or `~/.pgpass` has it
/// @see <a href="https://jdbc.postgresql.org/documentation/use/">The driver's parameters</a>
public record PostgresDatabase(URI url, Optional<Secret> password, StoreLabel label) implements Database {
    private static final int CONNECT_TIMEOUT_SECONDS = 10;

    /// @throws UserError for a URL that is invalid, or has a password in it
    public PostgresDatabase {
        if (url.getHost() == null
                || url.getRawPath() == null
                || url.getRawPath().length() < 2
                || url.getRawFragment() != null) {
            throw invalid(label);
        }
        if (url.getRawUserInfo() != null && url.getRawUserInfo().contains(":")) {
            throw new UserError(
                    "the URL of %s contains a password".formatted(label.name()),
                    "set PGPASSWORD instead, or use ~/.pgpass");
        }
    }

    static UserError invalid(StoreLabel label) {
        return new UserError(
                "the URL of %s is not valid".formatted(label.name()), "set it to, for example, " + label.exampleUrl());
    }

    @Override
    public Connection connect() throws SQLException {
        var source = new PGSimpleDataSource();
        // First, since it sets what is set below back to its defaults.
        source.setUrl("jdbc:postgresql://" + url.getRawAuthority().replaceFirst("^.*@", "") + url.getRawPath()
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery()));
        if (url.getUserInfo() != null) source.setUser(url.getUserInfo());
        password.ifPresent(secret -> source.setPassword(secret.reveal()));
        source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        source.setTcpKeepAlive(true);
        source.setApplicationName("rpkai");
        source.setReWriteBatchedInserts(true);
        return source.getConnection();
    }

    @Override
    public String place() {
        return "postgresql://" + url.getRawAuthority().replaceFirst("^.*@", "") + url.getRawPath();
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRESQL;
    }

    @Override
    public void backUp(int version) {
        // Whoever runs the server backs it up.
    }

    @Override
    public void deleteOlderBackups(int version) {
        // There are none.
    }

    @Override
    public boolean isShared() {
        return true;
    }
}
