package lib.gateway.access;

/// Signals that tokens cannot be checked at the moment because the issuer's keys are unavailable.
///
///     throw new KeysUnavailable("the identity provider at https://idp.example.com does not answer", cause);
public final class KeysUnavailable extends RuntimeException {
    /// @param message the problem, in words that any caller may read
    public KeysUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
