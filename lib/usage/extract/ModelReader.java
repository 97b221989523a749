package lib.usage.extract;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// Reads the name of the model from a request while its body passes by, in constant memory.
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

    /// Creates a reader of a body without a `Content-Encoding`.
    public ModelReader() {
        this("");
    }

    /// Creates a reader of a body in this `Content-Encoding`; Claude Code may send gzip.
    public ModelReader(String contentEncoding) {
        var coding = contentEncoding.strip().toLowerCase(Locale.ROOT);
        unpacked = switch (coding) {
            case "gzip", "x-gzip" -> Optional.of(Unpacker.gzip(json));
            case "deflate" -> Optional.of(Unpacker.deflate(json));
            default -> Optional.empty();
        };
    }

    /// Reads a piece of the request. It does not keep `bytes`.
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

    /// Returns the model that the request has named so far; empty if it has not named one.
    public String model() {
        return model;
    }
}
