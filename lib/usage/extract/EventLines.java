package lib.usage.extract;

import java.nio.charset.StandardCharsets;

/// The `data:` lines of server-sent events. Those of one event are one JSON document; a blank line ends it.
///
/// @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream">The
///     format</a>
final class EventLines implements UsageReader.Sink {
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    /// How OpenAI's streams end.
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = {'\n'};
    private static final int OTHER = -1;

    private final JsonScan json;
    private final Runnable done;
    /// How much of `data:` a line has; [#OTHER] for one of something else.
    private int matched;
    private int doneMatched;
    private boolean isBlank = true;
    private boolean afterReturn;

    /// @param done told of the stream's own word that it is over
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

    /// The rest of a line of data.
    ///
    /// @return where to go on
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
        // The second byte of a line's end.
        if (b == '\n' && afterReturn) {
            afterReturn = false;
            return;
        }
        if (matched == DATA.length) {
            // The end of the line is the end of a number, too.
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
