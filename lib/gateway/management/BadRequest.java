package lib.gateway.management;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import lib.gateway.management.definition.Violation;

/// The error detail that tells clients which fields are invalid, `google.rpc.BadRequest`. Connect requires it as
/// the bytes of a protobuf message. These are two nested messages of strings, which need no library.
///
/// @see <a href="https://connectrpc.com/docs/protocol/#error-end-stream">Error details of the Connect
///     protocol</a>
final class BadRequest {
    private BadRequest() {}

    /// @param key the field of the request that was checked, such as `llmProvider`
    static ObjectNode detail(List<Violation> violations, String key) {
        var detail = JsonNodeFactory.instance.objectNode().put("type", "google.rpc.BadRequest");
        var bytes = new ByteArrayOutputStream();
        var debug = JsonNodeFactory.instance.objectNode();
        var list = debug.putArray("fieldViolations");
        for (var violation : violations) {
            var field = path(violation, key);
            var message = new ByteArrayOutputStream();
            text(message, 1, field.getBytes(StandardCharsets.UTF_8));
            text(message, 2, violation.description().getBytes(StandardCharsets.UTF_8));
            text(bytes, 1, message.toByteArray());
            list.addObject().put("field", field).put("description", violation.description());
        }
        detail.put("value", Base64.getEncoder().withoutPadding().encodeToString(bytes.toByteArray()));
        detail.set("debug", debug);
        return detail;
    }

    /// Returns the path of the field from the root of the request.
    private static String path(Violation violation, String key) {
        if (violation.field().equals("updateMask")) return violation.field();
        return violation.field().isEmpty() ? key : key + "." + violation.field();
    }

    /// Writes a length-delimited field.
    private static void text(ByteArrayOutputStream out, int field, byte[] bytes) {
        out.write(field << 3 | 2);
        int length = bytes.length;
        for (; length > 127; length >>>= 7) out.write(length & 127 | 128);
        out.write(length);
        out.writeBytes(bytes);
    }
}
