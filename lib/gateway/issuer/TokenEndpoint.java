package lib.gateway.issuer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import lib.gateway.state.Account;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredDeviceGrants.Approved;
import lib.gateway.state.StoredDeviceGrants.Refused;
import lib.gateway.state.StoredSignIns.SignIn;

/// Exchanges device codes, refresh tokens and client secrets for access tokens.
final class TokenEndpoint {
    /// The lifetime of an access token.
    static final Duration LIFE = Duration.ofHours(1);
    /// The grant type of a device that polls.
    static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
    /// The audience of every access token, whichever one a client asks for: they are valid at this gateway only.
    static final String AUDIENCE = "rpkai-gateway";

    private final GatewayState state;
    private final SigningKeys keys;

    TokenEndpoint(GatewayState state, SigningKeys keys) {
        this.state = state;
        this.keys = keys;
    }

    /// Answers a request for a token.
    ///
    /// @param issuer the gateway's base URL, as the caller knows it
    /// @throws OAuthError if the request is not granted
    ObjectNode token(Form form, ServerRequest request, String issuer) {
        return switch (form.field("grant_type")) {
            case DEVICE_CODE -> granted(approved(form.field("device_code"), form.field("client_id")), issuer);
            case "refresh_token" ->
                granted(
                        state.signIns()
                                .refresh(form.field("refresh_token"), form.field("client_id"))
                                .orElseThrow(() ->
                                        new OAuthError("invalid_grant", "the sign-in has ended: run rpkai auth login")),
                        issuer);
            case "client_credentials" -> {
                var client = form.client(request);
                var account = state.accounts()
                        .signIn(Kind.CLIENT, client[0], client[1])
                        .orElseThrow(() -> new OAuthError("invalid_client", "the client or its secret is wrong"));
                yield answer(accessToken(account, Optional.empty(), issuer));
            }
            default ->
                throw new OAuthError("unsupported_grant_type", "use device_code, refresh_token or client_credentials");
        };
    }

    /// Returns the sign-in of a device that a user has approved.
    ///
    /// @throws OAuthError while no user has, and if none will (RFC 8628, section 3.5)
    private SignIn approved(String deviceCode, String client) {
        return switch (state.deviceGrants().poll(deviceCode, client)) {
            case Approved(var signIn) -> signIn;
            case Refused refused ->
                throw switch (refused) {
                    case PENDING -> new OAuthError("authorization_pending", "the device has not been approved yet");
                    case SLOW_DOWN -> new OAuthError("slow_down", "poll less often");
                    case DENIED -> new OAuthError("access_denied", "the sign-in was denied");
                    case EXPIRED -> new OAuthError("expired_token", "the code has expired");
                    case WRONG_CLIENT -> new OAuthError("invalid_grant", "the code belongs to another client");
                };
        };
    }

    /// Ends the sign-in of a refresh token or of an access token (RFC 7009). Any other token is ignored.
    void revoke(String token) {
        state.signIns().end(token);
        try {
            // The signature needs no check: the id of a sign-in is secret, so that the caller has one of its tokens.
            var claims = SignedJWT.parse(token).getJWTClaimsSet();
            if (claims.getStringClaim("sid") instanceof String id)
                state.signIns().endById(id);
        } catch (ParseException e) {
            // It is not an access token.
        }
    }

    private ObjectNode granted(SignIn signIn, String issuer) {
        return answer(accessToken(signIn.account(), Optional.of(signIn.id()), issuer))
                .put("refresh_token", signIn.refreshToken().reveal())
                .put("scope", "offline_access");
    }

    private static ObjectNode answer(String accessToken) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("access_token", accessToken)
                .put("token_type", "Bearer")
                .put("expires_in", LIFE.toSeconds());
    }

    private String accessToken(Account account, Optional<String> signIn, String issuer) {
        var now = state.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(account.id())
                .audience(AUDIENCE)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFE)))
                // Clients keep one sign-in for each organisation; this one is the gateway itself.
                .claim("org_id", URI.create(issuer).getAuthority().replace(':', '-'));
        claims.claim(account.name().contains("@") ? "email" : "name", account.name());
        signIn.ifPresent(id -> claims.claim("sid", id));
        return keys.sign(claims.build());
    }
}
