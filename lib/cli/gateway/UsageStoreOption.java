package lib.cli.gateway;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.base.FileRights;
import lib.base.Host;
import lib.database.Database;
import lib.database.SqliteDatabase;
import lib.gateway.state.CustomPricing;
import lib.gateway.state.GatewayState;
import lib.usage.pricing.Prices;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageService;
import picocli.CommandLine.Option;

/// The flag for the store of usage and budgets, shared by `rpkai gateway`, `rpkai usage` and `rpkai budget`.
public final class UsageStoreOption {
    @Option(
            names = "--usage-store",
            paramLabel = "FILE|URL",
            description = "The store for usage and budgets: a SQLite file, or "
                    + "postgresql://USER@HOST/DATABASE with the password in PGPASSWORD "
                    + "(RPAI_USAGE_STORE; default usage.db, next to the gateway's state).")
    String place;

    /// Returns whether this command line names a store.
    public boolean isGiven(Host host) {
        return named(host).isPresent();
    }

    /// The named store, or this machine's own.
    public Database database(Host host) {
        return kept(
                named(host).map(text -> UsageDatabase.named(text, host)).orElseGet(() -> UsageDatabase.local(host)),
                host);
    }

    /// Opens the store for a gateway with that state. If the state is not in the usual folder, the store is in
    /// the same folder as the state.
    UsageService open(GatewayState state, Optional<Path> folder, Host host) {
        var database = folder.isPresent() && !isGiven(host)
                ? kept(UsageDatabase.in(host.cwd().resolve(folder.get()), host), host)
                : database(host);
        return UsageService.open(
                database, Prices.list().with(new CustomPricing(state.providers())), host.clock(), host::warn);
    }

    /// Makes the database private, because it shows who uses the gateway.
    private static Database kept(Database database, Host host) {
        if (database instanceof SqliteDatabase sqlite) {
            for (var suffix : List.of("", "-wal", "-shm"))
                FileRights.keepSecret(sqlite.file().resolveSibling(sqlite.file().getFileName() + suffix), host);
        }
        return database;
    }

    private Optional<String> named(Host host) {
        return Optional.ofNullable(place).filter(text -> !text.isEmpty()).or(() -> host.variable("RPAI_USAGE_STORE"));
    }
}
