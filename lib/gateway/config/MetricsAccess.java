package lib.gateway.config;

import java.util.Optional;
import java.util.function.Supplier;
import lib.base.Secret;

/// Who may read `/metrics`, which names providers and models. Administrators always may.
///
///     new MetricsAccess(MetricsAccess.Mode.TOKEN, () -> Optional.of(new Secret(text)))
///
/// @param mode who may without a token
/// @param token another bearer that may, asked at each scrape so that it can be changed; empty for none
public record MetricsAccess(Mode mode, Supplier<Optional<Secret>> token) {
    /// Who may without a token.
    public enum Mode {
        /// Programs of this machine, unless a proxy on it passes something on and says so.
        LOCAL,
        /// No one.
        TOKEN,
        /// Everyone who reaches the gateway.
        PUBLIC
    }

    /// That mode, and no other token.
    public static MetricsAccess of(Mode mode) {
        return new MetricsAccess(mode, Optional::empty);
    }
}
