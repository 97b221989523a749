package lib.auth;

import java.util.List;
import java.util.Optional;
import lib.base.Host;
import lib.config.Cloud;
import lib.config.ConfigFile;
import lib.config.Settings;
import lib.http.Http;

/// Forgets sign-ins, and tells those who issued them: a copy of a refresh token is then worth nothing either.
///
///     SignOut.of(settings, host, http).from("org_123")
///
/// @param store where they are
/// @param places where one can sign in by the config
/// @param http the client
public record SignOut(CredentialStore store, List<Cloud> places, Http http) {

    /// Of what those settings know.
    public static SignOut of(Settings settings, Host host, Http http) {
        return new SignOut(
                new CredentialStore(settings.credentialsFile()),
                Cloud.all(ConfigFile.read(settings.configFile()), host),
                http);
    }

    /// Signs out of that organisation, or of that of the latest sign-in.
    ///
    /// @return its name; empty where nobody was signed in
    public Optional<String> from(Optional<String> organization) {
        var gone = organization
                .or(() -> store.latest().map(Credentials::organization))
                .flatMap(store::remove);
        gone.ifPresent(this::tell);
        return gone.map(CredentialStore.Forgotten::organization);
    }

    /// Signs out of all.
    public void everywhere() {
        store.removeAll().forEach(this::tell);
    }

    private void tell(CredentialStore.Forgotten gone) {
        gone.refreshToken()
                .ifPresent(token -> places.stream()
                        .filter(place -> issued(place, gone))
                        .findFirst()
                        .ifPresent(place -> new IdentityProvider(place, http).revoke(token)));
    }

    private static boolean issued(Cloud place, CredentialStore.Forgotten gone) {
        return Cloud.withoutSlash(place.issuer()).equals(gone.issuer())
                && (!place.ofGateway() || place.account(Optional.empty()).equals(gone.organization()));
    }
}
