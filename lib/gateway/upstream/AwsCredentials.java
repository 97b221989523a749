package lib.gateway.upstream;

import java.util.Optional;
import lib.base.Secret;
import lib.base.UserError;

/// Where the credentials come from with which requests to AWS are signed.
///
///     new AwsCredentials.Keys("AKIA…", new Secret(secretAccessKey), Optional.empty())
public sealed interface AwsCredentials {

    /// Stored keys.
    ///
    /// @param sessionToken where they are temporary ones
    record Keys(String accessKeyId, Secret secretAccessKey, Optional<Secret> sessionToken) implements AwsCredentials {
        /// @throws UserError for keys that no key is
        public Keys {
            if (!accessKeyId.matches("[\\x21-\\x7e]+")
                    || !secretAccessKey.reveal().matches("[\\x21-\\x7e]+")
                    || sessionToken
                            .filter(token -> !token.reveal().matches("[\\x21-\\x7e]+"))
                            .isPresent()) {
                throw new UserError(
                        "the AWS credentials of a provider are empty or have characters that no key has",
                        "check how they were copied");
            }
        }
    }

    /// What AWS's own tools would find: variables, `~/.aws` with the profile in use, the role of the container or
    /// the machine. Asked for at each request, so that what is renewed there is renewed here.
    record Chain() implements AwsCredentials {}
}
