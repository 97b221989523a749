package lib.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.mizosoft.methanol.FormBodyPublisher;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.base.Json;
import lib.base.Remedy;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.Cloud;
import lib.http.Http;
import lib.http.Http.Retry;
import lib.http.ProxyVariables;

/// The OAuth 2.0 server that issues tokens: device authorization (RFC 8628), refresh and client credentials (RFC
/// 6749).
///
///     var provider = new IdentityProvider(settings.cloud(), Http.of(host));
///     provider.refresh(refreshToken)
public final class IdentityProvider {
    private static final String NAME = "the identity provider";
    private static final String SCOPE = "openid profile email offline_access";

    /// The time limit for a revocation, so that signing out never takes long.
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final Duration LEAST_LEEWAY = Http.REQUEST_TIMEOUT.multipliedBy(2);
    private static final Set<String> PASSING = Set.of("server_error", "temporarily_unavailable");

    private final Cloud cloud;
    private final Http http;
    private volatile Endpoints known;

    public IdentityProvider(Cloud cloud, Http http) {
        this.cloud = cloud;
        this.http = http;
    }

    /// The endpoints of this provider.
    ///
    /// @param device the endpoint that starts a device grant
    /// @param devicePoll the endpoint that is polled for a device grant's tokens
    /// @param token the endpoint for all other tokens
    /// @param refresh whether a refresh may be sent again if its answer was lost
    private record Endpoints(URI device, URI devicePoll, URI token, Retry refresh) {}

    /// A device grant that waits for the user's confirmation (RFC 8628, section 3.2).
    ///
    /// @param expiresIn the lifetime in seconds
    /// @param interval the time between two polls, in seconds
    record DeviceGrant(
            Secret deviceCode,
            String userCode,
            String verificationUri,
            String completeUri,
            long expiresIn,
            long interval) {}

    /// Starts a device grant.
    DeviceGrant startDeviceGrant() {
        var at = endpoints().device();
        var json = ask(
                at, Map.of("client_id", cloud.clientId(), "scope", SCOPE, "audience", cloud.audience()), Retry.SAFE);
        if (PASSING.contains(json.path("error").asText())) throw notAvailable(at, refusal(json, Map.of()));
        if (json.has("error"))
            throw new UserError(
                    "%s at %s refused to start a sign-in (%s)"
                            .formatted(NAME, host(at), refusal(json, Map.of()).text()),
                    "check client_id and audience in the config file");
        var uri = webPage(json.path("verification_uri")
                .asText(json.path("verification_url").asText()));
        var complete = json.path("verification_uri_complete").asText("");
        return new DeviceGrant(
                new Secret(json.path("device_code").asText()),
                json.path("user_code").asText(),
                uri,
                complete.isEmpty() ? uri : webPage(complete),
                Math.clamp(json.path("expires_in").asLong(900), 0, 86_400),
                json.path("interval").asLong(5));
    }

