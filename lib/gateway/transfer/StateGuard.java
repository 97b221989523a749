package lib.gateway.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import lib.base.PrivateFile;
import lib.base.UserError;
import lib.database.PostgresDatabase;
import lib.database.PostgresSessions;
import lib.gateway.state.StateLocation;
import lib.gateway.state.StateTransfer;

/// Keeps gateways and an import off the same state.
///
///     try (var _ = StateGuard.forGateway(location)) { serve(); }
///
/// In a folder both hold a lock file: gateways share it, an import wants it alone. In PostgreSQL an import looks for
/// other sessions of rpkai, and again in the transaction that marks the state as unfinished. Gateways look for that
/// mark when no such transaction is running.
public final class StateGuard implements AutoCloseable {
    private static final String LOCK = "gateway.lock";
    /// A killed process, and a command that only reads, have gone by then.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FileChannel channel;

    private StateGuard(FileChannel channel) {
        this.channel = channel;
    }

    /// Lets no import begin until the result is closed.
    ///
    /// @throws UserError if an import is running
    public static StateGuard forGateway(StateLocation location) {
        return switch (location) {
            case StateLocation.Folder(var folder) ->
                locked(
                        folder,
                        true,
                        new UserError("an import into %s is running".formatted(folder), "wait until it has ended"));
            case StateLocation.Shared _ -> new StateGuard(null);
        };
    }

    /// Lets no gateway begin until the result is closed.
    ///
    /// @throws UserError if a gateway is running
    public static StateGuard forImport(StateLocation location) {
        return switch (location) {
            case StateLocation.Folder(var folder) ->
                locked(
                        folder,
                        false,
                        new UserError(
                                "a gateway or an import is running on %s".formatted(folder),
                                "stop it, and run the command again"));
            case StateLocation.Shared shared -> {
                refuseSessions(shared.database());
                yield new StateGuard(null);
            }
        };
    }

    private static StateGuard locked(Path folder, boolean isShared, UserError taken) {
        var file = folder.resolve(LOCK);
        FileChannel channel = null;
        try {
            PrivateFile.createFolder(folder);
            PrivateFile.createEmpty(file);
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, isShared);
            if (lock != null) return new StateGuard(channel);
        } catch (OverlappingFileLockException e) {
            // Another gateway of this process has it.
            if (isShared) return new StateGuard(channel);
        } catch (IOException e) {
            // The file system has no locks, or the folder cannot be used, which is reported when the state is opened.
            return new StateGuard(channel);
        }
        close(channel);
        throw taken;
    }

    private static void refuseSessions(PostgresDatabase database) {
        try (var sql = database.connect()) {
            if (!PostgresSessions.awaitAlone(sql, PATIENCE)) throw StateTransfer.inUse(database);
        } catch (SQLException e) {
            throw new UserError(
                    "cannot use %s (%s)".formatted(database.title(), e.getMessage()),
                    "check that it is there and that PGPASSWORD or ~/.pgpass has its password",
                    e);
        }
    }

    @Override
    public void close() {
        close(channel);
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) channel.close();
        } catch (IOException e) {
            // The lock ends with the process.
        }
    }
}
