package lib.gateway.formats;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Converts the ids of MCP sessions for one caller of one server. A caller gets the server's own id with a tag
/// that is valid only for this caller and this server. The gateway stores no sessions: a tag stays valid after a
/// restart, with another token of the same caller, and at every gateway with the same state.
///
///     ids.handedOut("s1")                     // s1.lVZ6u3qXcWmLQ0ayC2n0Zw
///     ids.own("s1.lVZ6u3qXcWmLQ0ayC2n0Zw")    // Optional[s1], empty for every other caller and server
///
/// @param key the source of the key that signs the tags, read with the first id
/// @param caller the name of the caller
/// @param server the name and the URL of the server
/// @see <a
///     href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management">Sessions</a>
public record McpSessionIds(Supplier<byte[]> key, String caller, String server) {
    private static final char SEPARATOR = '.';
    private static final int TAG_BYTES = 16;
    /// The length of a tag: 16 bytes in Base64 without padding.
    private static final int TAG_LENGTH = 22;

    /// Returns the id for the caller for an id of the server.
    public String handedOut(String own) {
        return own + SEPARATOR + tag(own);
    }

    /// Returns the server's id for an id that the caller sent; empty if it was not issued to this caller for this
    /// server.
    public Optional<String> own(String handedOut) {
        int end = handedOut.length() - TAG_LENGTH - 1;
        if (end < 1 || handedOut.charAt(end) != SEPARATOR) return Optional.empty();
        var own = handedOut.substring(0, end);
        var isGood = MessageDigest.isEqual(bytes(tag(own)), bytes(handedOut.substring(end + 1)));
        return isGood ? Optional.of(own) : Optional.empty();
    }

    private String tag(String own) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.get(), "HmacSHA256"));
            for (var part : new String[] {"rpkai mcp session", caller, server, own}) {
                // The lengths are included: otherwise the end of one part could be the beginning of the next.
                mac.update(ByteBuffer.allocate(4).putInt(bytes(part).length).array());
                mac.update(bytes(part));
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac.doFinal(), TAG_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
