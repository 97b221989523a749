package lib.usage.extract;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import lib.usage.Usage;

/// Reads what a call used from its answer while the answer passes by in pieces, in constant memory.
///
///     var reader = UsageReader.of(name -> response.header(name));
///     reader.accept(buffer, 0, count);   // after every write
///     reader.reading(true)               // the usage, once the answer has ended
///
/// It never throws: an answer that it cannot understand counts as one without usage.
public final class UsageReader implements AutoCloseable {
    private static final Sink NOTHING = (_, _, _) -> {};
    /// A reader for a call that has no answer yet.
    public static final UsageReader NONE = of(_ -> "");

    private final UsageFields fields = new UsageFields();
    private final Consumer<UsageReading> documents;
    private Unpacker unpacked;
    private Sink sink;
    private boolean streamed;

    /// Receives the pieces of an answer.
    @FunctionalInterface
    interface Sink {
        void accept(byte[] bytes, int from, int count);
    }

    private UsageReader(UnaryOperator<String> header, Consumer<UsageReading> documents) {
        this.documents = documents;
        fields.headers(header);
        var framed = framed(mediaType(header.apply("content-type")));
        sink = switch (header.apply("content-encoding").strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> framed;
            case "gzip", "x-gzip" -> unpacking(Unpacker.gzip(framed));
            case "deflate" -> unpacking(Unpacker.deflate(framed));
            default -> NOTHING;
        };
    }

    private Sink unpacking(Unpacker unpacker) {
        this.unpacked = unpacker;
        return unpacker;
    }

    /// Creates a reader for an answer with these headers.
    ///
    /// @param header returns the value of a header for its name in lower case, or an empty text
    public static UsageReader of(UnaryOperator<String> header) {
        return new UsageReader(header, null);
    }

    /// Creates a reader for the results of a batch, in which each line is a JSON document.
    ///
    /// @param documents receives the reading of each document
    public static UsageReader ofLines(UnaryOperator<String> header, Consumer<UsageReading> documents) {
        return new UsageReader(header, documents);
    }

    /// Reads a piece of the answer. It does not keep `bytes`.
    public void accept(byte[] bytes, int from, int count) {
        try {
            sink.accept(bytes, from, count);
        } catch (RuntimeException notWhatItSays) {
            sink = NOTHING;
        }
    }

    /// Returns the usage that the answer has reported so far, without estimates.
    public Usage usage() {
        return fields.usage();
    }

    /// Returns what was read from the answer.
    ///
    /// @param complete whether the answer was received to its end
    public UsageReading reading(boolean complete) {
        return fields.reading(streamed, complete);
    }

    @Override
    public void close() {
        sink = NOTHING;
        if (unpacked != null) unpacked.close();
    }

    private Sink framed(String type) {
        if (type.equals("application/vnd.amazon.eventstream")) {
            streamed = true;
            return new EventFrames(scan());
        }
        if (documents != null) return new Sniffed();
        // Some upstreams declare JSON as text or not at all, and some stream although the request did not ask for
        // it.
        if (type.endsWith("json") || type.endsWith("jsonl") || type.equals("text/event-stream")) return new Sniffed();
        return type.isEmpty() || type.equals("text/plain") || type.equals("application/octet-stream")
                ? new Sniffed()
                : NOTHING;
    }

    private JsonScan scan() {
        if (documents == null) return new JsonScan(UsageFields.PATHS, fields);
        return new JsonScan(UsageFields.PATHS, new Documents());
    }

    /// Returns the media type of a `Content-Type` without its parameters.
    private static String mediaType(String contentType) {
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /// Distinguishes JSON from server-sent events by the first byte that is neither a blank nor part of a byte
    /// order mark.
    private final class Sniffed implements Sink {
        private Sink known;

        @Override
        public void accept(byte[] bytes, int from, int count) {
            int i = from;
            while (known == null && i < from + count) {
                var b = bytes[i];
                if (b < 0 || b <= ' ') {
                    i++;
                    continue;
                }
                streamed = b != '{' && b != '[';
                known = streamed ? new EventLines(scan(), fields::done) : scan();
            }
            if (known != null) known.accept(bytes, i, from + count - i);
        }
    }

    /// Reports each document of a batch separately.
    private final class Documents implements JsonScan.Found {
        @Override
        public void number(int id, long value) {
            fields.number(id, value);
        }

        @Override
        public void text(int id, byte[] bytes, int from, int count) {
            fields.text(id, bytes, from, count);
        }

        @Override
        public void opened(int id) {
            fields.opened(id);
        }

        @Override
        public void dropped() {
            fields.dropped();
        }

        @Override
        public void ended() {
            fields.ended();
            documents.accept(fields.reading(false, true));
            fields.clear();
        }
    }
}
