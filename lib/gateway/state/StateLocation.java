package lib.gateway.state;

import java.nio.file.Path;
import java.util.Optional;
import lib.base.Host;
import lib.base.UserError;
import lib.database.Database;
import lib.database.PostgresDatabase;
import lib.database.StoreLabel;
import lib.gateway.sealing.KeySource;

/// Where a gateway's state is: in a folder of this machine, or in a PostgreSQL database that several gateways
/// share.
///
///     StateLocation.named("postgresql://rpkai@db.example.com/gateway", Optional.of(key), host)
public sealed interface StateLocation {
    /// What messages call it.
    StoreLabel LABEL = new StoreLabel("the gateway's state", "--state", "postgresql://rpkai@db.example.com/gateway");

    /// A folder with a SQLite file, and with the key of its secrets where the keychain does not have it.
    record Folder(Path folder) implements StateLocation {}

    /// A PostgreSQL database.
    ///
    /// @param sealingKey where the key is that its secrets are sealed with; empty where none of them is needed
    record Shared(PostgresDatabase database, Optional<KeySource> sealingKey) implements StateLocation {
        /// @throws UserError if there is no sealing key
        public void requireSealingKey() {
            if (sealingKey.isEmpty())
                throw UserError.usage(
                        "the gateway's state in PostgreSQL needs a sealing key",
                        "pass --sealing-key-file FILE or --sealing-key-command COMMAND");
        }
    }

    /// The one that a user named: a PostgreSQL URL, or a folder.
    ///
    /// @throws UserError for a URL of any other kind, and for a sealing key that is not used
    static StateLocation named(String text, Optional<KeySource> sealingKey, Host host) {
        if (Database.isUrl(text, LABEL)) return new Shared(Database.postgres(text, LABEL, host), sealingKey);
        if (sealingKey.isPresent())
            throw UserError.usage(
                    "--sealing-key-file and --sealing-key-command require a state in PostgreSQL",
                    "omit them: the key of a state in a folder is in the keychain or in that folder");
        return new Folder(host.cwd().resolve(text));
    }
}
