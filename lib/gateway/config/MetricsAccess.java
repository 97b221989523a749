package lib.gateway.config;

import java.util.Optional;
import java.util.function.Supplier;
import lib.base.Secret;

/// Decides who may read `/metrics`, which names providers and models. Administrators always may.
///
///     new MetricsAccess(MetricsAccess.Mode.TOKEN, () -> Optional.of(new Secret(text)))
///
/// @param mode the callers that may read without a token
/// @param token an additional bearer token for it, read at each request so that it can be changed; empty for none
public record MetricsAccess(Mode mode, Supplier<Optional<Secret>> token) {
    /// The callers that may read without a token.
    public enum Mode {
        /// Programs on this machine, except through a proxy that reports that it forwards a request.
        LOCAL,
        /// No caller.
        TOKEN,
        /// Every caller.
        PUBLIC
    }

    /// Returns access with that mode and without an additional token.
    public static MetricsAccess of(Mode mode) {
        return new MetricsAccess(mode, Optional::empty);
    }
}
