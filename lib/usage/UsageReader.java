package lib.usage;

import java.util.Locale;

/// Reads what a call used from its answer while that passes by, piece by piece as it comes, in constant memory.
///
///     var reader = UsageReader.of("text/event-stream", "");
///     reader.accept(buffer, 0, count);   // behind every write
///     reader.usage()                     // what was shown so far: all of it at the end, some of it after a cut
///
/// It never throws: an answer that it can't make sense of is one without usage.
public final class UsageReader implements AutoCloseable {
    private static final Sink NOTHING = (_, _, _) -> {};
    /// For as long as there is no answer.
    public static final UsageReader NONE = new UsageReader("", "");

    private final UsageFields fields = new UsageFields();
    private final Gunzip gunzip;
    private Sink sink;

    /// Takes the pieces of an answer.
    @FunctionalInterface
    interface Sink {
        void accept(byte[] bytes, int from, int count);
    }

    private UsageReader(String contentType, String contentEncoding) {
        var json = new JsonScan(UsageFields.NAMES, fields);
        Sink framed = switch (mediaType(contentType)) {
            case "text/event-stream" -> new EventLines(json);
            case "application/vnd.amazon.eventstream" -> new EventFrames(json);
            case String type when type.endsWith("json") -> json;
            default -> NOTHING;
        };
        var coding = contentEncoding.strip();
        var isGzip = coding.equalsIgnoreCase("gzip") || coding.equalsIgnoreCase("x-gzip");
        gunzip = isGzip ? new Gunzip(framed) : null;
        sink = isGzip ? gunzip : coding.isEmpty() || coding.equalsIgnoreCase("identity") ? framed : NOTHING;
    }

    /// Without its parameters.
    private static String mediaType(String contentType) {
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }

    /// One for an answer with these headers, each empty where it has none.
    public static UsageReader of(String contentType, String contentEncoding) {
        return new UsageReader(contentType, contentEncoding);
    }

    /// Takes one piece; `bytes` is not kept.
    public void accept(byte[] bytes, int from, int count) {
        try {
            sink.accept(bytes, from, count);
        } catch (RuntimeException notWhatItSays) {
            sink = NOTHING;
        }
    }

    /// What has been shown so far.
    public Usage usage() {
        return fields.usage();
    }

    @Override
    public void close() {
        sink = NOTHING;
        if (gunzip != null) gunzip.close();
    }
}
