package lib.cli.env;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import lib.api.DidYouMean;
import lib.api.Environments;
import lib.auth.CredentialStore;
import lib.auth.Credentials;
import lib.auth.Tokens;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.config.ConfigFile;
import lib.config.Profile;
import lib.config.Settings;

/// Looks up environments in the config file, and in the organisation to which the user is signed in.
final class EnvironmentNames {
    private EnvironmentNames() {}

    /// The organisation's environments; empty without a sign-in.
    static List<Environments.Environment> list(Context context, Settings settings, ConfigFile file) {
        var http = context.http();
        return signedIn(settings, file)
                .map(c -> new Environments(
                                settings.cloud().apiUrl(),
                                Tokens.signedInTo(c.organization(), settings, context.host(), http),
                                http)
                        .list())
                .orElse(List.of());
    }

    /// An environment of the config file.
    ///
    /// @throws UserError when there is no environment with that name
    static Profile configured(String name, ConfigFile file) {
        return Optional.ofNullable(file.profiles().get(name))
                .orElseThrow(() -> notFound(name, file.profiles().keySet()));
    }

    /// The error that an environment does not exist, with a similar name if there is one.
    static UserError notFound(String name, Collection<String> known) {
        return new UserError(
                "environment \"%s\" not found".formatted(name),
                DidYouMean.hint(name, known, "run rpkai env list, or rpkai auth login"));
    }

    /// The sign-in to this organisation: the current profile's, else the latest.
    static Optional<Credentials> signedIn(Settings settings, ConfigFile file) {
        var store = new CredentialStore(settings.credentialsFile());
        return file.current()
                .map(file.profiles()::get)
                .flatMap(Profile::organization)
                .flatMap(store::read)
                .or(store::latest);
    }
}
