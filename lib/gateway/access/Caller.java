package lib.gateway.access;

/// Who is calling, as the gateway's [Authenticator] know them.
///
///     new Caller("ada@example.com", Caller.Role.USER)
///
/// @param name who it is: a user, a service account, a machine
/// @param role what they may do
public record Caller(String name, Role role) {

    /// What a caller may do.
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
