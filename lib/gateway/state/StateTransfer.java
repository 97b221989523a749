package lib.gateway.state;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import lib.base.ShellWord;
import lib.base.UserError;
import lib.database.Database;
import lib.database.MovedTable;
import lib.database.PostgresSessions;
import lib.database.Transaction;
import lib.gateway.sealing.SealedBytes;
import lib.gateway.sealing.SealingKeys;

/// Moves a whole state to another database: its rows, its secrets and the keys of its sign-ins.
///
///     from.transfer().reading(snapshot -> snapshot.rows(sealer, row -> …));
///     to.transfer().fill(origin, sealer, rows);
///     to.transfer().finish(origin);
///
/// A state that is moved gets an id. Between [#fill] and [#finish] no process can change the target, and no
/// gateway starts on it. Codes that await approval, and the counters and key marks of the source, are not moved.
public final class StateTransfer {
    private static final MovedTable SECRET =
            MovedTable.of("secret", List.of("name text", "sealed bytes", "updated text"));
    /// The keys that are no stored secrets. It is a table in a file only.
    private static final MovedTable KEY = MovedTable.of("key", List.of("name text", "sealed bytes"));
    private static final List<MovedTable> STORED = List.of(
            MovedTable.of("provider", List.of("name text", "definition text", "created text", "updated text")),
            MovedTable.of("mcp_server", List.of("name text", "definition text", "created text", "updated text")),
            SECRET,
            MovedTable.of(
                    "account",
                    List.of("id text", "kind text", "name text", "role text", "secret text", "created text")),
            MovedTable.of(
                    "signin",
                    List.of(
                            "id text",
                            "account text",
                            "client text",
                            "family text",
                            "secret text",
                            "ended small",
                            "until text")));

    /// What a state consists of.
    public static final List<MovedTable> TABLES =
            Stream.concat(STORED.stream(), Stream.of(KEY)).toList();

    /// The name of the row of `key` with the keys that the issuer signs with.
    public static final String SIGNING_KEYS = "signing keys";
    /// The name of the row of `key` with the key that binds MCP sessions to their callers.
    public static final String SESSION_KEY = "mcp session key";

    private static final String ID = "state id";
    private static final String UNFINISHED = "import";
    private static final String IMPORTED = "imported";
    private static final int BATCH = 500;
    /// A command that only reads, and a connection that was just closed, have gone by then.
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final StateDatabase database;
    private final SealingKeys keys;
    private final StoredSecrets secrets;
    private final SigningKeyStore signingKeys;

    /// Encrypts secrets for the way between two databases.
    public interface Sealer {
        byte[] seal(String what, byte[] clear);

        /// @throws UserError for what was not sealed as that
        byte[] open(String what, byte[] sealed);
    }

    /// A row on its way.
    ///
    /// @param values as [MovedTable] has them; what is sealed is so with the [Sealer]
    public record Row(MovedTable table, List<Object> values) {}

    /// The source of an import.
    ///
    /// @param state the id of the state
    /// @param export the id of the export
    /// @param file the file, for messages
    public record Origin(String state, String export, String file) {}

    /// The progress of an import.
    public enum Stage {
        /// Nothing is there.
        EMPTY,
        /// The state is there, and the import is unfinished.
        FILLED,
        /// It is finished.
        FINISHED
    }

    StateTransfer(StateDatabase database, SealingKeys keys, StoredSecrets secrets, SigningKeyStore signingKeys) {
        this.database = database;
        this.keys = keys;
        this.secrets = secrets;
        this.signingKeys = signingKeys;
    }

    /// Returns the name under which the value of a secret is sealed on its way.
    public static String secretName(String name) {
        return "secret " + name;
    }

    /// Returns the name under which a key is sealed on its way.
    public static String keyName(String name) {
        return "key " + name;
    }

    /// Returns the id of the state, and makes one if it has none.
    public String id() {
        return database.write(sql -> {
            var known = Facts.find(sql, ID);
            if (known.isEmpty()) Facts.set(sql, ID, UUID.randomUUID().toString());
            return Facts.find(sql, ID).orElseThrow();
        });
    }

