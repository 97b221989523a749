package lib.gateway.access;

/// A token that is good and gives no role at this gateway. Signing in again cannot help its owner: an
/// administrator has to give them a role first.
///
///     throw new MissingRole("ada@example.com has no role at this gateway: …");
public final class MissingRole extends RuntimeException {
    /// @param message who it is and what gives a role, for that caller
    public MissingRole(String message) {
        // It is an answer, not a bug: no stack trace.
        super(message, null, false, false);
    }
}
