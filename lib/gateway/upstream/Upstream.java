package lib.gateway.upstream;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.base.UserError;

/// Where a provider's requests go.
///
///     Upstream.keyed(ProviderType.ANTHROPIC, URI.create("https://api.anthropic.com"), new Secret(key))
public sealed interface Upstream {

    /// The scripted model in this process: no network, no key.
    record Demo() implements Upstream {}

    /// An API somewhere else.
    ///
    /// @param baseUrl what the provider's native path is appended to; http or https, may have a path
    /// @param access what gets a request in there
    /// @param remedy what to do where it refuses that, `run rpkai secret set ANTHROPIC_API_KEY`; may be empty
    /// @param lookup how its host is looked up
    record Remote(URI baseUrl, UpstreamAuth access, String remedy, HostLookup lookup) implements Upstream {
        /// One that the machine's owner named.
        public Remote(URI baseUrl, UpstreamAuth access) {
            this(baseUrl, access, "");
        }

        /// The same with a remedy.
        public Remote(URI baseUrl, UpstreamAuth access, String remedy) {
            this(baseUrl, access, remedy, HostLookup.ANYWHERE);
        }

        /// @throws UserError for a base URL that nothing can be appended to
        public Remote {
            if (!isBase(baseUrl)) {
                // The URL stays out of the message: user info in it would be a credential.
                throw new UserError(
                        "the base URL of a provider is not valid",
                        "set it to something like https://api.anthropic.com");
            }
        }

        private static boolean isBase(URI url) {
            return url.getScheme() != null
                    && url.getScheme().matches("(?i)https?")
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
        }
    }

    /// An API somewhere else, put together when a request is on its way there: what its secrets are is known only
    /// then.
    ///
    /// @param remote throws a [GatewayError] where a secret is missing
    record Stored(Supplier<Remote> remote) implements Upstream {}

    /// An API that takes a stored key in the way of that type.
    ///
    /// @param baseUrl as the vendor's own clients take it, such as `https://api.openai.com/v1`
    static Upstream keyed(ProviderType type, URI baseUrl, Secret apiKey) {
        return new Remote(baseUrl, UpstreamAuth.key(type, apiKey));
    }

    /// The same with what to do where the upstream refuses its key.
    static Upstream withRemedy(Upstream upstream, String remedy) {
        return upstream instanceof Remote(var baseUrl, var access, var _, var lookup)
                ? new Remote(baseUrl, access, remedy, lookup)
                : upstream;
    }

    /// An API that asks for no key, such as one on this machine.
    static Upstream open(URI baseUrl) {
        return new Remote(baseUrl, new UpstreamAuth.None());
    }

    /// An API that callers use with credentials of their own.
    static Upstream passthrough(URI baseUrl) {
        return new Remote(baseUrl, new UpstreamAuth.Passthrough());
    }

    /// The same provider on another AI Gateway.
    ///
    /// @param proxyUrl where that gateway has it, `https://…/llm/v1/providers/anthropic`
    /// @param token see [UpstreamAuth.Gateway]
    static Upstream gateway(URI proxyUrl, Supplier<Optional<Secret>> token) {
        return gateway(proxyUrl, token, Map.of());
    }

    /// The same with headers that every request carries, such as the name of its conversation.
    static Upstream gateway(URI proxyUrl, Supplier<Optional<Secret>> token, Map<String, String> headers) {
        return new Remote(proxyUrl, new UpstreamAuth.Gateway(token, headers));
    }
}
