package lib.auth;

import java.util.Optional;
import lib.base.Secret;
import lib.base.UserError;

/// The answer of a token endpoint (RFC 6749, section 5).
///
///     switch (identityProvider.refresh(refreshToken)) {
///         case Granted g -> …; case Refused r -> …; case Passing p -> …;
///     }
sealed interface TokenAnswer {
    /// A token.
    record Granted(AccessToken token, Optional<Secret> refreshToken) implements TokenAnswer {}

    /// A permanent refusal: the same grant would be refused again.
    ///
    /// @param code the error code, such as `invalid_grant`
    /// @param description the provider's explanation; may be empty
    record Refused(String code, String description) implements TokenAnswer {
        String text() {
            return description.isEmpty() ? code : code + ", " + description;
        }
    }

    /// A temporary failure: the network, a busy server, or a web page in place of JSON.
    record Passing(UserError error) implements TokenAnswer {}
}
