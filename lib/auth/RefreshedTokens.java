package lib.auth;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import lib.base.Trace;

/// Tokens that are cached in the credentials file and refreshed under its lock. However many processes ask, the
/// token is refreshed at most once.
sealed interface RefreshedTokens extends Tokens permits DeviceTokens, ServiceAccountTokens {
    /// The file in which the tokens are cached.
    CredentialStore store();

    /// The clock by which expiry is judged.
    InstantSource clock();

    /// The receiver of a warning when a refresh failed for a temporary reason.
    Consumer<String> warn();

    /// The debug log, which gets the reason for or against each refresh.
    Trace trace();

    /// The cached credentials, still valid or not.
    ///
    /// @throws SignedOut if nothing is cached and nothing could be refreshed
    Optional<Credentials> cached();

    /// Gets a token from the identity provider and caches it. Runs under the lock.
    ///
    /// @param old the cached credentials
    AccessToken refresh(Optional<Credentials> old) throws IOException;

    @Override
    default Optional<AccessToken> atLeast(Duration leeway) {
        return Optional.of(fresh(
                token -> token.outlives(clock().instant().plus(token.window(leeway))),
                "it must be valid for another %d s".formatted(leeway.toSeconds())));
    }

    @Override
    default Optional<AccessToken> replacing(AccessToken refused) {
        return Optional.of(fresh(
                token -> token.outlives(clock().instant()) && !token.value().equals(refused.value()),
                "the gateway refused the previous one"));
    }

    /// The cached token, or a new one if it is not good enough.
    private AccessToken fresh(Predicate<AccessToken> goodEnough, String why) {
        var before = cached().map(Credentials::token).filter(goodEnough);
        if (before.isPresent()) {
            trace().log(() -> "gateway token: the cached one%s, not refreshed"
                    .formatted(before.get().trace()));
            return before.get();
        }
        return store().exclusively(() -> {
            // The process that held the lock before has most likely refreshed already.
            var old = cached();
            var now = old.map(Credentials::token).filter(goodEnough);
            if (now.isPresent()) {
                trace().log(() -> "gateway token: another process has refreshed it,%s"
                        .formatted(now.get().trace()));
                return now.get();
            }
            trace().log(() -> old.map(credentials -> "gateway token: refreshing the cached one of %s%s: %s"
                            .formatted(
                                    credentials.organization(),
                                    credentials.token().trace(),
                                    why))
                    .orElse("gateway token: none is cached, a new one is fetched"));
            return refresh(old);
        });
    }

    /// Returns the old token while it is valid, with a warning, after a refresh failed for a temporary reason.
    default AccessToken whileItLasts(Optional<Credentials> old, TokenAnswer.Passing passing) {
        var token = old.map(Credentials::token)
                .filter(each -> each.outlives(clock().instant()))
                .orElseThrow(passing::error);
        warn().accept("the gateway token could not be refreshed and is used until it expires: "
                + passing.error().getMessage());
        return token;
    }
}
