package lib.auth;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import lib.base.ErrorCode;
import lib.base.Remedy;
import lib.base.Secret;
import lib.base.Trace;
import lib.base.UserError;

/// The cached sign-in of `rpkai auth login`, renewed by its refresh token.
///
///     new DeviceTokens(store, Optional.of("org_123"), identityProvider, clock, System.err::println).atLeast(leeway)
///
/// @param organization the organisation of the sign-in; empty for the latest sign-in
/// @param trace the debug log, which gets the reason for or against each refresh
record DeviceTokens(
        CredentialStore store,
        Optional<String> organization,
        IdentityProvider identityProvider,
        InstantSource clock,
        Consumer<String> warn,
        Trace trace)
        implements RefreshedTokens {

    @Override
    public boolean renewable() {
        return true;
    }

    /// Between the provider's answer and the write, the only good refresh token is in this process's memory.
    @Override
    public AccessToken refresh(Optional<Credentials> old) throws IOException {
        return ShutdownGuard.run(() -> refresh(old.orElseThrow()));
    }

    private AccessToken refresh(Credentials credentials) throws IOException {
        var refreshToken = refreshTokenOf(credentials);
        store.checkWritable();
        return switch (identityProvider.refresh(refreshToken)) {
            case TokenAnswer.Granted granted -> {
                store.save(credentials.renewed(granted));
                trace.log(() ->
                        "gateway token: refreshed,%s".formatted(granted.token().trace()));
                yield usable(granted.token());
            }
            case TokenAnswer.Refused refused ->
                throw new SignedOut(
                        "the sign-in to %s has ended: %s".formatted(credentials.organization(), refused.text()));
            case TokenAnswer.Passing passing -> whileItLasts(Optional.of(credentials), passing);
        };
    }

    private AccessToken usable(AccessToken token) {
        if (token.outlives(clock.instant())) return token;
        throw new UserError(
                ErrorCode.WRONG_CLOCK,
                "the identity provider issued a token that has already expired",
                Remedy.advice("check this machine's clock"));
    }

    @Override
    public Optional<Credentials> cached() {
        var credentials = organization
                .map(store::read)
                .orElseGet(store::latest)
                .orElseThrow(() -> new SignedOut(
                        organization.map(org -> "not signed in to " + org).orElse("not signed in")));
        // A variable or a profile may name another issuer. Neither that issuer nor its gateway may see these
        // tokens.
        if (!credentials.issuer().equals(identityProvider.issuer())) {
            throw new SignedOut(
                    "signed in at %s, but %s is configured".formatted(credentials.issuer(), identityProvider.issuer()));
        }
        return Optional.of(credentials);
    }

    private static Secret refreshTokenOf(Credentials credentials) {
        return credentials
                .refreshToken()
                .orElseThrow(
                        () -> new SignedOut("the sign-in to %s has expired".formatted(credentials.organization())));
    }
}
