package lib.gateway.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Verifies JWTs: the signature must be made by one of the issuer's keys with a public-key algorithm, and the
/// claims must name the issuer, the audience and a time of expiry.
///
///     new TokenVerifier(keys, "https://idp.example.com"::equals, Set.of("gateway"), clock).verify(token)
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725, JWT best current practices</a>
public final class TokenVerifier {
    /// The tolerated difference between the issuer's clock and this one.
    public static final Duration LEEWAY = Duration.ofMinutes(1);
    /// The maximum length of a token. A longer one would not fit into the headers of a request with the others.
    private static final int LONGEST = 32 * 1024;
    /// The accepted algorithms. Algorithms with secret keys are missing: with them, anyone could sign with the
    /// public key.
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /// @param issuers the test whether an `iss` claim names the expected issuer
    /// @param audiences the accepted audiences; a token must name one of them
    public TokenVerifier(
            JWKSource<SecurityContext> keys, Predicate<String> issuers, Set<String> audiences, InstantSource clock) {
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
        processor.setJWTClaimsSetVerifier(new Claims(issuers, audiences, clock));
    }

    /// Returns the claims of a token; empty if the token is invalid in any way.
    ///
    /// @throws lib.gateway.access.KeysUnavailable if the keys cannot be fetched
    public Optional<JWTClaimsSet> verify(String token) {
        if (token.length() > LONGEST) return Optional.empty();
        try {
            return Optional.of(processor.process(token, null));
        } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException notGood) {
            return Optional.empty();
        }
    }

    /// Returns the time at which a token expires: its `exp` claim plus the tolerance.
    static Instant end(JWTClaimsSet claims) {
        return claims.getExpirationTime().toInstant().plus(LEEWAY);
    }

    private static final class Claims extends DefaultJWTClaimsVerifier<SecurityContext> {
        private final Predicate<String> issuers;
        private final InstantSource clock;

        Claims(Predicate<String> issuers, Set<String> audiences, InstantSource clock) {
            super(audiences, null, Set.of("iss", "sub", "aud", "exp"), null);
            this.issuers = issuers;
            this.clock = clock;
            setMaxClockSkew((int) LEEWAY.toSeconds());
        }

        @Override
        public void verify(JWTClaimsSet claims, SecurityContext context) throws BadJWTException {
            super.verify(claims, context);
            if (!issuers.test(claims.getIssuer())) throw new BadJWTException("another issuer");
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }
    }
}
