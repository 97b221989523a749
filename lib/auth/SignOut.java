package lib.auth;

import java.util.List;
import java.util.Optional;
import lib.base.Host;
import lib.config.Cloud;
import lib.config.ConfigFile;
import lib.config.Settings;
import lib.http.Http;

/// Forgets sign-ins and revokes them at their issuers, so that copies of a refresh token are worthless too.
///
///     SignOut.of(settings, host, http).from("org_123")
///
/// @param store the credentials file
/// @param places the places to sign in that the config names
/// @param http the client
public record SignOut(CredentialStore store, List<Cloud> places, Http http) {

    /// Makes one from those settings.
    public static SignOut of(Settings settings, Host host, Http http) {
        return new SignOut(
                new CredentialStore(settings.credentialsFile()),
                Cloud.all(ConfigFile.read(settings.configFile()), host),
                http);
    }

    /// Signs out of that organisation, or of the latest sign-in's organisation.
    ///
    /// @return its name; empty if there was no sign-in
    public Optional<String> from(Optional<String> organization) {
        var gone = organization
                .or(() -> store.latest().map(Credentials::organization))
                .flatMap(store::remove);
        gone.ifPresent(this::tell);
        return gone.map(CredentialStore.Forgotten::organization);
    }

    /// Signs out of all organisations.
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
