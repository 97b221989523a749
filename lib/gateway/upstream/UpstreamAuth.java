package lib.gateway.upstream;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.base.UserError;

/// What gets a request into an upstream.
///
///     new UpstreamAuth.Key("x-api-key", "", new Secret(key))
public sealed interface UpstreamAuth {

    /// Nothing: the upstream asks for nothing.
    record None() implements UpstreamAuth {}

    /// The caller's own `Authorization`, unchanged. The gateway token is then in `X-Redpanda-Cloud-Token` only.
    record Passthrough() implements UpstreamAuth {}

    /// A stored secret in a header.
    ///
    /// @param header the header's name
    /// @param scheme what stands before the secret, such as `Bearer `; may be empty
    record Key(String header, String scheme, Secret secret) implements UpstreamAuth {
        /// @throws UserError for a secret that fits no header
        public Key {
            if (!secret.reveal().matches("[\\x21-\\x7e]+")) {
                throw new UserError(
                        "the API key of a provider is empty or has characters that no key has",
                        "check how it was copied");
            }
        }
    }

    /// A stored key as that type of provider takes it.
    static Key key(ProviderType type, Secret secret) {
        var upstream = type.spec().orElseThrow().upstream();
        return new Key(upstream.header(), upstream.scheme(), secret);
    }

    /// A token of another AI Gateway, which does the rest: this one only relays to it.
    ///
    /// @param token asked on every request, so that it may be fresh each time; empty for a gateway that asks
    ///     nobody. A [UserError] of its own is what the client is told
    /// @param headers what every request says besides
    record Gateway(Supplier<Optional<Secret>> token, Map<String, String> headers) implements UpstreamAuth {}

    /// A signature of AWS's, Signature Version 4.
    ///
    /// @param region whose service it is for, such as `eu-central-1`
    /// @param credentials what signs
    record Aws(String region, AwsCredentials credentials) implements UpstreamAuth {
        /// @throws UserError for what is no region
        public Aws {
            if (!region.matches("[a-z0-9]+(-[a-z0-9]+)+")) {
                throw new UserError("the AWS region of a provider is not valid", "set it to something like us-east-1");
            }
        }
    }
}
