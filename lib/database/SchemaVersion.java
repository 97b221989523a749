package lib.database;

/// Which version the tables of a store have.
///
/// @param current the version; 0 where there are no tables
/// @param oldestReader the oldest version of rpkai's tables whose rpkai can read and write them
public record SchemaVersion(int current, int oldestReader) {
    /// That there are no tables yet.
    public static final SchemaVersion NONE = new SchemaVersion(0, 0);
}