    /// Asks whether the user has confirmed. `authorization_pending` and `slow_down` come back as
    /// [TokenAnswer.Refused].
    TokenAnswer poll(DeviceGrant grant) {
        return safely(() -> token(
                endpoints().devicePoll(),
                Retry.NEVER,
                Map.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:device_code",
                        "device_code",
                        grant.deviceCode().reveal(),
                        "client_id",
                        cloud.clientId())));
    }

    /// Uses up a refresh token. The request is sent once: a second use of the same token would revoke the whole
    /// family. A gateway's own issuer says that it returns the same new token for a while. There the request is
    /// sent once more if the connection breaks before the answer.
    TokenAnswer refresh(Secret refreshToken) {
        return safely(() -> token(
                endpoints().token(),
                endpoints().refresh(),
                Map.of(
                        "grant_type",
                        "refresh_token",
                        "refresh_token",
                        refreshToken.reveal(),
                        "client_id",
                        cloud.clientId())));
    }

    /// Requests a token by the client credentials grant, which CI uses.
    TokenAnswer clientCredentials(String id, Secret secret) {
        return safely(() -> token(
                endpoints().token(),
                Retry.SAFE,
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        id,
                        "client_secret",
                        secret.reveal(),
                        "audience",
                        cloud.audience())));
    }

    /// Tells the issuer that a sign-in has ended, if the issuer has a revocation endpoint (RFC 7009). The
    /// result is ignored: the token has already been forgotten here.
    void revoke(Secret refreshToken) {
        try {
            var endpoint = discovered(FAREWELL, Retry.NEVER)
                    .path("revocation_endpoint")
                    .asText("");
            if (endpoint.isEmpty()) return;
            var form = Map.of(
                    "token", refreshToken.reveal(), "token_type_hint", "refresh_token", "client_id", cloud.clientId());
            http.send(post(secure(endpoint), form).timeout(FAREWELL).build(), Retry.NEVER, NAME);
        } catch (UserError unheard) {
            // The machine is offline, or the issuer does not support revocation.
        }
    }

    /// The name under which a sign-in is kept.
    String account(AccessToken token) {
        return cloud.account(token.organization());
    }

    String issuer() {
        return Cloud.withoutSlash(cloud.issuer());
    }

    private interface Call {
        TokenAnswer run();
    }

    private static TokenAnswer safely(Call call) {
        try {
            return call.run();
        } catch (UserError e) {
            return new TokenAnswer.Passing(e);
        }
    }

    private TokenAnswer token(URI endpoint, Retry retry, Map<String, String> form) {
        var json = ask(endpoint, form, retry);
        if (json.has("error")) {
            var refusal = refusal(json, form);
            return PASSING.contains(refusal.code())
                    ? new TokenAnswer.Passing(notAvailable(endpoint, refusal))
                    : refusal;
        }
        var token = json.path("access_token").asText("");
        if (token.isEmpty())
            return new TokenAnswer.Passing(
                    new UserError("%s at %s answered without a token".formatted(NAME, host(endpoint)), Remedy.retry()));
        return new TokenAnswer.Granted(
                AccessToken.parse(token),
                Optional.of(json.path("refresh_token").asText(""))
                        .filter(t -> !t.isEmpty())
                        .map(Secret::new));
    }

    private static UserError notAvailable(URI endpoint, TokenAnswer.Refused refusal) {
        return new UserError(
                "%s at %s is not available (%s)".formatted(NAME, host(endpoint), refusal.text()), Remedy.retry());
    }

    /// Builds the refusal without the secret, which a provider may have repeated in its answer.
    private static TokenAnswer.Refused refusal(JsonNode json, Map<String, String> form) {
        var text = json.path("error_description").asText("");
        for (var secret : List.of("refresh_token", "device_code", "client_secret")) {
            if (form.containsKey(secret)) text = text.replace(form.get(secret), Secret.REDACTED);
        }
        return new TokenAnswer.Refused(json.path("error").asText(), text);
    }

    /// The endpoints, looked up once: otherwise a device that polls for minutes would send twice as many
    /// requests.
    private Endpoints endpoints() {
        if (known == null) known = findEndpoints();
        return known;
    }

    private Endpoints findEndpoints() {
        if (cloud.isDefaultIssuer()) {
            var device = secure(cloud.deviceAuthorizationEndpoint());
            return new Endpoints(
                    device, device.resolve("/oauth/token"), URI.create(issuer() + "/oauth/token"), Retry.NEVER);
        }
        var document = discovered(Http.REQUEST_TIMEOUT, Retry.SAFE);
        var token = secure(document.path("token_endpoint").asText(""));
        var device = document.path("device_authorization_endpoint").asText("");
        // Longer than both requests can take.
        var repeatable = document.path("rpkai_refresh_leeway_seconds").asLong() >= LEAST_LEEWAY.toSeconds();
        return new Endpoints(
                device.isEmpty() ? token : secure(device), token, token, repeatable ? Retry.UNANSWERED : Retry.NEVER);
    }

    /// The issuer's own document about its endpoints (OpenID Connect Discovery 1.0).
    private JsonNode discovered(Duration patience, Retry retry) {
        var at = secure(issuer() + "/.well-known/openid-configuration");
        var document =
                read(at, http.send(HttpRequest.newBuilder(at).timeout(patience).build(), retry, NAME));
        if (!Cloud.withoutSlash(document.path("issuer").asText("")).equals(issuer())) {
            throw new UserError(
                    "%s at %s calls itself \"%s\""
                            .formatted(NAME, host(at), document.path("issuer").asText("")),
                    "set cloud.issuer in the config file to that exact name");
        }
        return document;
    }

    private JsonNode ask(URI uri, Map<String, String> fields, Retry retry) {
        return read(uri, http.send(post(uri, fields).build(), retry, NAME));
    }

    private static HttpRequest.Builder post(URI uri, Map<String, String> fields) {
        var form = FormBodyPublisher.newBuilder();
        fields.forEach(form::query);
        return HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(form.build());
    }

    /// Reads the JSON of an answer: a success, or an OAuth error. Any other answer does not come from the
    /// identity provider.
    private static JsonNode read(URI uri, Http.Answer answer) {
        try {
            var json = Json.read(answer.body());
            var oauthError = answer.status() >= 400
                    && answer.status() < 500
                    && answer.status() != 429
                    && json.path("error").isTextual();
            // The issuer itself says that it cannot answer at the moment, and why.
            var passing = answer.status() == 503
                    && PASSING.contains(json.path("error").asText());
            if (json.isObject() && (answer.status() == 200 || oauthError || passing)) return json;
        } catch (JsonProcessingException e) {
            // The error below does not quote the body, which may contain anything.
        }
        var kind = answer.contentType().isEmpty() ? "nothing readable" : answer.contentType();
        throw new UserError(
                "%s at %s answered HTTP %d (%s)".formatted(NAME, host(uri), answer.status(), kind),
                answer.isPassing()
                        ? Remedy.retry()
                        : Remedy.advice("check cloud.issuer in the config file and the proxy settings"));
    }

    /// Checks the URL: tokens travel only by TLS, or within this machine.
    private static URI secure(String url) {
        try {
            var uri = new URI(url.strip());
            var local = uri.getHost() != null && ProxyVariables.isLoopback(uri.getHost());
            var https = uri.getHost() != null && "https".equals(uri.getScheme());
            if (uri.getRawUserInfo() == null && (https || "http".equals(uri.getScheme()) && local)) return uri;
        } catch (URISyntaxException e) {
            // The error below reports it.
        }
        throw new UserError(
                "%s names the endpoint \"%s\", which is not HTTPS or contains a password"
                        .formatted(NAME, url.replaceAll("//[^/]*@", "//")),
                "check cloud.issuer in the config file");
    }

    /// Checks a page that may be shown and opened. Only web pages are accepted, so that a server can't start a
    /// program.
    private static String webPage(String url) {
        if (url.matches("https?://[!-~]+")) return url;
        throw new UserError(
                NAME + " named no page for confirming the sign-in", "check cloud.issuer in the config file");
    }

    private static String host(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
