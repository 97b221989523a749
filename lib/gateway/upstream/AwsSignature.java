package lib.gateway.upstream;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import lib.gateway.exchange.GatewayError;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// Signs requests to AWS, Signature Version 4.
///
/// @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">How
///     a request is signed</a>
public final class AwsSignature {
    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    private AwsSignature() {}

    /// The signed part of a request. Other headers may be added or changed on its way.
    ///
    /// @param headers the headers to sign, besides the host
    public record Signed(String method, URI uri, Map<String, List<String>> headers, byte[] body) {}

    /// Passes the name and value of every header of the signature to `header`.
    ///
    /// @throws GatewayError if there are no credentials
    public static void add(
            Signed request,
            String service,
            String provider,
            UpstreamAuth.Aws access,
            BiConsumer<String, String> header) {
        var uri = request.uri();
        var builder = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method()))
                .uri(uri)
                // The path as it is sent: decoding and encoding it again could change it.
                .encodedPath(uri.getRawPath());
        request.headers().forEach(builder::putHeader);
        var identity = identity(access.credentials(), provider);
        var signed = SIGNER.sign(sign -> sign.identity(identity)
                .request(builder.build())
                .payload(ContentStreamProvider.fromByteArray(request.body()))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                .putProperty(AwsV4HttpSigner.REGION_NAME, access.region())
                // Every service but S3 encodes the encoded path once more, and the colons of a model id are
                // encoded in it.
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, true)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false));
        signed.request().headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("host")) values.forEach(value -> header.accept(name, value));
        });
    }

    private static AwsCredentialsIdentity identity(AwsCredentials credentials, String provider) {
        return switch (credentials) {
            case AwsCredentials.Keys(var id, var secret, var token)
            when token.isPresent() ->
                AwsSessionCredentials.create(id, secret.reveal(), token.get().reveal());
            case AwsCredentials.Keys(var id, var secret, var _) -> AwsBasicCredentials.create(id, secret.reveal());
            case AwsCredentials.Chain() -> fromChain(provider);
        };
    }

    private static AwsCredentialsIdentity fromChain(String provider) {
        try {
            return Chain.PROVIDER.resolveCredentials();
        } catch (SdkException e) {
            // The message would be about AWS's libraries. Some are not included: a role or a login by SSO needs
            // more of them.
            throw GatewayError.misconfigured(
                    provider,
                    "no AWS credentials were found; rpkai reads keys, credential_process and roles "
                            + "of the machine, but not SSO or assumed roles: for these, run eval \"$(aws "
                            + "configure export-credentials --format env)\" and launch again");
        }
    }

    /// Holds AWS's credentials chain, which is created on first use.
    private static final class Chain {
        static final DefaultCredentialsProvider PROVIDER =
                DefaultCredentialsProvider.builder().build();
    }
}
