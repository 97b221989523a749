package lib.gateway.oidc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;

/// Callers whose tokens are checked once and then known, by their hash, until they expire or what they were
/// checked against changes: a signature takes some hundred times longer than looking a token up.
///
///     new CachingAuthenticator(check, clock)
///
/// Tokens that are not good are not kept: nobody can fill the memory with guesses.
public final class CachingAuthenticator implements Authenticator {
    private static final int MOST = 10_000;

    private final Check check;
    private final InstantSource clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /// The check proper, of which this one remembers the outcome.
    public interface Check {
        /// What tokens are checked against: another object as soon as a check could end differently.
        Object basis();

        /// Who the token stands for, and how long; empty where it is not good.
        ///
        /// @throws lib.gateway.access.MissingRole where it is good and its owner may do nothing here
        Optional<Checked> check(String token);
    }

    /// A good token.
    ///
    /// @param until when it ends
    public record Checked(Caller caller, Instant until) {}

    private record Known(Optional<Caller> caller, Instant until, Object basis) {}

    public CachingAuthenticator(Check check, InstantSource clock) {
        this.check = check;
        this.clock = clock;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a basis is compared by identity
    public Optional<Caller> check(String token) {
        var hash = hash(token);
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

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
