package lib.gateway.oidc;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import lib.base.UserError;
import lib.gateway.access.KeysUnavailable;

/// Caches the keys that an issuer publishes. They are refreshed in the background after a few minutes, and at
/// once if a token names an unknown key. At once means at most every few seconds, since anyone can send tokens
/// with invented keys. If the issuer does not answer, the last known keys remain valid.
///
///     new JwksCache(() -> fetch(jwksUri), clock)
final class JwksCache implements JWKSource<SecurityContext> {
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Supplier<JWKSet> fetch;
    private final InstantSource clock;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean renewing = new AtomicBoolean();
    private volatile JWKSet keys = new JWKSet();
    private volatile Instant fetched = Instant.MIN;
    private volatile Instant asked = Instant.MIN;
    private volatile UserError failure;

    /// @param fetch requests the keys from the issuer
    JwksCache(Supplier<JWKSet> fetch, InstantSource clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    /// Returns the current keys: the same object until the issuer publishes others.
    JWKSet current() {
        var now = clock.instant();
        if (isOlder(fetched, FRESH, now)
                && isOlder(asked, PAUSE, now)
                && !keys.isEmpty()
                && renewing.compareAndSet(false, true)) {
            Thread.ofVirtual().start(() -> {
                try {
                    renew();
                } finally {
                    renewing.set(false);
                }
            });
        }
        return keys;
    }

    /// @throws KeysUnavailable if the keys could never be fetched
    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) {
        var found = selector.select(current());
        if (!found.isEmpty()) return found;
        renew();
        if (keys.isEmpty() && failure != null) throw new KeysUnavailable(failure.getMessage(), failure);
        return selector.select(keys);
    }

    private void renew() {
        var before = asked;
        turn.lock();
        try {
            // Another thread has refreshed the keys while this one waited.
            if (!asked.equals(before) || !isOlder(asked, PAUSE, clock.instant())) return;
            var published = fetch.get();
            if (!published.toString(true).equals(keys.toString(true))) keys = published;
            fetched = clock.instant();
            failure = null;
        } catch (UserError e) {
            failure = e;
        } finally {
            if (isOlder(asked, PAUSE, clock.instant())) asked = clock.instant();
            turn.unlock();
        }
    }

    private static boolean isOlder(Instant than, Duration age, Instant now) {
        return than.equals(Instant.MIN) || Duration.between(than, now).compareTo(age) >= 0;
    }
}
