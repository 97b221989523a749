package lib.usage.extract;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import lib.usage.Usage;

/// Reads what a call used from its answer while that passes by, piece by piece as it comes, in constant memory.
///
///     var reader = UsageReader.of(name -> response.header(name));
///     reader.accept(buffer, 0, count);   // behind every write
///     reader.reading(true)               // all of it at the end, some of it after a cut
///
/// It never throws: an answer that it can't make sense of is one without usage.
public final class UsageReader implements AutoCloseable {
    private static final Sink NOTHING = (_, _, _) -> {};
    /// For as long as there is no answer.
    public static final UsageReader NONE = of(_ -> "");

    private final UsageFields fields = new UsageFields();
    private final Consumer<UsageReading> documents;
    private Unpacker unpacked;
    private Sink sink;
    private boolean streamed;

    /// Takes the pieces of an answer.
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

    /// One for an answer with these headers.
    ///
    /// @param header the value of a header by its name in lower case, empty where it has none
    public static UsageReader of(UnaryOperator<String> header) {
        return new UsageReader(header, null);
    }

    /// One for the results of a batch, each a JSON document on a line of its own.
    ///
    /// @param documents told of each that has usage
    public static UsageReader ofLines(UnaryOperator<String> header, Consumer<UsageReading> documents) {
        return new UsageReader(header, documents);
    }

    /// Takes one piece; `bytes` is not kept.
    public void accept(byte[] bytes, int from, int count) {
        try {
            sink.accept(bytes, from, count);
        } catch (RuntimeException notWhatItSays) {
            sink = NOTHING;
        }
    }

    /// What has been shown so far, and nothing that was estimated.
    public Usage usage() {
        return fields.usage();
    }

    /// What was read.
    ///
    /// @param complete whether the answer came to its end
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
        // Some say that it is text, or nothing, and some stream what was asked for as a whole.
        if (type.endsWith("json") || type.endsWith("jsonl") || type.equals("text/event-stream")) return new Sniffed();
        return type.isEmpty() || type.equals("text/plain") || type.equals("application/octet-stream")
                ? new Sniffed()
                : NOTHING;
    }

    private JsonScan scan() {
        if (documents == null) return new JsonScan(UsageFields.PATHS, fields);
        return new JsonScan(UsageFields.PATHS, new Documents());
    }

    /// Without its parameters.
    private static String mediaType(String contentType) {
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /// Tells JSON from server-sent events by the first byte that is neither blank nor of a byte order mark.
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

    /// Tells of each document by itself.
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
