package lib.auth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import lib.base.ErrorCode;
import lib.base.Remedy;
import lib.base.Trace;
import lib.base.UserError;
import lib.config.Settings.ServiceAccount;

/// CI's tokens: the client_credentials grant, cached until their window. The client secret is never stored.
///
///     new ServiceAccountTokens(account, store, identityProvider, clock, System.err::println).atLeast(leeway)
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.4">RFC 6749, section 4.4</a>
record ServiceAccountTokens(
        ServiceAccount account,
        CredentialStore store,
        IdentityProvider identityProvider,
        InstantSource clock,
        Consumer<String> warn,
        Trace trace)
        implements Tokens {

    @Override
    public Optional<AccessToken> atLeast(Duration leeway) {
        return Optional.of(fresh(token -> token.outlives(clock.instant().plus(token.window(leeway)))));
    }

    @Override
    public Optional<AccessToken> replacing(AccessToken refused) {
        return Optional.of(
                fresh(token -> token.outlives(clock.instant()) && !token.value().equals(refused.value())));
    }

    @Override
    public boolean renewable() {
        // A helper would need the secret, which is not passed on to the agent.
        return false;
    }

    private AccessToken fresh(Predicate<AccessToken> goodEnough) {
        var cached = cached().filter(c -> goodEnough.test(c.token()));
        if (cached.isPresent()) {
            trace.say(() -> "gateway token: the cached one of the service account%s"
                    .formatted(cached.get().token().trace()));
            return cached.get().token();
        }
        trace.say(() -> "gateway token: asked for with the service account, since none is cached that lasts");
        return store.exclusively(() -> {
            var now = cached().map(Credentials::token);
            if (now.filter(goodEnough).isPresent()) return now.get();
            return switch (identityProvider.clientCredentials(account.id(), account.secret())) {
                case TokenAnswer.Granted granted -> {
                    store.save(new Credentials(
                            key(), granted.token(), Optional.empty(), identityProvider.issuer(), clock.instant()));
                    yield granted.token();
                }
                case TokenAnswer.Refused refused ->
                    throw new UserError(
                            ErrorCode.SERVICE_ACCOUNT_REFUSED,
                            "no usable gateway token (the service account was refused: %s)".formatted(refused.text()),
                            Remedy.advice("check RPAI_SERVICE_ACCOUNT_ID and RPAI_SERVICE_ACCOUNT_SECRET"));
                case TokenAnswer.Passing passing -> {
                    if (now.filter(token -> token.outlives(clock.instant())).isEmpty()) throw passing.error();
                    warn.accept("the gateway token could not be renewed and is used while it lasts: "
                            + passing.error().getMessage());
                    yield now.get();
                }
            };
        });
    }

    private Optional<Credentials> cached() {
        return store.ofServiceAccount(account.id()).filter(c -> c.issuer().equals(identityProvider.issuer()));
    }

    private String key() {
        return CredentialStore.SERVICE_ACCOUNT + account.id();
    }
}
