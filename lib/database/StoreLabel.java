package lib.database;

/// The name of a store in messages, and the flag with which a user chooses another one.
///
///     new StoreLabel("the usage store", "--usage-store", "postgresql://rpkai@db.example.com/usage")
///
/// @param name the name, as messages use it
/// @param option the flag that chooses it
/// @param exampleUrl a PostgreSQL URL for messages
public record StoreLabel(String name, String option, String exampleUrl) {}
