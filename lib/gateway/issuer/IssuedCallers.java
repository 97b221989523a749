package lib.gateway.issuer;

import java.net.URI;
import java.text.ParseException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import lib.gateway.oidc.CheckedTokens;
import lib.gateway.oidc.TokenVerifier;
import lib.gateway.state.GatewayState;

/// Callers with a token of the gateway's own issuer. Who was removed, signed out or given another role is so within a
/// second, whatever their token says.
final class IssuedCallers implements CheckedTokens.Check {
    private final GatewayState state;
    private final TokenVerifier verifier;

    /// @param issuers whether a URL is one of the gateway's
    IssuedCallers(GatewayState state, SigningKeys keys, Predicate<URI> issuers) {
        this.state = state;
        this.verifier = new TokenVerifier(keys, name -> issuers.test(URI.create(name)), Set.of(TokenEndpoint.AUDIENCE), state.clock());
    }

    @Override
    public Object basis() {
        return state.accounts().access();
    }

    @Override
    public Optional<CheckedTokens.Checked> check(String token) {
        return verifier.verify(token).flatMap(claims -> {
            var known = state.accounts().access();
            // Who was let in a moment ago may have a token already.
            var access = known.accounts().containsKey(claims.getSubject()) ? known : state.accounts().latestAccess();
            try {
                if (claims.getStringClaim("sid") instanceof String id && access.ended().contains(id)) return Optional.empty();
            } catch (ParseException e) {
                return Optional.empty();
            }
            return Optional.ofNullable(access.accounts().get(claims.getSubject()))
                    .map(account -> new CheckedTokens.Checked(account.caller(), claims.getExpirationTime().toInstant()));
        });
    }
}
