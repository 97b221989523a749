package lib.usage;

import java.nio.charset.StandardCharsets;

/// Reads from a request which model it asks for while it passes by, in constant memory.
///
///     reader.accept(bytes, 0, bytes.length);
///     reader.model()   // claude-sonnet-5-5
public final class ModelReader {
    private static final JsonPaths PATHS = new JsonPaths().text("model", 0);

    private final JsonScan json = new JsonScan(PATHS, new JsonScan.Found() {
        @Override
        public void text(int id, byte[] bytes, int from, int count) {
            model = new String(bytes, from, count, StandardCharsets.UTF_8).replace("\\/", "/");
        }
    });
    private volatile String model = "";

    /// Takes one piece of the request; `bytes` is not kept.
    public void accept(byte[] bytes, int from, int count) {
        json.accept(bytes, from, count);
    }

    /// The model as far as the request has named one; empty where it has not.
    public String model() {
        return model;
    }
}
