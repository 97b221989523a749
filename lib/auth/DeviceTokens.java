package lib.auth;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import lib.base.ErrorCode;
import lib.base.Remedy;
import lib.base.Secret;
import lib.base.Trace;
import lib.base.UserError;

/// The cached sign-in of `rpkai auth login`, renewed by its refresh token.
///
///     new DeviceTokens(store, Optional.of("org_123"), identityProvider, clock, System.err::println).atLeast(leeway)
///
/// @param organization whose; empty for that of the latest sign-in
/// @param trace told why a token was refreshed or not
record DeviceTokens(
        CredentialStore store,
        Optional<String> organization,
        IdentityProvider identityProvider,
        InstantSource clock,
        Consumer<String> warn,
        Trace trace)
        implements Tokens {

    @Override
    public Optional<AccessToken> atLeast(Duration leeway) {
        return Optional.of(fresh(
                token -> token.outlives(clock.instant().plus(token.window(leeway))),
                "it is to be good for another %d s".formatted(leeway.toSeconds())));
    }

    @Override
    public Optional<AccessToken> replacing(AccessToken refused) {
        return Optional.of(fresh(
                token -> token.outlives(clock.instant()) && !token.value().equals(refused.value()),
                "the gateway refused the one before"));
    }

    @Override
    public boolean renewable() {
        return true;
    }

    private AccessToken fresh(Predicate<AccessToken> goodEnough, String why) {
        var cached = current().token();
        if (goodEnough.test(cached)) {
            trace.say(() -> "gateway token: the cached one%s, not refreshed".formatted(cached.trace()));
            return cached;
        }
        return store.exclusively(() -> {
            // Whoever held the lock before us has most likely refreshed already.
            var credentials = current();
            if (goodEnough.test(credentials.token())) {
                trace.say(() -> "gateway token: another process has refreshed it,%s"
                        .formatted(credentials.token().trace()));
                return credentials.token();
            }
            trace.say(() -> "gateway token: the cached one of %s%s is refreshed: %s"
                    .formatted(credentials.organization(), credentials.token().trace(), why));
            return ShutdownGuard.run(() -> refresh(credentials));
        });
    }

    private AccessToken refresh(Credentials credentials) throws IOException {
        var refreshToken = refreshTokenOf(credentials);
        store.checkWritable();
        return switch (identityProvider.refresh(refreshToken)) {
            case TokenAnswer.Granted granted -> {
                store.save(credentials.renewed(granted));
                trace.say(() ->
                        "gateway token: refreshed,%s".formatted(granted.token().trace()));
                yield usable(granted.token());
            }
            case TokenAnswer.Refused refused ->
                throw new SignedOut(
                        "the sign-in to %s has ended: %s".formatted(credentials.organization(), refused.text()));
            case TokenAnswer.Passing passing -> {
                if (!credentials.token().outlives(clock.instant())) throw passing.error();
                warn.accept("the gateway token could not be refreshed and is used while it lasts: "
                        + passing.error().getMessage());
                yield credentials.token();
            }
        };
    }

    private AccessToken usable(AccessToken token) {
        if (token.outlives(clock.instant())) return token;
        throw new UserError(
                ErrorCode.WRONG_CLOCK,
                "the identity provider issued a token that has expired already",
                Remedy.advice("check this machine's clock"));
    }

    private Credentials current() {
        var credentials = organization
                .map(store::read)
                .orElseGet(store::latest)
                .orElseThrow(() -> new SignedOut(
                        organization.map(org -> "not signed in to " + org).orElse("not signed in")));
        // A variable or a profile may name another issuer: neither that one nor its gateway may see these tokens.
        if (!credentials.issuer().equals(identityProvider.issuer())) {
            throw new SignedOut(
                    "signed in at %s, but %s is configured".formatted(credentials.issuer(), identityProvider.issuer()));
        }
        return credentials;
    }

    private static Secret refreshTokenOf(Credentials credentials) {
        return credentials
                .refreshToken()
                .orElseThrow(
                        () -> new SignedOut("the sign-in to %s has expired".formatted(credentials.organization())));
    }
}
