package lib.gateway.oidc;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import lib.base.Sha256;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;

/// Caches the outcome of token checks, by the hash of the token. A result is kept until the token expires or the
/// keys that it was checked with change. Verifying a signature takes about a hundred times longer than a look-up.
///
///     new CachingAuthenticator(check, clock)
///
/// Invalid tokens are not cached, so that guesses cannot fill the memory.
public final class CachingAuthenticator implements Authenticator {
    private static final int MOST = 10_000;

    private final Check check;
    private final InstantSource clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /// The check whose outcome is cached.
    public interface Check {
        /// Returns the object that decides the outcome, such as the set of keys. It is replaced by another object
        /// as soon as a check could end differently.
        Object basis();

        /// Returns the caller that the token identifies, and when it expires; empty if the token is invalid.
        ///
        /// @throws lib.gateway.access.MissingRole if the token is valid but gives no role here
        Optional<Checked> check(String token);
    }

    /// The result for a valid token.
    ///
    /// @param until the time at which the token expires
    public record Checked(Caller caller, Instant until) {}

    private record Known(Optional<Caller> caller, Instant until, Object basis) {}

    public CachingAuthenticator(Check check, InstantSource clock) {
        this.check = check;
        this.clock = clock;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a basis is compared by identity
    public Optional<Caller> check(String token) {
        var hash = Sha256.hex(token);
        var before = known.get(hash);
        var basis = check.basis();
        if (before != null && before.basis == basis && clock.instant().isBefore(before.until)) return before.caller;
        var checked = check.check(token);
        if (checked.isEmpty()) known.remove(hash);
        checked.ifPresent(good -> keep(hash, new Known(Optional.of(good.caller), good.until, basis)));
        return checked.map(Checked::caller);
    }

    @SuppressWarnings("ReferenceEquality")
    private void keep(String hash, Known good) {
        if (known.size() >= MOST) {
            var now = clock.instant();
            known.values().removeIf(each -> each.basis != good.basis || !now.isBefore(each.until));
            if (known.size() >= MOST) known.clear();
        }
        known.put(hash, good);
    }
}
