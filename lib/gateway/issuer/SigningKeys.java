package lib.gateway.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import lib.base.UserError;
import lib.gateway.oidc.TokenVerifier;
import lib.gateway.state.SigningKeyStore;

/// The keys that the gateway's own issuer signs with. Gateways that share a state share the keys.
///
///     var keys = SigningKeys.in(state.signingKeys(), clock);
///     keys.sign(claims);   // eyJ…
///
/// Every three months a gateway makes the next key. It signs after it was published for a day, so that every
/// gateway and everyone who keeps a copy of the published keys has it by then. The key before it stays published
/// until the rotation after that. A key that [#replace] replaces expires with the last token that it signed.
/// Deleting the keys ends every access token, and no sign-in.
final class SigningKeys implements JWKSource<SecurityContext> {
    /// The age of a key at which the next one is made.
    private static final Duration LIFE = Duration.ofDays(90);
    /// How long a key is published before it signs, unless it is the only one.
    private static final Duration NOTICE = Duration.ofDays(1);
    /// How long a key stays published after the last time that it can have signed. Longer than any access token
    /// lasts.
    private static final Duration AFTERLIFE = Duration.ofDays(1);

    private final SigningKeyStore store;
    private final InstantSource clock;
    private volatile Parsed parsed = new Parsed("", new JWKSet(), Instant.MAX);

    /// @param keys those that have not expired
    /// @param until when the first of them expires
    private record Parsed(String text, JWKSet keys, Instant until) {}

    private SigningKeys(SigningKeyStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Returns the keys in that store, after making the first one if there is none.
    ///
    /// @throws UserError if the store cannot be used
    static SigningKeys in(SigningKeyStore store, InstantSource clock) {
        var keys = new SigningKeys(store, clock);
        keys.current();
        return keys;
    }

    /// Makes a key that signs from now on. The keys before it verify the tokens that they signed, until these expire.
    ///
    /// @return false if the issuer has no key yet
    static boolean replace(SigningKeyStore store, InstantSource clock) {
        if (store.refreshed().isEmpty()) return false;
        var keys = new SigningKeys(store, clock);
        store.update(keys::replaced);
        return true;
    }

    private String replaced(Optional<String> before) {
        var now = clock.instant();
        var end = now.plus(TokenEndpoint.LIFE).plus(TokenVerifier.LEEWAY.multipliedBy(2));
        var next = new ArrayList<JWK>();
        // As if it had been announced: only gateways on this state use these keys, and they look for an unknown one.
        next.add(newKey(now.minus(NOTICE)));
        for (var key : parse(before).getKeys()) next.add(expires(key).isBefore(end) ? key : expiring((ECKey) key, end));
        return new JWKSet(next).toString(false);
    }

    private static JWK expiring(ECKey key, Instant end) {
        return new ECKey.Builder(key).expirationTime(Date.from(end)).build();
    }

    /// Returns an object that is another one whenever the keys are.
    Object basis() {
        try {
            return parse(store.known());
        } catch (UserError unreadable) {
            // New tokens are refused with this error. Those that were checked before are as good as they were.
            return parsed.keys;
        }
    }

    /// Returns the public keys, as a JWK set.
    String published() {
        return parse(store.known()).toPublicJWKSet().toString(true);
    }

    /// Returns the keys for a signature. For an unknown key it looks at the store again, since another gateway
    /// may have made it a moment ago.
    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) {
        var found = selector.select(parse(store.known()));
        return found.isEmpty() ? selector.select(parse(store.refreshed())) : found;
    }

    /// Returns a signed JWT with these claims.
    String sign(JWTClaimsSet claims) {
        try {
            var key = signer(current().getKeys());
            var jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(new JOSEObjectType("at+jwt"))
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has ES256", e);
        }
    }

    private ECKey signer(List<JWK> newestFirst) {
        var now = clock.instant();
        return (ECKey) newestFirst.stream()
                .filter(key -> !now.isBefore(issued(key).plus(NOTICE)))
                .findFirst()
                .orElseGet(newestFirst::getLast);
    }

    /// Returns the keys, the newest first.
    private JWKSet current() {
        var keys = parse(store.known());
        return isDue(keys) ? parse(Optional.of(store.update(this::renewed))) : keys;
    }

    private boolean isDue(JWKSet keys) {
        return keys.isEmpty()
                || !clock.instant().isBefore(issued(keys.getKeys().getFirst()).plus(LIFE));
    }

    /// Returns the keys with a new one, unless another gateway has made one.
    private String renewed(Optional<String> before) {
        var keys = parse(before);
        if (!isDue(keys)) return before.orElseThrow();
        var next = new ArrayList<JWK>();
        next.add(newKey(clock.instant()));
        keys.getKeys().stream()
                .filter(key -> clock.instant()
                        .isBefore(issued(key).plus(LIFE).plus(LIFE).plus(NOTICE).plus(AFTERLIFE)))
                .limit(1)
                .forEach(next::add);
        return new JWKSet(next).toString(false);
    }

    private ECKey newKey(Instant issued) {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .issueTime(Date.from(issued))
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    private JWKSet parse(Optional<String> text) {
        if (text.isEmpty()) return new JWKSet();
        var last = parsed;
        var now = clock.instant();
        if (last.text.equals(text.get()) && now.isBefore(last.until)) return last.keys;
        try {
            var valid = JWKSet.parse(text.get()).getKeys().stream()
                    .filter(key -> now.isBefore(expires(key)))
                    .toList();
            var keys = new JWKSet(valid);
            parsed = new Parsed(
                    text.get(),
                    keys,
                    valid.stream()
                            .map(SigningKeys::expires)
                            .min(Instant::compareTo)
                            .orElse(Instant.MAX));
            return keys;
        } catch (ParseException e) {
            throw new UserError(
                    "cannot use the issuer's signing keys in " + store.where(),
                    "delete them; all users then need new tokens",
                    e);
        }
    }

    private static Instant expires(JWK key) {
        return key.getExpirationTime() == null
                ? Instant.MAX
                : key.getExpirationTime().toInstant();
    }

    private static Instant issued(JWK key) {
        return key.getIssueTime() == null ? Instant.EPOCH : key.getIssueTime().toInstant();
    }
}
