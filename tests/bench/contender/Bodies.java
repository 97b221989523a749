package tests.bench.contender;

/// The bodies of the requests: JSON as agents send it, of ASCII characters only.
///
///     Bodies.modelLast(300_000)
public final class Bodies {
    /// One that has a price.
    public static final String MODEL = "gpt-6.1-sol";

    public static final String SMALL = modelFirst("Say hello to the people who read this.");

    /// What conversations with coding agents consist of: code, with its line ends and quotes escaped.
    private static final String LINE =
            "        if (name.equals(\\\"model\\\")) return Optional.of(value(at)); // {the} first [of] them\\n";

    private Bodies() {}

    /// @param size bytes, roughly
    public static String modelFirst(int size) {
        return modelFirst(LINE.repeat(size / LINE.length()));
    }

    /// @param size bytes, roughly
    public static String modelLast(int size) {
        return "{\"max_tokens\":1000,\"messages\":[" + message(LINE.repeat(size / LINE.length())) + "],\"model\":\""
                + MODEL + "\"}";
    }

    /// A request for events, one each so many milliseconds.
    public static String streaming(int events, int millis) {
        return modelFirst("sse-%d-%d".formatted(events, millis))
                .replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"");
    }

    private static String modelFirst(String content) {
        return "{\"model\":\"" + MODEL + "\",\"max_tokens\":1000,\"messages\":[" + message(content) + "]}";
    }

    private static String message(String content) {
        return "{\"role\":\"user\",\"content\":\"" + content + "\"}";
    }
}
