package lib.gateway.upstream;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.base.UserError;

/// The credentials that an upstream requires.
///
///     new UpstreamAuth.Key("x-api-key", "", new Secret(key))
public sealed interface UpstreamAuth {

    /// No credentials.
    record None() implements UpstreamAuth {}

    /// The caller's own `Authorization`, unchanged. The gateway token is then only in `X-Redpanda-Cloud-Token`.
    record Passthrough() implements UpstreamAuth {}

    /// A stored secret in a header.
    ///
    /// @param header the header's name
    /// @param scheme the text before the secret, such as `Bearer `; may be empty
    record Key(String header, String scheme, Secret secret) implements UpstreamAuth {
        private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

        /// @throws UserError if a header cannot hold the secret
        public Key {
            if (!VISIBLE.matcher(secret.reveal()).matches()) {
                throw new UserError(
                        "the API key of a provider is empty or contains invalid characters", "check how it was copied");
            }
        }
    }

    /// Returns a stored key in the way of that provider type.
    static Key key(ProviderType type, Secret secret) {
        var upstream = type.spec().orElseThrow().upstream();
        return new Key(upstream.header(), upstream.scheme(), secret);
    }

    /// A token for another AI gateway, to which this one only relays.
    ///
    /// @param token the source of the token, asked for every request so that it can be fresh each time; empty for
    ///     a gateway without authentication. The client receives the message of a [UserError] that it throws
    /// @param headers additional headers for every request
    record Gateway(Supplier<Optional<Secret>> token, Map<String, String> headers) implements UpstreamAuth {}

    /// An AWS signature, Signature Version 4.
    ///
    /// @param region the region of the service, such as `eu-central-1`
    /// @param credentials the source of the signing keys
    record Aws(String region, AwsCredentials credentials) implements UpstreamAuth {
        /// @throws UserError if the region is invalid
        public Aws {
            if (!region.matches("[a-z0-9]+(-[a-z0-9]+)+")) {
                throw new UserError("the AWS region of a provider is not valid", "use, for example, us-east-1");
            }
        }
    }
}
