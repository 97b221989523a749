package tests.bench.contender;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One HTTP/1.1 message as it comes in, request or answer: where it ends, and how many events of a stream it has
/// brought. It reads each byte once and keeps none but the head, since the measuring program must be faster than
/// the measured one.
///
///     if (message.read(buffer)) …   // it is complete; what follows it is left in the buffer
public final class Message {
    private enum At {
        HEAD,
        LENGTH,
        CHUNK_SIZE,
        CHUNK,
        TRAILER,
        CLOSE,
        END
    }

    private final byte[] head = new byte[16 * 1024];
    /// The last bytes of the body, for a caller that looks for a word in it.
    private final StringBuilder body = new StringBuilder();
    private final boolean isRequest;
    private int headSize;
    private At at = At.HEAD;
    private long left;
    private int line;
    private byte last;
    private int events;

    public Message(boolean isRequest) {
        this.isRequest = isRequest;
    }

    public void reset() {
        headSize = 0;
        at = At.HEAD;
        left = 0;
        line = 0;
        last = 0;
        events = 0;
        body.setLength(0);
    }

    public int events() {
        return events;
    }

    public int status() {
        return headSize < 12 ? 0 : Integer.parseInt(new String(head, 9, 3, StandardCharsets.ISO_8859_1));
    }

    /// The body of a request; an answer's body is not kept.
    public CharSequence body() {
        return body;
    }

    public boolean endsWithTheConnection() {
        return at == At.CLOSE;
    }

    /// Takes in what there is of it.
    public boolean read(ByteBuffer buffer) {
        while (buffer.hasRemaining() && at != At.END) {
            var next = buffer.get();
            switch (at) {
                case HEAD -> head(next);
                case LENGTH -> {
                    content(next);
                    if (--left == 0) at = At.END;
                }
                case CHUNK_SIZE -> {
                    if (next == '\n') at = left == 0 ? At.TRAILER : At.CHUNK;
                    else if (Character.digit(next, 16) >= 0) left = left * 16 + Character.digit(next, 16);
                }
                case CHUNK -> {
                    // The two bytes after a chunk belong to it.
                    if (left > 0) content(next);
                    if (--left == -2) {
                        left = 0;
                        at = At.CHUNK_SIZE;
                    }
                }
                case TRAILER -> {
                    if (next == '\n' && line == 0) at = At.END;
                    else if (next == '\n') line = 0;
                    else if (next != '\r') line++;
                }
                default -> content(next);
            }
        }
        return at == At.END;
    }

    private void head(byte next) {
        head[headSize++] = next;
        if (next != '\n' || headSize < 4 || head[headSize - 3] != '\n') return;
        var text = new String(head, 0, headSize, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int length = text.indexOf("\ncontent-length:");
        if (text.contains("\ntransfer-encoding:")) {
            at = At.CHUNK_SIZE;
        } else if (length >= 0) {
            left = Long.parseLong(
                    text.substring(length + 16, text.indexOf('\r', length)).strip());
            at = left == 0 ? At.END : At.LENGTH;
        } else {
            at = isRequest ? At.END : At.CLOSE;
        }
    }

    private void content(byte next) {
        if (next == '\n' && last == '\n') events++;
        last = next;
        if (isRequest) body.append((char) next);
    }
}
