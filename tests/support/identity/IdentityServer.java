package tests.support.identity;

import java.util.List;
import java.util.Optional;
import tests.support.Faults;
import tests.support.Loopback;
import tests.support.TestJson;
import tests.support.gateway.ControlPlane;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.identity.FakeIdentityProvider.Endpoint;
import tests.support.upstream.Recorded;
import tests.support.upstream.Reply;

/// Which request of the identity provider goes where.
final class IdentityServer {

    final Loopback server;
    final String issuer;
    final AccessTokens access;
    final FakeTokenEndpoint tokens;
    final ControlPlane controlPlane;
    final Faults<Endpoint> faults = new Faults<>();

    private final String base;
    private final JwtSigner signer;

    IdentityServer(String path, Algorithm algorithm) {
        signer = new JwtSigner(algorithm);
        access = new AccessTokens(signer);
        controlPlane = new ControlPlane(access);
        server = new Loopback(this::answer);
        issuer = server.url() + path;
        base = path.replaceAll("/$", "");
        tokens = new FakeTokenEndpoint(issuer, access);
    }

    String under(String path) {
        return server.url() + base + path;
    }

    List<Recorded> tokenCalls(String grantType) {
        return server.requests().stream()
                .filter(call -> call.path().equals(base + "/oauth2/token"))
                .filter(call -> grant(call).equals(Optional.of(grantType)))
                .toList();
    }

    private static Optional<String> grant(Recorded call) {
        try {
            return PostedForm.of(call).get("grant_type");
        } catch (FakeOAuthError e) {
            return Optional.empty();
        }
    }

    private Reply answer(Recorded call) {
        var path = call.path();
        if (path.equals("/v1/clusters")) {
            return faults.around(Endpoint.CLUSTERS, () -> controlPlane.answer(call));
        }
        return switch (path.startsWith(base) ? path.substring(base.length()) : "") {
            case "/.well-known/openid-configuration" -> faults.around(Endpoint.DISCOVERY, this::discovery);
            case "/.well-known/jwks.json" -> faults.around(Endpoint.JWKS, () -> Reply.json(200, signer.jwks()));
            case "/oauth2/device_authorization" ->
                faults.around(Endpoint.DEVICE_AUTHORIZATION, () -> tokens.authorizeDevice(call));
            case "/oauth2/token" -> faults.around(Endpoint.TOKEN, () -> tokens.token(call));
            case "/oauth2/revoke" -> tokens.revoke(call);
            case "/activate" -> Reply.of(200, "text/html", "<h1>Enter your code</h1>");
            default -> Reply.of(404, "text/plain", "not found: " + path);
        };
    }

    private Reply discovery() {
        var document = TestJson.object()
                .put("issuer", issuer)
                .put("authorization_endpoint", under("/authorize"))
                .put("device_authorization_endpoint", under("/oauth2/device_authorization"))
                .put("token_endpoint", under("/oauth2/token"))
                .put("revocation_endpoint", under("/oauth2/revoke"))
                .put("jwks_uri", under("/.well-known/jwks.json"));
        document.putArray("grant_types_supported")
                .add(FakeTokenEndpoint.DEVICE_CODE)
                .add("refresh_token")
                .add("client_credentials");
        document.putArray("response_types_supported").add("code");
        document.putArray("token_endpoint_auth_methods_supported").add("none").add("client_secret_post");
        return Reply.json(200, document);
    }
}
