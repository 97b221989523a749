package lib.auth;

import java.util.Optional;
import lib.base.Secret;
import lib.base.UserError;

/// What a token endpoint answered (RFC 6749, section 5).
///
///     switch (identityProvider.refresh(refreshToken)) { case Granted g -> …; case Refused r -> …; case Passing p -> …;
/// }
sealed interface TokenAnswer {
    /// A token.
    record Granted(AccessToken token, Optional<Secret> refreshToken) implements TokenAnswer {}

    /// A final no: asking again with the same grant gives the same.
    ///
    /// @param code the error code, such as `invalid_grant`
    /// @param description what the provider says of it; may be empty
    record Refused(String code, String description) implements TokenAnswer {
        String text() {
            return description.isEmpty() ? code : code + ", " + description;
        }
    }

    /// No answer that means anything: the network, a busy server, a page in place of JSON.
    record Passing(UserError error) implements TokenAnswer {}
}
