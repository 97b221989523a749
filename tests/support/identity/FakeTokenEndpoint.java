package tests.support.identity;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tests.support.TestJson;
import tests.support.upstream.Recorded;
import tests.support.upstream.Reply;

/// The token endpoint and the device authorization endpoint.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5">RFC 6749, section 5</a>, and RFC 8628
final class FakeTokenEndpoint {

    static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

    private final String issuer;
    private final AccessTokens access;
    final DeviceCodes devices;
    final RefreshTokens refreshTokens = new RefreshTokens();
    final AtomicInteger deviceGrants = new AtomicInteger();
    final AtomicInteger refreshes = new AtomicInteger();
    final AtomicInteger clientCredentials = new AtomicInteger();

    volatile String client = "ehNhbNUwjPIWUinE2b7njFyE4VBrxXZm";
    volatile String audience = "cloudv2-production.redpanda.cloud";
    volatile String serviceAccount = "service-account";
    volatile String serviceSecret = "service-account-secret";
    volatile AccessTokens.Person person =
            new AccessTokens.Person("auth0|ada", Optional.of("ada@example.com"), "org_123");

    FakeTokenEndpoint(String issuer, AccessTokens access) {
        this.issuer = issuer;
        this.access = access;
        this.devices = new DeviceCodes(access::now);
    }

    Reply authorizeDevice(Recorded call) {
        try {
            var form = PostedForm.of(call);
            requireClient(form);
            var requested = devices.begin(
                    client, audience(form), form.get("scope").orElse(""), form.hasScope("offline_access"));
            var page = issuer.replaceAll("/$", "") + "/activate";
            return Reply.json(
                            200,
                            TestJson.object()
                                    .put("device_code", requested.deviceCode())
                                    .put("user_code", requested.userCode())
                                    .put("verification_uri", page)
                                    .put("verification_uri_complete", page + "?user_code=" + requested.userCode())
                                    .put("expires_in", devices.lifetimeSeconds())
                                    .put("interval", devices.interval()))
                    .header("Cache-Control", "no-store");
        } catch (FakeOAuthError e) {
            return e.reply();
        }
    }

    Reply token(Recorded call) {
        try {
            var form = PostedForm.of(call);
            return switch (form.require("grant_type")) {
                case DEVICE_CODE -> deviceGrant(form);
                case "refresh_token" -> refresh(form);
                case "client_credentials" -> clientCredentials(form);
                case String other -> throw new FakeOAuthError(400, "unsupported_grant_type", other);
            };
        } catch (FakeOAuthError e) {
            return e.reply();
        }
    }

    /// Revokes the sign-in of a refresh token (RFC 7009).
    Reply revoke(Recorded call) {
        try {
            var form = PostedForm.of(call);
            requireClient(form);
            refreshTokens.revoke(form.require("token"));
            return Reply.json(200, TestJson.object());
        } catch (FakeOAuthError e) {
            return e.reply();
        }
    }

    /// A sign-in without the flow.
    IssuedTokens signIn() {
        var token = access.issue(issuer, audience, person);
        var grant = new RefreshTokens.Grant(client, audience, "offline_access", person);
        return new IssuedTokens(token, refreshTokens.begin(grant), access.expiry(token));
    }

    private Reply deviceGrant(PostedForm form) {
        requireClient(form);
        var asked = devices.poll(form.require("device_code"), client);
        deviceGrants.incrementAndGet();
        var grant = new RefreshTokens.Grant(asked.client(), asked.audience(), asked.scope(), person);
        return answer(grant, asked.offline() ? Optional.of(refreshTokens.begin(grant)) : Optional.empty());
    }

    private Reply refresh(PostedForm form) {
        requireClient(form);
        var rotated = refreshTokens.rotate(form.require("refresh_token"), client);
        refreshes.incrementAndGet();
        return answer(rotated.grant(), Optional.of(rotated.next()));
    }

    private Reply clientCredentials(PostedForm form) {
        var id = form.require("client_id");
        if (!id.equals(serviceAccount) || !form.get("client_secret").orElse("").equals(serviceSecret)) {
            throw FakeOAuthError.invalidClient();
        }
        var asked = audience(form);
        clientCredentials.incrementAndGet();
        var itself = new AccessTokens.Person(id + "@clients", Optional.empty(), person.organization());
        return answer(new RefreshTokens.Grant(id, asked, form.get("scope").orElse(""), itself), Optional.empty());
    }

    private Reply answer(RefreshTokens.Grant grant, Optional<String> refreshToken) {
        var body = TestJson.object()
                .put("access_token", access.issue(issuer, grant.audience(), grant.person()))
                .put("token_type", "Bearer")
                .put("expires_in", access.lifetime.toSeconds());
        refreshToken.ifPresent(token -> body.put("refresh_token", token));
        if (!grant.scope().isEmpty()) {
            body.put("scope", Stream.of(grant.scope().split(" ")).distinct().collect(Collectors.joining(" ")));
        }
        return Reply.json(200, body).header("Cache-Control", "no-store").header("Pragma", "no-cache");
    }

    private void requireClient(PostedForm form) {
        if (!form.require("client_id").equals(client)) {
            throw FakeOAuthError.invalidClient();
        }
    }

    private String audience(PostedForm form) {
        var asked = form.require("audience");
        if (!asked.equals(audience)) {
            throw FakeOAuthError.invalidRequest("unknown audience: " + asked);
        }
        return asked;
    }
}
