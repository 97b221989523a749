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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import lib.base.PrivateFile;
import lib.base.UserError;

/// The keys that the gateway's own issuer signs with, in a file that only its owner may read. A new one is made
/// every three months; the one before goes on checking what it has signed.
///
///     var keys = SigningKeys.in(folder, clock);
///     keys.sign(claims);   // eyJ…
///
/// Deleting the file ends every access token, and no sign-in.
final class SigningKeys implements JWKSource<SecurityContext> {
    private static final Duration LIFE = Duration.ofDays(90);
    /// Longer than any access token lasts.
    private static final Duration AFTERLIFE = Duration.ofDays(1);

    private final Path file;
    private final InstantSource clock;
    private volatile JWKSet keys;

    private SigningKeys(Path file, InstantSource clock, JWKSet keys) {
        this.file = file;
        this.clock = clock;
        this.keys = keys;
    }

    /// The keys in that folder; the first one is made where there is none.
    ///
    /// @throws UserError where the file can't be used
    static SigningKeys in(Path folder, InstantSource clock) {
        var file = folder.resolve("signing-keys.json");
        try {
            return new SigningKeys(
                            file, clock, Files.exists(file) ? JWKSet.parse(Files.readString(file)) : new JWKSet())
                    .withCurrent();
        } catch (IOException | ParseException e) {
            throw unusable(file, e);
        }
    }

    /// What everybody may see of them.
    String published() {
        return keys.toPublicJWKSet().toString(true);
    }

    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) {
        return selector.select(keys);
    }

    /// A JWT with these claims.
    String sign(JWTClaimsSet claims) {
        try {
            var key = (ECKey) withCurrent().keys.getKeys().getFirst();
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

    /// The newest key comes first.
    private SigningKeys withCurrent() {
        if (isDue()) renew();
        return this;
    }

    private boolean isDue() {
        return keys.isEmpty()
                || !clock.instant().isBefore(issued(keys.getKeys().getFirst()).plus(LIFE));
    }

    private synchronized void renew() {
        if (!isDue()) return;
        try {
            var next = new ArrayList<JWK>();
            next.add(new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .issueTime(Date.from(clock.instant()))
                    .generate());
            keys.getKeys().stream()
                    .filter(key -> clock.instant()
                            .isBefore(issued(key).plus(LIFE).plus(LIFE).plus(AFTERLIFE)))
                    .limit(1)
                    .forEach(next::add);
            var set = new JWKSet(next);
            PrivateFile.write(file, set.toString(false).getBytes(StandardCharsets.UTF_8));
            keys = set;
        } catch (IOException e) {
            throw unusable(file, e);
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    private static Instant issued(JWK key) {
        return key.getIssueTime() == null ? Instant.EPOCH : key.getIssueTime().toInstant();
    }

    private static UserError unusable(Path file, Exception e) {
        return new UserError(
                "cannot use the issuer's signing keys in " + file,
                "check its owner and mode, or delete it: then all users need new tokens",
                e);
    }
}
