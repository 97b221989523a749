package lib.gateway.access;

import java.util.Optional;
import lib.base.Secret;

/// The check of who calls: a token in, the caller out, or nothing where the token is not good (any more).
///
///     var callers = Authenticator.bearer(Secret.random());
///     callers.check("guess").isEmpty()   // true
///
/// It is asked on every request and from many threads, and it never sees an empty token.
@FunctionalInterface
public interface Authenticator {
    /// Everyone, with a token or without: a gateway that only this machine can reach.
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

    /// The caller that `token` stands for; empty where it is unknown, expired or revoked.
    ///
    /// @throws RoleMissing where it is good and its owner may do nothing here
    /// @throws KeysUnavailable where it cannot be checked at the moment
    Optional<Caller> check(String token);

    /// Who everybody is, where tokens are not asked for nor looked at; empty, as here, where nobody may call
    /// without one.
    default Optional<Caller> withoutToken() {
        return Optional.empty();
    }

    /// One caller with one token, compared in constant time: the person at this machine.
    static Authenticator bearer(Secret token) {
        var caller = Optional.of(new Caller("local", Caller.Role.USER));
        return candidate -> token.matches(candidate) ? caller : Optional.empty();
    }
}
