package lib.usage.extract;

import java.nio.charset.StandardCharsets;

/// Reads the `data:` lines of server-sent events and passes their JSON on. The lines of one event are one JSON
/// document, and a blank line ends the event.
///
/// @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream">The
///     format</a>
final class EventLines implements UsageReader.Sink {
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    /// The line that ends OpenAI's streams.
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = {'\n'};
    private static final int OTHER = -1;

    private final JsonScan json;
    private final Runnable done;
    /// The number of characters of `data:` that the current line has begun with; [#OTHER] if it is another line.
    private int matched;
    private int doneMatched;
    private boolean isBlank = true;
    private boolean afterReturn;

    /// @param done runs when the stream says that it is over
    EventLines(JsonScan json, Runnable done) {
        this.json = json;
        this.done = done;
    }

    @Override
    public void accept(byte[] bytes, int from, int count) {
        int end = from + count;
        int i = from;
        while (i < end) {
            if (matched == DATA.length) {
                i = data(bytes, i, end);
                continue;
            }
            var b = bytes[i++];
            if (b == '\n' || b == '\r') {
                endLine(b);
            } else {
                isBlank = afterReturn = false;
                if (matched != OTHER) matched = b == DATA[matched] ? matched + 1 : OTHER;
            }
        }
    }

    /// Reads the rest of a data line.
    ///
    /// @return the index of the first byte after it
    private int data(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && bytes[i] != '\n' && bytes[i] != '\r') i++;
        if (doneMatched != OTHER) matchDone(bytes, from, i);
        json.accept(bytes, from, i - from);
        if (i == end) return end;
        endLine(bytes[i]);
        return i + 1;
    }

    private void matchDone(byte[] bytes, int from, int to) {
        for (int i = from; i < to && doneMatched != OTHER; i++) {
            if (bytes[i] == ' ' && (doneMatched == 0 || doneMatched == DONE.length)) continue;
            doneMatched = doneMatched < DONE.length && bytes[i] == DONE[doneMatched] ? doneMatched + 1 : OTHER;
        }
    }

    private void endLine(byte b) {
        // This is the second byte of a line end of two bytes.
        if (b == '\n' && afterReturn) {
            afterReturn = false;
            return;
        }
        if (matched == DATA.length) {
            // The end of the line also ends a number.
            json.accept(END, 0, 1);
            if (doneMatched == DONE.length) done.run();
        } else if (isBlank) {
            json.reset();
        }
        afterReturn = b == '\r';
        isBlank = true;
        matched = doneMatched = 0;
    }
}