    /// Uses a snapshot.
    public interface Work {
        void on(Snapshot snapshot) throws SQLException;
    }

    /// Takes rows.
    public interface Rows {
        void accept(Row row);
    }

    /// Reads the state as it is at one moment.
    public void reading(Work work) {
        keys.prepareReading(database.read(Facts::all));
        database.<Void>read(sql -> Transaction.reading(sql, () -> {
            work.on(new Snapshot(sql));
            return null;
        }));
    }

    /// A state at one moment.
    public final class Snapshot {
        private final Connection sql;

        private Snapshot(Connection sql) {
            this.sql = sql;
        }

        /// Returns the number of rows of each table.
        public Map<MovedTable, Long> counts() throws SQLException {
            var counts = new LinkedHashMap<MovedTable, Long>();
            for (var table : STORED) counts.put(table, table.count(sql));
            counts.put(KEY, (long) keysInClear(sql).size());
            return counts;
        }

        /// Reads all rows, table by table. Each secret is decrypted and sealed for the way.
        ///
        /// @throws UserError for a secret that cannot be decrypted
        public void rows(Sealer sealer, Rows rows) throws SQLException {
            for (var table : STORED)
                table.read(
                        sql,
                        values -> rows.accept(new Row(table, table.equals(SECRET) ? sealed(values, sealer) : values)));
            keysInClear(sql)
                    .forEach((name, clear) ->
                            rows.accept(new Row(KEY, List.of(name, sealer.seal(keyName(name), clear)))));
        }

        private List<Object> sealed(List<Object> values, Sealer sealer) throws SQLException {
            var name = (String) values.getFirst();
            var secret = StoredSecrets.opened(keys.existing(Facts.all(sql)), name, (byte[]) values.get(1));
            var clear = secret.reveal().getBytes(StandardCharsets.UTF_8);
            return List.of(name, sealer.seal(secretName(name), clear), values.get(2));
        }
    }

    private Map<String, byte[]> keysInClear(Connection sql) throws SQLException {
        var clear = new LinkedHashMap<String, byte[]>();
        var signing = signingKeys instanceof SigningKeyStore.InDatabase shared ? shared.read(sql) : signingKeys.known();
        signing.ifPresent(text -> clear.put(SIGNING_KEYS, text.getBytes(StandardCharsets.UTF_8)));
        Facts.find(sql, Facts.SESSION_KEY)
                .ifPresent(text -> clear.put(SESSION_KEY, Base64.getDecoder().decode(text)));
        return clear;
    }

    /// Returns how far the import is.
    ///
    /// @throws UserError if the target holds another state, or something of its own
    public Stage stage(Origin origin) {
        return database.read(sql -> stage(sql, origin));
    }

    private Stage stage(Connection sql, Origin origin) throws SQLException {
        var unfinished = Facts.find(sql, UNFINISHED);
        if (unfinished.isPresent()) {
            if (!Unfinished.parse(unfinished.get()).export.equals(origin.export))
                throw unfinishedError(unfinished.get(), database.title());
            return Stage.FILLED;
        }
        var id = Facts.find(sql, ID);
        if (Facts.find(sql, IMPORTED).filter(origin.export::equals).isPresent()) return Stage.FINISHED;
        if (id.isEmpty() && !isInUse(sql)) return Stage.EMPTY;
        throw new UserError(
                id.filter(origin.state::equals).isPresent()
                        ? "%s holds this state already, and not from this export".formatted(database.title())
                        : "%s holds the state of another gateway".formatted(database.title()),
                "import into an empty database or a new folder (--state)");
    }

    private static boolean isInUse(Connection sql) throws SQLException {
        for (var table : STORED) if (table.hasRows(sql)) return true;
        return false;
    }

