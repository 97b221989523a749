package lib.database;

import java.util.List;

/// One step from a version of a store's tables to the next.
///
///     new Migration(2, 1, dialect -> List.of("ALTER TABLE call ADD COLUMN requests BIGINT NOT NULL DEFAULT 1"))
///
/// @param version the version of the tables after the step
/// @param oldestReader the oldest version that can read and write the result. A step that only adds tables, and
///     columns with a default, keeps the previous one
/// @param changes the statements of the step
public record Migration(int version, int oldestReader, Changes changes) {
    /// Returns the statements of a step in their order.
    public interface Changes {
        List<String> in(Dialect dialect);
    }
}
