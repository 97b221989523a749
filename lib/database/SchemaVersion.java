package lib.database;

/// The version of the tables of a store.
///
/// @param current the version; 0 if there are no tables
/// @param oldestReader the oldest version whose rpkai can read and write these tables
public record SchemaVersion(int current, int oldestReader) {
    /// The version of a store without tables.
    public static final SchemaVersion NONE = new SchemaVersion(0, 0);
}
