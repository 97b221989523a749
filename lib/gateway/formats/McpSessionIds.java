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

/// The ids of MCP sessions as one caller of one server gets them: the server's own id, and a tag that only this
/// caller's requests to this server carry. The gateway remembers no session: a tag is good after a restart, with
/// another token of the same caller, and at every gateway with the same state.
///
///     ids.handedOut("s1")                     // s1.lVZ6u3qXcWmLQ0ayC2n0Zw
///     ids.own("s1.lVZ6u3qXcWmLQ0ayC2n0Zw")    // Optional[s1], empty for every other caller and server
///
/// @param key makes the tags; asked for with the first id only
/// @param caller whose sessions these are
/// @param server the server's name, and where it is
/// @see <a
///     href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management">Sessions</a>
public record McpSessionIds(Supplier<byte[]> key, String caller, String server) {
    private static final char SEPARATOR = '.';
    private static final int TAG_BYTES = 16;
    /// 16 bytes in Base64 without padding.
    private static final int TAG_LENGTH = 22;

    /// The id that the caller gets for an id of the server.
    public String handedOut(String own) {
        return own + SEPARATOR + tag(own);
    }

    /// The server's id for one that the caller sent; empty where it was not handed out to this caller for this
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
                // With their lengths: otherwise the end of one could be the beginning of the next.
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
