package lib.gateway.formats;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import lib.gateway.exchange.JsonResponses;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/// Encodes events for AWS's event streams: binary frames with checksums.
///
/// @see <a href="https://smithy.io/2.0/aws/amazon-eventstream.html">The frames</a>
public final class EventStream {
    public static final String MEDIA_TYPE = "application/vnd.amazon.eventstream";

    private EventStream() {}

    /// Returns one event as a frame.
    public static byte[] frame(String type, JsonNode payload) {
        var headers = new LinkedHashMap<String, HeaderValue>();
        headers.put(":event-type", HeaderValue.fromString(type));
        headers.put(":content-type", HeaderValue.fromString("application/json"));
        headers.put(":message-type", HeaderValue.fromString("event"));
        var bytes = new ByteArrayOutputStream();
        new Message(headers, JsonResponses.bytes(payload)).encode(bytes);
        return bytes.toByteArray();
    }
}