    /// Adds all rows to an empty state, in one transaction.
    ///
    /// @param rows the next row; empty at the end of the state
    /// @throws UserError if the target is not empty
    public void fill(Origin origin, Sealer sealer, Supplier<Optional<Row>> rows) {
        keys.prepare(database.read(Facts::all));
        database.<Void>writeImport(sql -> {
            if (stage(sql, origin) != Stage.EMPTY)
                throw new UserError("another import into %s is running".formatted(database.title()), "wait for it");
            // A gateway that connects later finds the mark below, because it waits for this transaction.
            if (database.isShared() && !PostgresSessions.awaitAlone(sql, PATIENCE)) throw inUse(database.database());
            Facts.set(sql, UNFINISHED, new Unfinished(origin.export, origin.file).text());
            Facts.set(sql, ID, origin.state);
            var filling = new Filling(sql, sealer);
            for (var row = rows.get(); row.isPresent(); row = rows.get()) filling.add(row.get());
            filling.flush();
            return StoredAccounts.changed(sql);
        });
    }

    /// Adds rows in batches.
    private final class Filling {
        private final Connection sql;
        private final Sealer sealer;
        private final List<List<Object>> waiting = new ArrayList<>();
        private MovedTable table = KEY;
        private SecretKey key;

        Filling(Connection sql, Sealer sealer) {
            this.sql = sql;
            this.sealer = sealer;
        }

        void add(Row row) throws SQLException {
            if (row.table().equals(KEY)) {
                set((String) row.values().get(0), (byte[]) row.values().get(1));
                return;
            }
            if (waiting.size() >= BATCH || !row.table().equals(table)) flush();
            table = row.table();
            waiting.add(table.equals(SECRET) ? resealed(row.values()) : row.values());
        }

        void flush() throws SQLException {
            table.insert(sql, waiting);
            waiting.clear();
        }

        private List<Object> resealed(List<Object> values) throws SQLException {
            if (key == null) key = secrets.key(sql);
            var name = (String) values.getFirst();
            var clear = sealer.open(secretName(name), (byte[]) values.get(1));
            return List.of(name, SealedBytes.seal(key, StoredSecrets.purpose(name), clear), values.get(2));
        }

        private void set(String name, byte[] sealed) throws SQLException {
            var clear = sealer.open(keyName(name), sealed);
            if (name.equals(SESSION_KEY)) {
                Facts.set(sql, Facts.SESSION_KEY, Base64.getEncoder().encodeToString(clear));
                return;
            }
            var text = new String(clear, StandardCharsets.UTF_8);
            switch (signingKeys) {
                case SigningKeyStore.InDatabase shared -> shared.update(sql, _ -> text);
                case SigningKeyStore.InFile file -> file.updateLocked(_ -> text);
            }
        }
    }

    /// Gives the state free for its gateways.
    public void finish(Origin origin) {
        database.<Void>writeImport(sql -> {
            Facts.delete(sql, UNFINISHED);
            Facts.set(sql, IMPORTED, origin.export);
            return Facts.changed(sql);
        });
    }

    /// Waits for an import that is writing to PostgreSQL. A folder has a lock file for that.
    ///
    /// @throws UserError if an import into this state is unfinished
    public void refuseUnfinished() {
        StateDatabase.Work<Void> look = sql -> {
            refuseUnfinished(sql, database.title());
            return null;
        };
        if (database.isShared()) database.writeImport(look);
        else database.read(look);
    }

    /// Returns the error for a database to which another process is connected.
    public static UserError inUse(Database database) {
        return new UserError(
                "a gateway or another command of rpkai uses %s".formatted(database.title()),
                "stop it, and run the command again");
    }

    static void refuseUnfinished(Connection sql, String title) throws SQLException {
        var unfinished = Facts.find(sql, UNFINISHED);
        if (unfinished.isPresent()) throw unfinishedError(unfinished.get(), title);
    }

    private static UserError unfinishedError(String fact, String title) {
        return new UserError(
                "an import into %s is unfinished".formatted(title),
                "run rpkai gateway import %s again, with the options of the first time"
                        .formatted(ShellWord.quote(Unfinished.parse(fact).file)));
    }

    /// The value of the fact while an import is unfinished.
    private record Unfinished(String export, String file) {
        static Unfinished parse(String fact) {
            var words = fact.split(" ", 2);
            return new Unfinished(words[0], words.length < 2 ? "FILE" : words[1]);
        }

        String text() {
            return export + " " + file;
        }
    }
}
