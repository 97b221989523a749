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
import lib.gateway.state.StateLocation;
import lib.usage.pricing.Prices;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageJournal;
import lib.usage.store.UsageService;
import picocli.CommandLine.Option;

/// The flag for the store of usage and budgets, shared by `rpkai gateway`, `rpkai usage` and `rpkai budget`.
public final class UsageStoreOption {
    @Option(
            names = "--usage-store",
            paramLabel = "FILE|URL",
            description = "The store for usage and budgets: a SQLite file, or "
                    + "postgresql://USER@HOST/DATABASE with the password in PGPASSWORD "
                    + "(RPAI_USAGE_STORE; default the database of the gateway's state, or usage.db in its folder).")
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

    /// Opens the store for a gateway with a state at that location. If no store is named, usage is stored with the
    /// state. A shared store gets a journal in the gateway's folder on this machine.
    UsageService open(GatewayState state, StateLocation location, Host host) {
        var database = database(location, host);
        return UsageService.open(
                database,
                Prices.list().with(new CustomPricing(state.providers())),
                host.clock(),
                host::warn,
                database.isShared() ? Optional.of(UsageJournal.in(journal(location, host))) : Optional.empty());
    }

    /// Returns the named store, or the one with a state at that location.
    Database database(StateLocation location, Host host) {
        return isGiven(host) ? database(host) : kept(with(location, host), host);
    }

    private static Path journal(StateLocation location, Host host) {
        var folder = switch (location) {
            case StateLocation.Folder(var own) -> own;
            case StateLocation.Shared _ -> GatewayState.folder(host);
        };
        return folder.resolve("usage-journal");
    }

    private static Database with(StateLocation location, Host host) {
        return switch (location) {
            case StateLocation.Folder(var folder) -> UsageDatabase.in(folder, host);
            case StateLocation.Shared shared ->
                UsageDatabase.postgres(
                        shared.database().url(), shared.database().password());
        };
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
