package lib.gateway.oidc;

import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import lib.gateway.access.Authenticator;
import lib.http.Http;

/// Callers who show a JWT of the company's own issuer.
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

    /// The check of that issuer's tokens. The issuer is asked with the first of them: it may be down when the
    /// gateway starts.
    ///
    /// @param issuer its URL, as its discovery document spells it but for a slash at the end
    /// @param audiences of which a token has to name one
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
