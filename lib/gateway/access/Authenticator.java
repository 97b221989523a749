package lib.gateway.access;

import java.util.Optional;
import lib.base.Secret;

/// Identifies the caller of a request by its token. Returns nothing if the token is invalid or no longer valid.
///
///     var callers = Authenticator.bearer(Secret.random());
///     callers.check("guess").isEmpty()   // true
///
/// It is called on every request and from many threads, and never with an empty token.
@FunctionalInterface
public interface Authenticator {
    /// Accepts every caller, with or without a token: for a gateway that only this machine can reach.
    Authenticator ANYONE = new Authenticator() {
        private static final Optional<Caller> LOCAL = Optional.of(new Caller("local", Caller.Role.ADMIN));

        @Override
        public Optional<Caller> check(String token) {
            return LOCAL;
        }

        @Override
        public Optional<Caller> withoutToken() {
            return LOCAL;
        }
    };

    /// Returns the caller that `token` identifies; empty if it is unknown, expired or revoked.
    ///
    /// @throws MissingRole if the token is valid and its owner has no role here
    /// @throws KeysUnavailable if the token cannot be checked at the moment
    Optional<Caller> check(String token);

    /// Returns the caller for all requests if tokens are not checked; empty, the default, if a token is required.
    default Optional<Caller> withoutToken() {
        return Optional.empty();
    }

    /// Accepts one token of one caller, the user of this machine. The token is compared in constant time.
    static Authenticator bearer(Secret token) {
        var caller = Optional.of(new Caller("local", Caller.Role.USER));
        return candidate -> token.matches(candidate) ? caller : Optional.empty();
    }
}
