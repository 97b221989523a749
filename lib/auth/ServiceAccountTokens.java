package lib.auth;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import lib.base.Trace;
import lib.base.UserError;
import lib.config.Settings.ServiceAccount;

/// CI's tokens, from the client_credentials grant. They are cached until their refresh window begins. The
/// client secret is never stored.
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
        implements RefreshedTokens {

    @Override
    public boolean renewable() {
        // A helper would need the secret, which is not passed on to the agent.
        return false;
    }

    @Override
    public AccessToken refresh(Optional<Credentials> old) throws IOException {
        return switch (identityProvider.clientCredentials(account.id(), account.secret())) {
            case TokenAnswer.Granted granted -> {
                store.save(new Credentials(
                        key(), granted.token(), Optional.empty(), identityProvider.issuer(), clock.instant()));
                yield granted.token();
            }
            case TokenAnswer.Refused refused ->
                throw new UserError(
                        "no usable gateway token (the service account was refused: %s)".formatted(refused.text()),
                        "check RPAI_SERVICE_ACCOUNT_ID and RPAI_SERVICE_ACCOUNT_SECRET");
            case TokenAnswer.Passing passing -> whileItLasts(old, passing);
        };
    }

    @Override
    public Optional<Credentials> cached() {
        return store.ofServiceAccount(account.id()).filter(c -> c.issuer().equals(identityProvider.issuer()));
    }

    private String key() {
        return CredentialStore.SERVICE_ACCOUNT + account.id();
    }
}
