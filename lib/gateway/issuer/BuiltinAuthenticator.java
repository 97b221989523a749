package lib.gateway.issuer;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.text.ParseException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import lib.gateway.oidc.CachingAuthenticator;
import lib.gateway.oidc.TokenVerifier;
import lib.gateway.state.Account;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredAccounts.Access;

/// Checks the tokens of the gateway's own issuer. A user who was removed, signed out or given another role loses
/// access or gets the role within a second, at every gateway on the state, whatever the token says.
final class BuiltinAuthenticator implements CachingAuthenticator.Check {
    private final GatewayState state;
    private final SigningKeys keys;
    private final TokenVerifier verifier;
    private volatile Basis basis;

    private record Basis(Access access, Object keys) {}

    /// @param issuers tells whether a URL is one of the gateway's
    BuiltinAuthenticator(GatewayState state, SigningKeys keys, Predicate<URI> issuers) {
        this.state = state;
        this.keys = keys;
        this.verifier = new TokenVerifier(
                keys, name -> issuers.test(URI.create(name)), Set.of(TokenEndpoint.AUDIENCE), state.clock());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // both are compared by identity
    public Object basis() {
        var access = state.accounts().access();
        var present = keys.basis();
        var last = basis;
        if (last != null && last.access == access && last.keys == present) return last;
        var next = new Basis(access, present);
        basis = next;
        return next;
    }

    @Override
    public Optional<CachingAuthenticator.Checked> check(String token) {
        // Checking a signature takes milliseconds, and anyone may ask for it. Only callers who have had a token know
        // the id of an account.
        if (account(token).isEmpty()) return Optional.empty();
        return verifier.verify(token)
                .flatMap(claims -> account(claims)
                        .map(account -> new CachingAuthenticator.Checked(
                                account.caller(), claims.getExpirationTime().toInstant())));
    }

    private Optional<Account> account(String unverified) {
        try {
            return account(SignedJWT.parse(unverified).getJWTClaimsSet());
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    /// Returns the account of a token, if it has access.
    private Optional<Account> account(JWTClaimsSet claims) {
        if (!(claims.getSubject() instanceof String subject)) return Optional.empty();
        var known = state.accounts().access();
        // Someone who was added a moment ago may have a token already.
        var access =
                known.accounts().containsKey(subject) ? known : state.accounts().accessOfNewcomers();
        var isEnded =
                claims.getClaim("sid") instanceof String id && access.ended().contains(id);
        return Optional.ofNullable(access.accounts().get(subject)).filter(_ -> !isEnded);
    }
}
