package lib.gateway.access;

/// An authenticated caller, as identified by the gateway's [Authenticator].
///
///     new Caller("ada@example.com", Caller.Role.USER)
///
/// @param name the name of the user, service account or machine
/// @param role the caller's role
public record Caller(String name, Role role) {

    /// The role of a caller, which decides what it may do.
    public enum Role {
        /// Does everything, providers included.
        ADMIN,
        /// Uses the proxy and reads the management API.
        USER,
        /// Uses the proxy only; the management API answers `permission_denied`.
        INVOKER;

        public boolean may(Permission permission) {
            return switch (this) {
                case ADMIN -> true;
                case USER ->
                    permission == Permission.INVOKE || permission == Permission.GET || permission == Permission.LIST;
                case INVOKER -> permission == Permission.INVOKE;
            };
        }
    }
}
