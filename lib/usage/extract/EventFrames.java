package lib.usage.extract;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/// Reads AWS's binary event frames and passes their JSON on. The frames of a model invocation contain it in
/// base64, in a field called `bytes`; those of Converse contain it as it is. Checksums are left to the client,
/// which gets the same frames. Unlike the SDK's decoder, this one does not reserve memory for a frame because its
/// first bytes announce gigabytes.
///
/// @see <a href="https://smithy.io/2.0/aws/amazon-eventstream.html">The frames</a>
final class EventFrames implements UsageReader.Sink {
    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    /// The largest payload that is read. An event with usage is far smaller.
    private static final int LARGEST_PAYLOAD = 1 << 20;
    private static final Pattern BYTES = Pattern.compile("\"bytes\"\\s*:\\s*\"([A-Za-z0-9+/=]*)\"");

    private final JsonScan json;
    private final byte[] prelude = new byte[PRELUDE];
    private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private long at;
    private long total;
    private long headers;

    EventFrames(JsonScan json) {
        this.json = json;
    }

    @Override
    public void accept(byte[] bytes, int from, int count) {
        for (int i = from, end = from + count; i < end; ) {
            if (at < PRELUDE) {
                prelude[(int) at++] = bytes[i++];
                if (at == PRELUDE) begin();
                continue;
            }
            var upTo = at < PRELUDE + headers ? PRELUDE + headers : at < total - CHECKSUM ? total - CHECKSUM : total;
            var taken = (int) Math.min(end - i, upTo - at);
            if (upTo == total - CHECKSUM && payload.size() + taken <= LARGEST_PAYLOAD) payload.write(bytes, i, taken);
            i += taken;
            at += taken;
            if (at == total) end();
        }
    }

    private void begin() {
        total = Integer.toUnsignedLong(number(0));
        headers = Integer.toUnsignedLong(number(4));
        if (total < PRELUDE + headers + CHECKSUM) throw new IllegalArgumentException("not a frame");
    }

    private int number(int from) {
        return (prelude[from] & 0xff) << 24
                | (prelude[from + 1] & 0xff) << 16
                | (prelude[from + 2] & 0xff) << 8
                | prelude[from + 3] & 0xff;
    }

    private void end() {
        var text = payload.toByteArray();
        var wrapped = BYTES.matcher(new String(text, StandardCharsets.ISO_8859_1));
        var document = wrapped.find() ? Base64.getDecoder().decode(wrapped.group(1)) : text;
        json.reset();
        json.accept(document, 0, document.length);
        payload.reset();
        at = 0;
    }
}
