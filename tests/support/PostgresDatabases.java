package tests.support;

import java.net.URI;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A PostgreSQL server for the tests of one class, with as many empty databases as they need.
///
///     @RegisterExtension
///     static final PostgresDatabases POSTGRES = new PostgresDatabases();
///     …
///     var url = POSTGRES.empty();
public final class PostgresDatabases implements BeforeAllCallback, AfterAllCallback {
    private Postgres server;
    private int databases;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        server = Postgres.start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (server != null) server.close();
    }

    public Postgres server() {
        return server;
    }

    /// Creates an empty database; returns its URL.
    public URI empty() throws SQLException {
        return server.newDatabase("test" + ++databases);
    }
}
