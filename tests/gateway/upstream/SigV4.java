package tests.gateway.upstream;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tests.gateway.FakeUpstream;

/// Signature Version 4, written from AWS's description and not with its library, so that one can be held against
/// the other.
///
/// @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">How
///     a request is signed</a>
public record SigV4(String accessKeyId, String secretKey) {

    /// Whether a request that has arrived is signed by this key, for that region and service.
    public boolean signed(FakeUpstream.Call call, String region, String service) {
        var authorization = call.header("authorization").getFirst();
        var date = call.header("x-amz-date").getFirst();
        var names =
                authorization.replaceFirst(".*SignedHeaders=([^, ]+).*", "$1").split(";");
        var headers = Arrays.stream(names)
                .map(name -> name + ":" + String.join(",", call.header(name)) + "\n")
                .collect(Collectors.joining());
        var words = call.line().split(" ");
        var target = words[1].split("\\?", 2);
        var canonical = String.join(
                "\n",
                words[0],
                canonicalPath(target[0]),
                target.length > 1 ? target[1] : "",
                headers,
                String.join(";", names),
                hex(sha256(call.body())));
        return List.of(names).containsAll(List.of("host", "x-amz-date"))
                && authorization.equals(authorization(canonical, date, region, service, names));
    }

    /// The header for a canonical request.
    String authorization(String canonical, String date, String region, String service, String... names) {
        var scope = String.join("/", date.substring(0, 8), region, service, "aws4_request");
        var toSign = String.join(
                "\n", "AWS4-HMAC-SHA256", date, scope, hex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
        var key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (var part : scope.split("/")) key = hmac(key, part);
        return "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                .formatted(accessKeyId, scope, String.join(";", names), hex(hmac(key, toSign)));
    }

    /// Returns each segment as it was sent, encoded once more.
    static String canonicalPath(String sent) {
        return Arrays.stream(sent.split("/", -1))
                .map(segment -> URLEncoder.encode(segment, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A")
                        .replace("%7E", "~"))
                .collect(Collectors.joining("/"));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
