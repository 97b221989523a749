package lib.gateway.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import lib.database.StoreFull;
import lib.gateway.access.Authenticator;
import lib.gateway.exchange.ExtraRoutes;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.oidc.CachingAuthenticator;
import lib.gateway.oidc.ProtectedResourceMetadata;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateUnavailable;
import lib.gateway.state.StoredDeviceGrants;
import lib.gateway.state.StoredSignIns;
import lib.http.ProxyVariables;

/// The gateway's own issuer, for a team without an identity provider: discovery, device authorization with its
/// page, tokens, keys and revocation. Everything that it knows is in the gateway's state, so that any gateway on
/// the same state can answer the next request of a sign-in.
///
///     var issuer = new Issuer(state, front);
///     config.withPublicEndpoint(front.showing(issuer)) … issuer.callers()
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8414">RFC 8414, authorization server metadata</a>
public final class Issuer implements ExtraRoutes {
    private static final HeaderName SEC_FETCH_SITE = HeaderNames.create("sec-fetch-site");
    private static final int FIELD = 256;

    private final GatewayState state;
    private final PublicEndpoint front;
    private final SigningKeys keys;
    private final StoredDeviceGrants grants;
    private final TokenEndpoint tokens;
    /// How often one sender may start a sign-in, and ask for its tokens. Both read the database.
    private final SenderRate starts;
    private final SenderRate polls;
    private final ProtectedResourceMetadata place;

    /// @throws lib.base.UserError if its keys cannot be used
    public Issuer(GatewayState state, PublicEndpoint front) {
        this.state = state;
        this.front = front;
        keys = SigningKeys.in(state.signingKeys(), state.clock());
        grants = state.deviceGrants();
        starts = new SenderRate(200, Duration.ofMillis(200), state.clock());
        polls = new SenderRate(200, Duration.ofMillis(20), state.clock());
        tokens = new TokenEndpoint(state, keys);
        place = new ProtectedResourceMetadata(front, Optional.empty(), TokenEndpoint.AUDIENCE, Optional.of("rpkai"));
    }

    /// Replaces the key that signs tokens, at all gateways on that state. Tokens that were signed before stay valid
    /// until they expire.
    ///
    /// @return false if there is no key yet
    public static boolean replaceSigningKey(GatewayState state) {
        return SigningKeys.replace(state.signingKeys(), state.clock());
    }

    /// Returns the check of the tokens that it issues.
    public Authenticator callers() {
        return new CachingAuthenticator(new BuiltinAuthenticator(state, keys, this::isOwn), state.clock());
    }

    @Override
    public boolean serve(ServerRequest request, ServerResponse response) {
        var call = request.prologue().method().text() + " "
                + request.prologue().uriPath().rawPath();
        try {
            switch (call) {
                case "GET /.well-known/openid-configuration", "GET /.well-known/oauth-authorization-server" ->
                    json(response, 200, metadata(base(request)));
                case "GET /oauth/keys" -> send(response, 200, keys.published());
                case "POST /oauth/device/code" ->
                    json(response, 200, device(Form.posted(request), base(request), front.sender(request)));
                case "POST /oauth/token" -> json(response, 200, token(Form.posted(request), request));
                case "POST /oauth/revoke" -> {
                    tokens.revoke(Form.posted(request).field("token"));
                    json(response, 200, JsonNodeFactory.instance.objectNode());
                }
                case "GET /device" ->
                    ApprovalPage.form(
                            response,
                            200,
                            base(request),
                            cut(Form.query(request).field("user_code")),
                            "",
                            "");
                case "POST /device" -> decide(request, response);
                default -> {
                    return place.serve(request, response);
                }
            }
        } catch (OAuthError error) {
            json(response, error.status(), error.json());
        } catch (StateUnavailable away) {
            unavailable(response, away.forCallers());
        } catch (StoreFull full) {
            unavailable(response, "the gateway's disk is full: tell its administrator");
        }
        return true;
    }

    /// Answers so that clients keep their refresh token and try again.
    private static void unavailable(ServerResponse response, String why) {
        var error = new OAuthError(OAuthError.TEMPORARILY_UNAVAILABLE, why);
        response.header(HeaderNames.RETRY_AFTER, Long.toString(StateUnavailable.RETRY_AFTER.toSeconds()));
        json(response, error.status(), error.json());
    }

