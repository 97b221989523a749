package lib.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import lib.base.Json;
import lib.base.Remedy;
import lib.base.Secret;
import lib.base.UserError;

/// A gateway token and its claims. The token is not verified here; the server that receives it does that.
///
///     AccessToken.parse(jwt).expiresAt()   // Optional[2026-11-22T10:00:00Z]
///
/// @param value the token
/// @param issuedAt its `iat`
/// @param expiresAt its `exp`; empty for a token that is not a JWT, whose expiry only its issuer knows
/// @param email the address of its user, for `auth status`
/// @param organization the organisation for which it is valid
public record AccessToken(
        Secret value,
        Optional<Instant> issuedAt,
        Optional<Instant> expiresAt,
        Optional<String> email,
        Optional<String> organization) {

    /// Reads a JWT's claims (RFC 7519). Any other text is a token of unknown age. Surrounding space is ignored.
    ///
    /// @throws UserError for characters that no header can carry; an HTTP client would reject such a token and
    ///     quote it in the error
    public static AccessToken parse(String untrimmed) {
        var text = untrimmed.strip();
        if (!text.matches("[!-~]*"))
            throw new UserError(
                    "the gateway token contains invalid characters",
                    Remedy.run("rpkai auth login").withLead("copy it again, or "));
        var claims = claims(text);
        return new AccessToken(
                new Secret(text),
                time(claims.path("iat")),
                time(claims.path("exp")),
                first(claims, "email", "https://cloud.redpanda.com/email"),
                first(claims, "https://cloud.redpanda.com/organization_id", "org_id"));
    }

    /// Returns whether the token is still valid at that moment. A token of unknown age counts as valid.
    public boolean outlives(Instant moment) {
        return expiresAt.map(moment::isBefore).orElse(true);
    }

    /// The lifetime at the time of issue; empty if the token does not state it.
    public Optional<Duration> lifetime() {
        return issuedAt.flatMap(from -> expiresAt.map(to -> Duration.between(from, to)))
                .filter(Duration::isPositive);
    }

    /// The part of the token that a debug log may show: ` (good until 2026-11-22T10:00:00Z)`.
    String trace() {
        return expiresAt.map(" (valid until %s)"::formatted).orElse(" (expiry unknown)");
    }

    /// Returns `text` without this token, in case a server has repeated it. A token too short to be a secret is
    /// left in.
    public String hiddenIn(String text) {
        return value.reveal().length() < 8 ? text : text.replace(value.reveal(), Secret.REDACTED);
    }

    /// The leeway to request: the given one, or less for a short-lived token.
    Duration window(Duration leeway) {
        return lifetime().map(life -> RefreshWindow.within(leeway, life)).orElse(leeway);
    }

    // Decoding the claims takes three lines and the JSON reader, which is loaded anyway. A JOSE library would
    // be too slow to load for this path of 40 ms; only the code that verifies tokens uses one.
    private static JsonNode claims(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 3) return MissingNode.getInstance();
        try {
            return Json.read(Base64.getUrlDecoder().decode(parts[1]));
        } catch (IOException | IllegalArgumentException e) {
            return MissingNode.getInstance();
        }
    }

    private static Optional<Instant> time(JsonNode seconds) {
        // A time beyond the calendar's range can't be valid, and must not throw.
        return seconds.isNumber()
                ? Optional.of(Instant.ofEpochSecond(Math.clamp(seconds.asLong(), 0, 253_402_300_799L)))
                : Optional.empty();
    }

    private static Optional<String> first(JsonNode claims, String... names) {
        return Stream.of(names)
                .map(name -> claims.path(name).asText(""))
                .filter(text -> !text.isEmpty())
                .findFirst();
    }
}
