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
/// @param password the password; empty if the server asks for none, or if it is in `~/.pgpass`
/// @see <a href="https://jdbc.postgresql.org/documentation/use/">The driver's parameters</a>
public record PostgresDatabase(URI url, Optional<Secret> password, StoreLabel label) implements Database {
    /// The name by which the server's administrator, and other processes of rpkai, recognise a connection.
    static final String APPLICATION = "rpkai";

    /// The time limit for each step of connecting, so that a server that accepts a connection and says nothing
    /// more keeps nobody waiting.
    private static final int CONNECT_TIMEOUT_SECONDS = 5;

    /// @throws UserError if the URL is invalid or contains a password
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
        // This comes first, because it resets everything that is set below.
        source.setUrl("jdbc:postgresql://" + url.getRawAuthority().replaceFirst("^.*@", "") + url.getRawPath()
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery()));
        if (url.getUserInfo() != null) source.setUser(url.getUserInfo());
        password.ifPresent(secret -> source.setPassword(secret.reveal()));
        source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        var isLimited = source.getSocketTimeout() > 0;
        if (!isLimited) source.setSocketTimeout(CONNECT_TIMEOUT_SECONDS);
        source.setTcpKeepAlive(true);
        source.setApplicationName(APPLICATION);
        source.setReWriteBatchedInserts(true);
        var connection = source.getConnection();
        if (!isLimited) connection.setNetworkTimeout(Runnable::run, 0);
        return connection;
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
        // The administrator of the server backs it up.
    }

    @Override
    public void deleteOlderBackups(int version) {
        // rpkai makes no copies of it.
    }

    @Override
    public boolean isShared() {
        return true;
    }
}
