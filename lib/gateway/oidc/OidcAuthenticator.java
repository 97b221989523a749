package lib.gateway.oidc;

import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import lib.gateway.access.Authenticator;
import lib.http.Http;

/// Identifies callers by JWTs of a company's own identity provider.
///
///     OidcAuthenticator.of(URI.create("https://idp.example.com"), Set.of("rpkai"), roles, Http.of(host), host.clock())
public final class OidcAuthenticator implements CachingAuthenticator.Check {
    private final JwksCache keys;
    private final TokenVerifier verifier;
    private final RoleRules roles;

    private OidcAuthenticator(JwksCache keys, TokenVerifier verifier, RoleRules roles) {
        this.keys = keys;
        this.verifier = verifier;
        this.roles = roles;
    }

    /// Returns an authenticator for the tokens of that issuer. The issuer is contacted when the first token
    /// arrives, since it may be down when the gateway starts.
    ///
    /// @param issuer the issuer's URL; a slash at its end makes no difference
    /// @param audiences the accepted audiences; a token must name one of them
    public static Authenticator of(URI issuer, Set<String> audiences, RoleRules roles, Http http, InstantSource clock) {
        var provider = new OpenIdProvider(issuer, http);
        var keys = new JwksCache(provider::keys, clock);
        return new CachingAuthenticator(
                new OidcAuthenticator(keys, new TokenVerifier(keys, provider::isNamed, audiences, clock), roles),
                clock);
    }

    @Override
    public Object basis() {
        return keys.current();
    }

    @Override
    public Optional<CachingAuthenticator.Checked> check(String token) {
        return verifier.verify(token)
                .map(claims -> new CachingAuthenticator.Checked(
                        roles.caller(claims).orElseThrow(() -> roles.missing(claims)), TokenVerifier.end(claims)));
    }
}
