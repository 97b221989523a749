package lib.usage.extract;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// Reads from a request which model it asks for while it passes by, in constant memory.
///
///     reader.accept(bytes, 0, bytes.length);
///     reader.model()   // claude-sonnet-5-5
public final class ModelReader implements AutoCloseable {
    private static final JsonPaths PATHS = new JsonPaths().text("model", 0);

    private final JsonScan json = new JsonScan(PATHS, new JsonScan.Found() {
        @Override
        public void text(int id, byte[] bytes, int from, int count) {
            model = new String(bytes, from, count, StandardCharsets.UTF_8).replace("\\/", "/");
        }
    });
    private final Optional<Unpacker> unpacked;
    private boolean isReadable = true;
    private volatile String model = "";

    /// Of a body as it is.
    public ModelReader() {
        this("");
    }

    /// Of a body in a `Content-Encoding`: Claude Code may send gzip. It names no model in one that is not known.
    public ModelReader(String contentEncoding) {
        var coding = contentEncoding.strip().toLowerCase(Locale.ROOT);
        unpacked = switch (coding) {
            case "gzip", "x-gzip" -> Optional.of(Unpacker.gzip(json));
            case "deflate" -> Optional.of(Unpacker.deflate(json));
            default -> Optional.empty();
        };
    }

    /// Takes one piece of the request; `bytes` is not kept.
    public void accept(byte[] bytes, int from, int count) {
        if (unpacked.isEmpty()) {
            json.accept(bytes, from, count);
        } else if (isReadable) {
            try {
                unpacked.get().accept(bytes, from, count);
            } catch (IllegalArgumentException notWhatItSays) {
                isReadable = false;
            }
        }
    }

    @Override
    public void close() {
        isReadable = false;
        unpacked.ifPresent(Unpacker::close);
    }

    /// The model as far as the request has named one; empty where it has not.
    public String model() {
        return model;
    }
}
