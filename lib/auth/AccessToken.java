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

/// A gateway token and what it says of itself. It is not verified here: that is for the one it is shown to.
///
///     AccessToken.parse(jwt).expiresAt()   // Optional[2026-11-22T10:00:00Z]
///
/// @param value the token
/// @param issuedAt its `iat`
/// @param expiresAt its `exp`; empty for a token that is no JWT, whose end only its issuer knows
/// @param email whose it is, for `auth status`
/// @param organization the organisation it is good for
public record AccessToken(
        Secret value,
        Optional<Instant> issuedAt,
        Optional<Instant> expiresAt,
        Optional<String> email,
        Optional<String> organization) {

    /// Reads a JWT's claims (RFC 7519); anything else is a token of unknown age. Space around it is no part of
    /// it.
    ///
    /// @throws UserError for characters that no header can carry; an HTTP client would refuse, and quote, such a
    ///     token
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

    /// Whether it is still good at that moment. A token of unknown age is taken at its word.
    public boolean outlives(Instant moment) {
        return expiresAt.map(moment::isBefore).orElse(true);
    }

    /// How long it was good for when it was issued; empty when it does not say.
    public Optional<Duration> lifetime() {
        return issuedAt.flatMap(from -> expiresAt.map(to -> Duration.between(from, to)))
                .filter(Duration::isPositive);
    }

    /// What may be said of it, for a debug log: ` (good until 2026-11-22T10:00:00Z)`.
    String trace() {
        return expiresAt.map(" (valid until %s)"::formatted).orElse(" (expiry unknown)");
    }

    /// `text` without this token, should a server have repeated it. One too short to be a secret stays.
    public String hiddenIn(String text) {
        return value.reveal().length() < 8 ? text : text.replace(value.reveal(), Secret.REDACTED);
    }

    /// The leeway to ask for, less where the token is short-lived.
    Duration window(Duration leeway) {
        return lifetime().map(life -> RefreshWindow.within(leeway, life)).orElse(leeway);
    }

    // Decoding claims takes three lines and the JSON reader that is loaded anyway; a JOSE library, which this
    // path of 40 ms could not afford to load, is for those who verify.
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
        // A claim beyond the calendar is nobody's; it must not throw.
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
