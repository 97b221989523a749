package lib.usage;

import lib.usage.JsonScan.Names;

/// Reads from a request which model it asks for while it passes by, in constant memory.
///
///     reader.accept(bytes, 0, bytes.length);
///     reader.model()   // claude-sonnet-5-5
public final class ModelReader {
    private static final Names NAMES = Names.of("model");

    private final JsonScan json = new JsonScan(NAMES, "model", text -> model = text.replace("\\/", "/"));
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
