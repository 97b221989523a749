package lib.gateway.upstream;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.certificate.ClientTls;

/// The destination of a provider's requests.
///
///     Upstream.keyed(ProviderType.ANTHROPIC, URI.create("https://api.anthropic.com"), new Secret(key))
public sealed interface Upstream {

    /// The scripted model in this process, which needs neither network nor key.
    record Demo() implements Upstream {}

    /// A remote API.
    ///
    /// @param baseUrl the base URL to which the provider's native path is appended; http or https, may have a
    ///     path
    /// @param access the credentials for the upstream
    /// @param remedy the next step if the upstream rejects the credentials, `run rpkai secret set
    ///     ANTHROPIC_API_KEY`; may be empty
    /// @param lookup the lookup of the host's addresses
    /// @param tls the client certificate
    record Remote(URI baseUrl, UpstreamAuth access, String remedy, HostLookup lookup, ClientTls tls)
            implements Upstream {
        /// Creates an upstream whose URL the machine's owner chose.
        public Remote(URI baseUrl, UpstreamAuth access) {
            this(baseUrl, access, "");
        }

        /// Creates the same upstream with a remedy.
        public Remote(URI baseUrl, UpstreamAuth access, String remedy) {
            this(baseUrl, access, remedy, HostLookup.ANYWHERE, ClientTls.NONE);
        }

        /// @throws UserError if no path can be appended to the base URL
        public Remote {
            if (!isBase(baseUrl)) {
                // The message omits the URL: user info in it would be a credential.
                throw new UserError(
                        "the base URL of a provider is not valid", "use, for example, https://api.anthropic.com");
            }
        }

        private static boolean isBase(URI url) {
            return url.getScheme() != null
                    && (url.getScheme().equalsIgnoreCase("https")
                            || url.getScheme().equalsIgnoreCase("http"))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
        }
    }

    /// A remote API that is resolved for each request, because its secrets are known only then.
    ///
    /// @param remote the function that resolves it; throws a [lib.gateway.exchange.GatewayError] if
    ///     a secret is missing
    record Stored(Supplier<Remote> remote) implements Upstream {}

    /// Returns an API that accepts a stored key in the way of that provider type.
    ///
    /// @param baseUrl the base URL as the vendor's own clients use it, such as `https://api.openai.com/v1`
    static Upstream keyed(ProviderType type, URI baseUrl, Secret apiKey) {
        return new Remote(baseUrl, UpstreamAuth.key(type, apiKey));
    }

    /// Returns the same upstream with the next step for a rejected key.
    static Upstream withRemedy(Upstream upstream, String remedy) {
        return upstream instanceof Remote(var baseUrl, var access, var _, var lookup, var tls)
                ? new Remote(baseUrl, access, remedy, lookup, tls)
                : upstream;
    }

    /// Returns an API without authentication, such as one on this machine.
    static Upstream open(URI baseUrl) {
        return new Remote(baseUrl, new UpstreamAuth.None());
    }

    /// Returns an API that callers use with their own credentials.
    static Upstream passthrough(URI baseUrl) {
        return new Remote(baseUrl, new UpstreamAuth.Passthrough());
    }

    /// Returns the same provider on another AI gateway.
    ///
    /// @param proxyUrl the URL of the provider on that gateway, `https://…/llm/v1/providers/anthropic`
    /// @param token the token, see [UpstreamAuth.Gateway]
    static Upstream gateway(URI proxyUrl, Supplier<Optional<Secret>> token) {
        return gateway(proxyUrl, token, Map.of());
    }

    /// Returns the same with headers for every request, such as the name of its conversation.
    static Upstream gateway(URI proxyUrl, Supplier<Optional<Secret>> token, Map<String, String> headers) {
        return new Remote(proxyUrl, new UpstreamAuth.Gateway(token, headers));
    }
}
