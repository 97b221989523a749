package lib.usage;

import java.nio.charset.StandardCharsets;

/// The `data:` lines of server-sent events, each a JSON document.
///
/// @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream">The format</a>
final class EventLines implements UsageReader.Sink {
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = {'\n'};

    private final JsonScan json;
    private int matched;

    EventLines(JsonScan json) {
        this.json = json;
    }

    @Override
    public void accept(byte[] bytes, int from, int count) {
        int begin = from;
        for (int i = from, end = from + count; i < end; i++) {
            var b = bytes[i];
            if (b == '\n' || b == '\r') {
                if (matched == DATA.length) json.accept(bytes, begin, i - begin);
                // The end of the line is the end of a number, too.
                json.accept(END, 0, 1);
                json.reset();
                matched = 0;
            } else if (matched >= 0 && matched < DATA.length) {
                matched = b == DATA[matched] ? matched + 1 : -1;
                begin = i + 1;
            }
        }
        if (matched == DATA.length && begin < from + count) json.accept(bytes, begin, from + count - begin);
    }
}
