package lib.base;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/// A value that must not be seen, such as a token or a key. Printing it shows `<redacted>`; comparing it takes
/// constant time.
///
///     var key = new Secret(env.get("ANTHROPIC_API_KEY"));
///     log.println(key);            // <redacted>
///     request.header("x-api-key", key.reveal());
///
/// @param reveal the value itself; call it only where the value is sent to its destination
/// @param shown the text that is printed in its place
public record Secret(String reveal, String shown) {
    /// The text that is printed in place of a secret.
    public static final String REDACTED = "<redacted>";

    /// A secret of which nothing is printed.
    public Secret(String reveal) {
        this(reveal, REDACTED);
    }

    /// The line of a header. The header's name is printed, its value is not.
    public static Secret header(String name, Secret value) {
        return new Secret(name + ": " + value.reveal(), name + ": " + REDACTED);
    }

    /// 256 random bits, safe in a header, a URL and a shell word.
    public static Secret random() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /// Whether `candidate` is this value, in a time that does not depend on where they differ.
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(
                reveal.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && matches(secret.reveal());
    }

    @Override
    public int hashCode() {
        return reveal.hashCode();
    }

    @Override
    public String toString() {
        return shown;
    }
}
