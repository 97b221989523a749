package lib.gateway.upstream;

import java.util.Optional;
import lib.base.Secret;
import lib.base.UserError;

/// The source of the credentials that sign requests to AWS.
///
///     new AwsCredentials.Keys("AKIA…", new Secret(secretAccessKey), Optional.empty())
public sealed interface AwsCredentials {

    /// Stored keys.
    ///
    /// @param sessionToken the session token of temporary keys; empty for permanent ones
    record Keys(String accessKeyId, Secret secretAccessKey, Optional<Secret> sessionToken) implements AwsCredentials {
        /// @throws UserError if the keys have an invalid format
        public Keys {
            if (!accessKeyId.matches("[\\x21-\\x7e]+")
                    || !secretAccessKey.reveal().matches("[\\x21-\\x7e]+")
                    || sessionToken
                            .filter(token -> !token.reveal().matches("[\\x21-\\x7e]+"))
                            .isPresent()) {
                throw new UserError(
                        "the AWS credentials of a provider are empty or contain invalid characters",
                        "check how they were copied");
            }
        }
    }

    /// The credentials that AWS's own tools would find: variables, `~/.aws` with the active profile, the role of
    /// the container or the machine. They are looked up for each request, so that renewed credentials take
    /// effect.
    record Chain() implements AwsCredentials {}
}
