package tests.support.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import tests.support.TestJson;

/// Signs and checks JWTs with a key made at start.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7515">RFC 7515</a>, and RFC 7518 for keys and algorithms
final class JwtSigner {

    private static final int P256_BYTES = 32;

    private final FakeIdentityProvider.Algorithm algorithm;
    private final KeyPair keys;
    private final String keyId = "key-" + System.nanoTime();

    JwtSigner(FakeIdentityProvider.Algorithm algorithm) {
        this.algorithm = algorithm;
        try {
            var generator = KeyPairGenerator.getInstance(
                    switch (algorithm) {
                        case RS256 -> "RSA";
                        case ES256 -> "EC";
                    });
            generator.initialize(
                    switch (algorithm) {
                        case RS256 -> 2048;
                        case ES256 -> 256;
                    });
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String sign(Map<String, ?> claims) {
        var header = Map.of("alg", algorithm.name(), "typ", "JWT", "kid", keyId);
        var input = base64(utf8(TestJson.write(header))) + "." + base64(utf8(TestJson.write(claims)));
        try {
            var signature = signature();
            signature.initSign(keys.getPrivate());
            signature.update(utf8(input));
            return input + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The claims of a token that this key has signed; expiry is not looked at.
    Optional<JsonNode> verify(String token) {
        var parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            var signature = signature();
            signature.initVerify(keys.getPublic());
            signature.update(utf8(parts[0] + "." + parts[1]));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                    ? Optional.of(TestJson.read(Base64.getUrlDecoder().decode(parts[1])))
                    : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The public key as a JWK set (RFC 7517).
    JsonNode jwks() {
        var set = TestJson.object();
        var key = set.putArray("keys")
                .addObject()
                .put("kid", keyId)
                .put("use", "sig")
                .put("alg", algorithm.name());
        switch (keys.getPublic()) {
            case RSAPublicKey rsa ->
                key.put("kty", "RSA")
                        .put("n", base64(unsigned(rsa.getModulus(), 0)))
                        .put("e", base64(unsigned(rsa.getPublicExponent(), 0)));
            case ECPublicKey ec ->
                key.put("kty", "EC")
                        .put("crv", "P-256")
                        .put("x", base64(unsigned(ec.getW().getAffineX(), P256_BYTES)))
                        .put("y", base64(unsigned(ec.getW().getAffineY(), P256_BYTES)));
            default -> throw new IllegalStateException("no JWK for " + keys.getPublic());
        }
        return set;
    }

    private Signature signature() throws GeneralSecurityException {
        return Signature.getInstance(
                switch (algorithm) {
                    case RS256 -> "SHA256withRSA";
                    // JOSE wants r and s side by side, not in DER.
                    case ES256 -> "SHA256withECDSAinP1363Format";
                });
    }

    private static byte[] unsigned(BigInteger number, int atLeast) {
        var signed = number.toByteArray();
        var skip = signed.length > 1 && signed[0] == 0 ? 1 : 0;
        var length = Math.max(atLeast, signed.length - skip);
        var bytes = new byte[length];
        System.arraycopy(signed, skip, bytes, length - (signed.length - skip), signed.length - skip);
        return bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
