package lib.database;

/// What a store is called in messages, and how a user chooses another one.
///
///     new StoreLabel("the usage store", "--usage-store", "postgresql://rpkai@db.example.com/usage")
///
/// @param name what it is
/// @param option the flag that names it
/// @param exampleUrl a PostgreSQL URL for messages
public record StoreLabel(String name, String option, String exampleUrl) {}
