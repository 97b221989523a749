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

/// The keys that an issuer publishes, as they were a few minutes ago. They are fetched anew in the background,
/// and at once for a token whose key is not among them, though not for every such token: anybody can name a key.
/// While the issuer does not answer, the last ones count.
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

    /// @param fetch asks the issuer
    JwksCache(Supplier<JWKSet> fetch, InstantSource clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    /// The keys of now: the same object until others are published.
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

    /// @throws KeysUnavailable where none were ever had
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
            // Whoever waited for another's turn has what that one got.
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
