package lib.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import lib.base.Secret;

/// The credentials from one sign-in: the token, its refresh token, and their issuer.
///
///     store.read("org_123").map(Credentials::token)
///
/// @param organization the key in the file
/// @param token the access token
/// @param refreshToken the token for the next refresh; it works once, because it rotates (RFC 6749, section 6)
/// @param issuer the issuer of both; a refresh token is sent to no other server, whatever a variable says
/// @param signedInAt the time of the sign-in
public record Credentials(
        String organization, AccessToken token, Optional<Secret> refreshToken, String issuer, Instant signedInAt) {

    static Credentials fromJson(String organization, JsonNode json) {
        var refresh = json.path("refresh_token").asText("");
        return new Credentials(
                organization,
                AccessToken.parse(json.path("access_token").asText("")),
                refresh.isEmpty() ? Optional.empty() : Optional.of(new Secret(refresh)),
                json.path("issuer").asText(""),
                Instant.ofEpochSecond(Math.clamp(json.path("signed_in_at").asLong(), 0, 253_402_300_799L)));
    }

    /// The credentials after a refresh. An issuer that does not rotate sends no new refresh token, and the old
    /// one stays.
    Credentials renewed(TokenAnswer.Granted granted) {
        return new Credentials(
                organization, granted.token(), granted.refreshToken().or(() -> refreshToken), issuer, signedInAt);
    }

    void writeTo(ObjectNode json) {
        json.put("access_token", token.value().reveal());
        refreshToken.ifPresentOrElse(
                secret -> json.put("refresh_token", secret.reveal()), () -> json.remove("refresh_token"));
        json.put("issuer", issuer).put("signed_in_at", signedInAt.getEpochSecond());
    }
}
