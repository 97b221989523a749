package lib.gateway;

import java.net.URI;
import lib.Secret;
import lib.UserError;

/// Where a provider's requests go.
///
///     new Upstream.Anthropic(URI.create("https://api.anthropic.com"), new Secret(key))
public sealed interface Upstream {

    /// The scripted model in this process: no network, no key.
    record Demo() implements Upstream {}

    /// An Anthropic API, reached with a stored key.
    ///
    /// @param baseUrl what `v1/messages` is appended to; http or https, may have a path
    /// @param apiKey sent as `x-api-key`
    record Anthropic(URI baseUrl, Secret apiKey) implements Upstream {
        /// @throws UserError for a base URL that nothing can be appended to, or a key that fits no header
        public Anthropic {
            if (!isBase(baseUrl)) {
                // The URL stays out of the message: user info in it would be a credential.
                throw new UserError("the base URL of an Anthropic provider is not valid",
                        "set it to something like https://api.anthropic.com");
            }
            if (!apiKey.reveal().matches("[\\x21-\\x7e]+")) {
                throw new UserError("the API key of an Anthropic provider is empty or has characters that no key has",
                        "check how it was copied");
            }
        }

        private static boolean isBase(URI url) {
            return url.getScheme() != null && url.getScheme().matches("(?i)https?") && url.getHost() != null
                    && url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
        }
    }
}
