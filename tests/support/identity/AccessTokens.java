package tests.support.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// Issues access tokens and knows which of them are good.
public final class AccessTokens {

    /// The subject of a token; a service account has no email.
    record Person(String subject, Optional<String> email, String organization) {}

    private final JwtSigner signer;
    private final Set<String> issued = ConcurrentHashMap.newKeySet();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();

    volatile InstantSource clock = InstantSource.system();
    volatile Duration lifetime = Duration.ofHours(1);
    volatile UnaryOperator<Map<String, Object>> claims = UnaryOperator.identity();

    AccessTokens(JwtSigner signer) {
        this.signer = signer;
    }

    Instant now() {
        return clock.instant();
    }

    String issue(String issuer, String audience, Person person) {
        var now = now().getEpochSecond();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("iss", issuer);
        fields.put("sub", person.subject());
        fields.put("aud", audience);
        fields.put("iat", now);
        fields.put("exp", now + lifetime.toSeconds());
        fields.put("jti", UUID.randomUUID().toString());
        person.email().ifPresent(email -> fields.put("email", email));
        fields.put("https://cloud.redpanda.com/organization_id", person.organization());
        var token = signer.sign(claims.apply(fields));
        issued.add(token);
        return token;
    }

    boolean issued(String token) {
        return issued.contains(token);
    }

    public boolean isValid(String token) {
        return !revoked.contains(token)
                && signer.verify(token)
                        .filter(fields -> now().isBefore(
                                        Instant.ofEpochSecond(fields.path("exp").asLong())))
                        .isPresent();
    }

    Instant expiry(String token) {
        return signer.verify(token)
                .map(fields -> Instant.ofEpochSecond(fields.path("exp").asLong()))
                .orElseThrow();
    }

    public Optional<String> organization(String token) {
        return signer.verify(token)
                .map(fields -> fields.path("https://cloud.redpanda.com/organization_id")
                        .asText());
    }

    void revokeAll() {
        revoked.addAll(issued);
    }
}