    private static ObjectNode metadata(String base) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("issuer", base)
                .put("jwks_uri", base + "/oauth/keys")
                .put("token_endpoint", base + "/oauth/token")
                .put("device_authorization_endpoint", base + "/oauth/device/code")
                .put("revocation_endpoint", base + "/oauth/revoke")
                // A client of rpkai may send a refresh again for so long, if it got no answer.
                .put("rpkai_refresh_leeway_seconds", StoredSignIns.LEEWAY.toSeconds());
        json.putArray("grant_types_supported")
                .add("urn:ietf:params:oauth:grant-type:device_code")
                .add("refresh_token")
                .add("client_credentials");
        json.putArray("token_endpoint_auth_methods_supported")
                .add("none")
                .add("client_secret_post")
                .add("client_secret_basic");
        json.putArray("scopes_supported").add("openid").add("email").add("offline_access");
        json.putArray("response_types_supported");
        json.putArray("subject_types_supported").add("public");
        json.putArray("id_token_signing_alg_values_supported").add("ES256");
        return json;
    }

    private ObjectNode token(Form form, ServerRequest request) {
        if (form.field("grant_type").equals(TokenEndpoint.DEVICE_CODE) && !polls.allows(front.sender(request)))
            throw new OAuthError("slow_down", "too many devices poll from this address");
        return tokens.token(form, request, base(request));
    }

    private ObjectNode device(Form form, String base, String sender) {
        if (!starts.allows(sender))
            throw new OAuthError(
                    OAuthError.TEMPORARILY_UNAVAILABLE,
                    "too many sign-ins were started from this address: try again in a minute");
        if (form.field("client_id").isEmpty()) throw new OAuthError("invalid_request", "client_id is missing");
        var grant = grants.start(cut(form.field("client_id")), sender);
        return JsonNodeFactory.instance
                .objectNode()
                .put("device_code", grant.deviceCode().reveal())
                .put("user_code", grant.userCode())
                .put("verification_uri", base + "/device")
                .put("verification_uri_complete", base + "/device?user_code=" + grant.userCode())
                .put("expires_in", StoredDeviceGrants.LIFE.toSeconds())
                .put("interval", StoredDeviceGrants.INTERVAL.toSeconds());
    }

    /// Answers the form of the approval page. The user types the key with each approval: without a session,
    /// another site has none to use.
    private void decide(ServerRequest request, ServerResponse response) {
        var base = base(request);
        try {
            decide(request, response, base);
        } catch (StateUnavailable away) {
            response.header(HeaderNames.RETRY_AFTER, Long.toString(StateUnavailable.RETRY_AFTER.toSeconds()));
            ApprovalPage.outcome(
                    response,
                    503,
                    "Not available",
                    "The gateway's database does not answer, so your answer was not stored. Go back and try again in a "
                            + "minute. If it lasts, tell the gateway's administrator.");
        }
    }

    private void decide(ServerRequest request, ServerResponse response, String base) {
        if (!isSameOrigin(request, base)) {
            ApprovalPage.outcome(
                    response,
                    403,
                    "Form refused",
                    "Another page sent this form. Open the address that your terminal shows.");
            return;
        }
        var form = Form.posted(request);
        var code = cut(form.field("user_code"));
        var name = cut(form.field("name").strip());
        if (!grants.isWaiting(code)) {
            ApprovalPage.form(
                    response,
                    400,
                    base,
                    code,
                    name,
                    "There is no pending sign-in with this code. It may have expired: start again "
                            + "in the terminal.");
        } else if (form.field("decision").equals("deny")) {
            grants.decide(code, Optional.empty());
            ApprovalPage.outcome(response, 200, "Denied", "The device did not get access. You can close this window.");
        } else {
            var account =
                    state.accounts().signIn(Kind.USER, name, form.field("key").strip());
            if (account.isEmpty()) ApprovalPage.form(response, 403, base, code, name, "The name or the key is wrong.");
            else if (grants.decide(code, account))
                ApprovalPage.outcome(response, 200, "Approved", "Go back to your terminal. You can close this window.");
            else ApprovalPage.outcome(response, 400, "Expired", "Start again in the terminal.");
        }
    }

    private static boolean isSameOrigin(ServerRequest request, String base) {
        var own = URI.create(base).getScheme() + "://" + URI.create(base).getRawAuthority();
        return request.headers().all(HeaderNames.ORIGIN, List::of).stream().allMatch(own::equalsIgnoreCase)
                && request.headers().all(SEC_FETCH_SITE, List::of).stream().allMatch("same-origin"::equals);
    }

    /// Returns the gateway's URL for this caller. Without `--public-url` only a loopback name is accepted,
    /// because anyone can send any `Host`.
    ///
    /// @throws OAuthError if the gateway does not have that URL
    private String base(ServerRequest request) {
        var base = front.baseUrl(request);
        try {
            if (isOwn(URI.create(base))) return base;
        } catch (IllegalArgumentException e) {
            // The error below reports it.
        }
        throw new OAuthError(
                "invalid_request",
                "the gateway does not have this address: its administrator can set it with --public-url");
    }

    private boolean isOwn(URI url) {
        return front.publicUrl()
                .map(url::equals)
                .orElseGet(() -> front.scheme().equals(url.getScheme())
                        && url.getHost() != null
                        && ProxyVariables.isLoopback(url.getHost())
                        && url.getRawUserInfo() == null);
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(FIELD, text.length()));
    }

    private static void json(ServerResponse response, int status, JsonNode json) {
        send(response, status, json.toString());
    }

    private static void send(ServerResponse response, int status, String json) {
        if (status == 401) response.header(HeaderNames.WWW_AUTHENTICATE, "Basic realm=\"rpkai\"");
        response.status(Status.create(status))
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .send(json.getBytes(StandardCharsets.UTF_8));
    }
}
