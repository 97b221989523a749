package lib.gateway.access;

/// Signals a valid token that gives no role at this gateway. Signing in again cannot help its owner: an
/// administrator must assign a role first.
///
///     throw new MissingRole("ada@example.com has no role at this gateway: …");
public final class MissingRole extends RuntimeException {
    /// @param message the caller's name and how to get a role, for that caller
    public MissingRole(String message) {
        // An expected answer and not a bug: no stack trace.
        super(message, null, false, false);
    }
}
