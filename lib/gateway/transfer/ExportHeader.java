package lib.gateway.transfer;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import lib.database.MovedTable;
import lib.gateway.state.StateTransfer;
import lib.usage.store.UsageTransfer;

/// What an export is, as the first line of its file says. The file is lines of JSON, compressed with gzip:
///
///     {"format":"rpkai gateway
/// export","version":1,"export":"…","state":"…","key":"…","rows":{"provider":1,…}}
///     {"table":"provider","columns":["name","definition","created","updated"]}
///     ["anthropic","{…}","2026-11-30T12:00:00Z","2026-11-30T12:00:00Z"]
///     {"end":1,"mac":"…"}
///
/// `mac` is an HMAC-SHA-256 over all lines before it. Bytes are base64, and always encrypted.
///
/// @param export the id of the export
/// @param state the id of the state
/// @param created the time of the export
/// @param rows the tables that follow, in order, and their numbers of rows
record ExportHeader(String export, String state, Instant created, Map<MovedTable, Long> rows) {
    static final String FORMAT = "rpkai gateway export";
    static final int VERSION = 1;

    /// All tables that a file can have, in their order.
    static final List<MovedTable> TABLES = Stream.concat(StateTransfer.TABLES.stream(), UsageTransfer.TABLES.stream())
            .toList();

    /// Returns the number of all rows.
    long total() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Returns the number of rows of the usage store.
    long usage() {
        return rows.entrySet().stream()
                .filter(entry -> UsageTransfer.TABLES.contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /// Returns whether there was a usage store.
    boolean hasUsageStore() {
        return rows.keySet().stream().anyMatch(UsageTransfer.TABLES::contains);
    }

    /// Returns a message such as `Exporting 3,000 of 1,000,000 rows`.
    String progress(String what, long done) {
        return String.format(Locale.ROOT, "%s %,d of %,d rows", what, done, total());
    }
}
