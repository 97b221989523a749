package tests.support.identity;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tests.support.Fault;
import tests.support.gateway.ControlPlane;
import tests.support.upstream.Recorded;

/// An identity provider and the control plane behind it, on loopback, strict about what the wire page says.
///
///     try (var idp = FakeIdentityProvider.start()) {
///         idp.controlPlane().clusters(Cluster.ready("cl-abc", "prod", gateway.url()));
///         idp.devices().interval(0).approveAfter(1);
///         var run = rpkai(Map.of("RPAI_ISSUER", idp.issuer(), "RPAI_CLOUD_API_URL", idp.apiUrl()), "auth", "login");
///         assertEquals(0, run.exitCode());
///         assertEquals(1, idp.deviceGrants());
///     }
///
/// Everything can be set at any time, also while requests are under way. By default the client id and the
/// audience are the cloud's, the user is `ada@example.com` of `org_123`, and nothing is approved until the test
/// says so.
public final class FakeIdentityProvider implements AutoCloseable {

    /// The algorithms that sign access tokens.
    public enum Algorithm {
        RS256,
        ES256
    }

    /// The endpoints that can be made to fail.
    public enum Endpoint {
        DISCOVERY,
        JWKS,
        DEVICE_AUTHORIZATION,
        TOKEN,
        CLUSTERS
    }

    private final IdentityServer idp;

    private FakeIdentityProvider(IdentityServer idp) {
        this.idp = idp;
    }

    /// An issuer without a path, signing with RS256.
    public static FakeIdentityProvider start() {
        return start("", Algorithm.RS256);
    }

    /// An issuer with this path, such as `/`, `/tenant` or `/tenant/`.
    public static FakeIdentityProvider start(String path, Algorithm algorithm) {
        return new FakeIdentityProvider(new IdentityServer(path, algorithm));
    }

    /// The issuer exactly as its discovery document and its tokens spell it.
    public String issuer() {
        return idp.issuer;
    }

    /// The control plane's base URL.
    public String apiUrl() {
        return idp.server.url();
    }

    /// The device authorization endpoint, which is not where the cloud has it.
    public String deviceAuthorizationEndpoint() {
        return idp.under("/oauth2/device_authorization");
    }

    /// The token endpoint, which is not where the cloud has it.
    public String tokenEndpoint() {
        return idp.under("/oauth2/token");
    }

    /// The device flow: who approves, when, and how fast a device may ask.
    public DeviceCodes devices() {
        return idp.tokens.devices;
    }

    /// Returns the control plane at [#apiUrl].
    public ControlPlane controlPlane() {
        return idp.controlPlane;
    }

    /// The clock for issue, expiry and polls; the system's by default.
    public FakeIdentityProvider clock(InstantSource clock) {
        idp.access.clock = clock;
        return this;
    }

    /// Sets the lifetime of access tokens issued from now on; zero or less gives expired ones. One hour by
    /// default.
    public FakeIdentityProvider lifetime(Duration lifetime) {
        idp.access.lifetime = lifetime;
        return this;
    }

    /// Changes the claims of the access tokens issued from now on: a copy without `email`, another claim for the
    /// organisation.
    public FakeIdentityProvider claims(UnaryOperator<Map<String, Object>> change) {
        idp.access.claims = change;
        return this;
    }

    /// The public client and the audience that are known.
    public FakeIdentityProvider client(String id, String audience) {
        idp.tokens.client = id;
        idp.tokens.audience = audience;
        return this;
    }

    /// The service account that is known.
    public FakeIdentityProvider serviceAccount(String id, String secret) {
        idp.tokens.serviceAccount = id;
        idp.tokens.serviceSecret = secret;
        return this;
    }

    /// Sets the user who signs in from now on; earlier grants keep their user.
    public FakeIdentityProvider user(String email, String organization) {
        idp.tokens.person = new AccessTokens.Person("auth0|" + email, Optional.of(email), organization);
        return this;
    }

    /// The next `calls` calls of that endpoint meet this fault, after those that were asked for before.
    public void fail(Endpoint endpoint, int calls, Fault fault) {
        idp.faults.next(endpoint, calls, fault);
    }

    /// Every call of that endpoint meets this fault, until [#clearFaults].
    public void failAlways(Endpoint endpoint, Fault fault) {
        idp.faults.always(endpoint, fault);
    }

    /// Removes every fault.
    public void clearFaults() {
        idp.faults.clear();
    }

    /// A sign-in without the flow, for tests that start signed in; no counter moves.
    public IssuedTokens signIn() {
        return idp.tokens.signIn();
    }

    /// Every token so far is refused from now on, access tokens too.
    public void revokeAll() {
        idp.access.revokeAll();
        idp.tokens.refreshTokens.revokeAll();
    }

    /// Rejects every access token issued so far, although it looks valid; refreshing still works.
    public void revokeAccessTokens() {
        idp.access.revokeAll();
    }

    /// Whether this access token has a good signature, is not expired by the clock and not revoked.
    public boolean isValid(String accessToken) {
        return idp.access.isValid(accessToken);
    }

    /// Whether this refresh token would give another token.
    public boolean renews(String refreshToken) {
        return idp.tokens.refreshTokens.isGood(refreshToken);
    }

    /// Whether this very access token was issued here.
    public boolean issued(String accessToken) {
        return idp.access.issued(accessToken);
    }

    /// Returns the number of refreshes that gave a token.
    public int refreshes() {
        return idp.tokens.refreshes.get();
    }

    /// Returns the number of device codes that gave a token.
    public int deviceGrants() {
        return idp.tokens.deviceGrants.get();
    }

    /// Returns the number of client credentials that gave a token.
    public int clientCredentialGrants() {
        return idp.tokens.clientCredentials.get();
    }

    /// Returns how often a used refresh token was presented again.
    public int reuseDetected() {
        return idp.tokens.refreshTokens.reuses();
    }

    /// Every request so far, in order, refused ones and faults included.
    public List<Recorded> requests() {
        return idp.server.requests();
    }

    /// The requests so far for this grant: `refresh_token`, `client_credentials` or the device code's URN.
    public List<Recorded> tokenCalls(String grantType) {
        return idp.tokenCalls(grantType);
    }

    /// Waits until `n` requests in all have come.
    public List<Recorded> await(int n, Duration limit) {
        return idp.server.await(n, _ -> true, limit);
    }

    @Override
    public void close() {
        idp.server.close();
    }
}
