package lib.gateway.access;

/// That nobody's token can be checked at the moment: the issuer's keys are not to be had.
///
///     throw new KeysUnavailable("the identity provider at https://idp.example.com does not answer", cause);
public final class KeysUnavailable extends RuntimeException {
    /// @param message what is wrong, for callers; they may be anybody
    public KeysUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
