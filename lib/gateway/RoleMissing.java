package lib.gateway;

/// A token that is good and gives no role at this gateway. Signing in again cannot help its owner: an administrator has to
/// give them a role first.
///
///     throw new RoleMissing("ada@example.com has no role at this gateway: …");
public final class RoleMissing extends RuntimeException {
    /// @param message who it is and what gives a role, for that caller
    public RoleMissing(String message) {
        // It is an answer, not a bug: no stack trace.
        super(message, null, false, false);
    }
}
