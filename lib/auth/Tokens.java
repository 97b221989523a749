package lib.auth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.Settings;
import lib.http.Http;

/// A source of gateway tokens that are valid for a requested time. It hides files, locks and refreshes from all
/// other code.
///
///     var tokens = Tokens.of(settings, host, http);
///     tokens.atLeast(Duration.ofMinutes(5)).map(AccessToken::value)
public sealed interface Tokens permits RefreshedTokens, RpkTokens, StaticTokens, Tokens.None {
    /// A token that is valid for at least `leeway`, or for half of its lifetime if that is less. It is
    /// refreshed at most once, however many processes ask. If a refresh fails for a temporary reason, the old
    /// token is returned while it is valid.
    ///
    /// @return empty when this source has no token by design: `auth_mode: none`
    /// @throws SignedOut when nothing can be refreshed; its message names the command to run
    Optional<AccessToken> atLeast(Duration leeway);

    /// A new token in place of one that the gateway refused although it looked valid.
    ///
    /// @throws SignedOut when there is no other token
    Optional<AccessToken> replacing(AccessToken refused);

    /// Returns whether a helper process, started later, can get a token too. It can't if the token came on the
    /// command line.
    boolean renewable();

    /// The source that the settings name.
    static Tokens of(Settings settings, Host host, Http http) {
        var store = new CredentialStore(settings.credentialsFile());
        var identityProvider = new IdentityProvider(settings.cloud(), http);
        Consumer<String> warn = host::warn;
        host.trace().log(() -> switch (settings.authMode()) {
            case NONE -> "gateway token: none (auth_mode none)";
            case TOKEN -> "gateway token: the static one, which is never refreshed";
            case RPK -> "gateway token: that of rpk, which rpk refreshes";
            case DEVICE ->
                "gateway token: that of "
                        + (settings.serviceAccount().isPresent() ? "the service account" : "the sign-in");
        });
        return switch (settings.authMode()) {
            case NONE -> new None();
            case TOKEN ->
                new StaticTokens(
                        settings.token()
                                .orElseThrow(() -> new UserError(
                                        "no usable gateway token (auth_mode is token, but no token is set)",
                                        "set RPAI_TOKEN or pass --token")),
                        host.clock());
            case RPK -> new RpkTokens(host);
            case DEVICE ->
                settings.serviceAccount().isPresent()
                        ? new ServiceAccountTokens(
                                settings.serviceAccount().get(),
                                store,
                                identityProvider,
                                host.clock(),
                                warn,
                                host.trace())
                        : new DeviceTokens(
                                store,
                                settings.profile().flatMap(p -> p.organization()),
                                identityProvider,
                                host.clock(),
                                warn,
                                host.trace());
        };
    }

    /// The sign-in to that organisation, whatever profile, token or service account the settings name.
    static Tokens signedInTo(String organization, Settings settings, Host host, Http http) {
        return new DeviceTokens(
                new CredentialStore(settings.credentialsFile()),
                Optional.of(organization),
                new IdentityProvider(settings.cloud(), http),
                host.clock(),
                host::warn,
                host.trace());
    }

    /// A bearer that is already known, such as the embedded gateway's own.
    static Tokens fixed(Secret bearer, InstantSource clock) {
        return new StaticTokens(bearer, clock);
    }

    /// The source for a gateway without sign-in.
    record None() implements Tokens {
        @Override
        public Optional<AccessToken> atLeast(Duration leeway) {
            return Optional.empty();
        }

        @Override
        public Optional<AccessToken> replacing(AccessToken refused) {
            return Optional.empty();
        }

        @Override
        public boolean renewable() {
            return false;
        }
    }
}
