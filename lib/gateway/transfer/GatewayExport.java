package lib.gateway.transfer;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.crypto.SecretKey;
import lib.base.PrivateFile;
import lib.base.UserError;
import lib.database.MovedTable;
import lib.database.StoreFull;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateTransfer.Row;
import lib.gateway.transfer.RowRules.InvalidRow;
import lib.usage.store.UsageTransfer;

/// Writes a gateway's state and usage to a file, each as it is at one moment. A gateway may run meanwhile.
///
///     new GatewayExport(state, Optional.of(usage), progress::now).to(file, exportKey);
///
/// @param usage empty for a gateway without a usage store
/// @param tables the tables of the usage store that are exported
/// @param progress told how far it is
public record GatewayExport(
        GatewayState state, Optional<UsageTransfer> usage, List<MovedTable> tables, Consumer<String> progress) {
    static final int SHOWN = 1_000;

    /// Writes the file, which only its owner may read. It is complete, or what was there is left as it was.
    ///
    /// @param key the user's key, which encrypts the secrets
    /// @return the number of rows of each table, by its name
    /// @throws UserError if something cannot be exported, or the file cannot be written
    public Map<String, Long> to(Path file, SecretKey key) {
        var parent = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(parent))
            throw new UserError("there is no folder %s".formatted(parent), "create it, or choose another file");
        var rows = new LinkedHashMap<String, Long>();
        try {
            var id = state.transfer().id();
            PrivateFile.write(file, out -> rows.putAll(write(out, id, key)));
            return rows;
        } catch (IOException | UncheckedIOException e) {
            var cause = e instanceof UncheckedIOException unchecked ? unchecked.getCause() : (IOException) e;
            throw new UserError(
                    StoreFull.isCause(cause)
                            ? "there is no room for %s".formatted(file)
                            : "cannot write %s (%s)".formatted(file, cause.getMessage()),
                    StoreFull.isCause(cause)
                            ? "free some space, or choose another file"
                            : "check the owner and mode of its folder, or choose another file",
                    cause);
        }
    }

    private Map<String, Long> write(OutputStream out, String id, SecretKey key) {
        var writing = new Writing(out, id, key);
        if (usage.isEmpty()) writing.state(Map.of());
        else
            usage.get().reading(snapshot -> {
                // Both moments are before the first row is read.
                writing.state(snapshot.counts(tables));
                snapshot.rows(tables, (table, values) -> writing.row(new Row(table, values)));
            });
        return writing.end();
    }

    /// A file that is being written.
    private final class Writing {
        private final OutputStream out;
        private final String id;
        private final SecretKey outer;
        private final ExportKey key = ExportKey.random();
        private final RowRules rules = new RowRules(key);
        private ExportHeader header;
        private ExportWriter writer;
        private long done;

        Writing(OutputStream out, String id, SecretKey outer) {
            this.out = out;
            this.id = id;
            this.outer = outer;
        }

        void state(Map<MovedTable, Long> used) {
            state.transfer().reading(snapshot -> {
                var rows = new LinkedHashMap<>(snapshot.counts());
                rows.putAll(used);
                header = new ExportHeader(
                        UUID.randomUUID().toString(),
                        id,
                        state.clock().instant().truncatedTo(ChronoUnit.SECONDS),
                        rows);
                try {
                    writer = new ExportWriter(out, header, key, outer);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                snapshot.rows(key, this::row);
            });
        }

        void row(Row row) {
            try {
                var checked = rules.checked(row);
                writer.row(checked.table(), checked.values());
                if (++done % SHOWN == 0) progress.accept(header.progress("Exporting", done));
            } catch (InvalidRow e) {
                throw new UserError(
                        "%s cannot be exported: %s".formatted(e.what(), e.getMessage()),
                        "correct or delete it, and export again");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Map<String, Long> end() {
            try {
                writer.end();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            var rows = new LinkedHashMap<String, Long>();
            header.rows().forEach((table, count) -> rows.put(table.name(), count));
            return rows;
        }
    }
}
