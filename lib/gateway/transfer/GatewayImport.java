package lib.gateway.transfer;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import lib.base.UserError;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateTransfer.Origin;
import lib.gateway.state.StateTransfer.Row;
import lib.gateway.state.StateTransfer.Stage;
import lib.gateway.transfer.RowRules.InvalidRow;
import lib.usage.store.UsageTransfer;

/// Reads the file of a [GatewayExport] into an empty state and an empty usage store.
///
///     new GatewayImport(state, usage, progress::now).from(file, exportKey);
///
/// The whole file is checked before anything is written. The state is written in one transaction, the usage in many:
/// an import that was killed goes on where it was when it is run again. Until it is finished no gateway starts on the
/// state.
public record GatewayImport(GatewayState state, UsageTransfer usage, Consumer<String> progress) {
    private static final int BATCH = 5_000;

    /// The outcome of an import.
    ///
    /// @param rows the number of rows of each table, by its name
    /// @param isNew false if it was finished before
    public record Result(Map<String, Long> rows, boolean isNew) {}

    /// Imports a file.
    ///
    /// @param key the key that it was exported with
    /// @throws UserError if the file is damaged or invalid, or the target is not empty
    public Result from(Path file, SecretKey key) {
        var checked = checked(file, key);
        var header = checked.header;
        var origin = new Origin(
                header.state(), header.export(), file.toAbsolutePath().toString());
        var rows = new LinkedHashMap<String, Long>();
        header.rows().forEach((table, count) -> rows.put(table.name(), count));
        var stage = state.transfer().stage(origin);
        var written = header.hasUsageStore() ? usage.written(header.export()) : OptionalLong.of(0);
        if (stage == Stage.FINISHED && written.orElse(-1) == header.usage()) return new Result(rows, false);
        if (stage == Stage.FINISHED || written.isEmpty() && !usage.isEmpty()) throw usage.notEmpty();
        // Another connection to the database could not be told from a gateway's.
        usage.disconnect();
        write(file, key, checked, origin, stage);
        return new Result(rows, true);
    }

    /// A file that is whole and was written with the same key.
    ///
    /// @param state the code of its lines up to the end of the state
    private record Checked(ExportHeader header, byte[] state) {}

    /// Reads the whole file and writes nothing.
    private Checked checked(Path file, SecretKey key) {
        try (var reader = ExportReader.open(file, key)) {
            var rows = new CheckedRows(file, reader, "Checking");
            while (rows.nextOfState().isPresent()) {
                // Each row is checked when it is read.
            }
            var state = reader.code();
            while (rows.next().isPresent()) {
                // The same.
            }
            return new Checked(reader.header(), state);
        }
    }

    private void write(Path file, SecretKey key, Checked checked, Origin origin, Stage stage) {
        try (var reader = ExportReader.open(file, key)) {
            if (!reader.header().export().equals(origin.export())) throw replaced(reader);
            var rows = new CheckedRows(file, reader, "Importing");
            // The file is read a second time, and may be another one by now. The state is committed after its end.
            Supplier<Optional<Row>> next = () -> {
                var row = rows.nextOfState();
                if (row.isEmpty() && !MessageDigest.isEqual(checked.state, reader.code())) throw replaced(reader);
                return row;
            };
            if (stage == Stage.EMPTY) state.transfer().fill(origin, reader.key(), next);
            else
                while (next.get().isPresent()) {
                    // The state is there already.
                }
            if (reader.header().hasUsageStore()) {
                usage.begin(origin.export());
                writeUsage(rows, origin.export());
                usage.finish();
            } else rows.next();
            state.transfer().finish(origin);
        }
    }

    private static UserError replaced(ExportReader reader) {
        return reader.damaged("it was replaced during the import");
    }

    private void writeUsage(CheckedRows rows, String export) {
        long done = usage.written(export).orElse(0);
        for (long skipped = 0; skipped < done; skipped++) {
            var _ = rows.next().orElseThrow();
        }
        var batch = new ArrayList<List<Object>>();
        for (var row = rows.next(); row.isPresent(); row = rows.next()) {
            batch.add(row.get().values());
            var next = rows.peek();
            if (batch.size() < BATCH
                    && next.isPresent()
                    && next.get().table().equals(row.get().table())) continue;
            usage.write(export, done, row.get().table(), batch);
            done += batch.size();
            batch.clear();
        }
    }

    /// The rows of a file, each checked.
    private final class CheckedRows {
        private final Path file;
        private final ExportReader reader;
        private final RowRules rules;
        private final String what;
        private Optional<Row> peeked = Optional.empty();
        private boolean isPeeked;
        private long done;

        CheckedRows(Path file, ExportReader reader, String what) {
            this.file = file;
            this.reader = reader;
            this.rules = new RowRules(reader.key());
            this.what = what;
        }

        Optional<Row> nextOfState() {
            return peek().filter(row -> !UsageTransfer.TABLES.contains(row.table()))
                            .isPresent()
                    ? next()
                    : Optional.empty();
        }

        Optional<Row> peek() {
            if (!isPeeked) peeked = read();
            isPeeked = true;
            return peeked;
        }

        Optional<Row> next() {
            var row = peek();
            isPeeked = row.isEmpty();
            return row;
        }

        private Optional<Row> read() {
            var row = reader.next();
            if (row.isEmpty()) return row;
            if (++done % GatewayExport.SHOWN == 0)
                progress.accept(reader.header().progress(what, done));
            try {
                return Optional.of(rules.checked(row.get()));
            } catch (InvalidRow e) {
                throw new UserError(
                        "%s holds an invalid %s in line %d: %s"
                                .formatted(file, e.what(), reader.line(), e.getMessage()),
                        "export again with rpkai gateway export");
            }
        }
    }
}
