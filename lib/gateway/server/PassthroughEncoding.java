package lib.gateway.server;

import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import java.util.Set;

/// Leaves compressed request bodies unchanged; the upstream decodes them. Without this class Helidon rejects
/// every request with a `Content-Encoding`.
public final class PassthroughEncoding implements ContentEncoding {
    @Override
    public Set<String> ids() {
        return Set.of("identity", "gzip", "x-gzip", "deflate", "br", "zstd");
    }

    @Override
    public boolean supportsEncoding() {
        return false;
    }

    @Override
    public boolean supportsDecoding() {
        return true;
    }

    @Override
    public ContentDecoder decoder() {
        return ContentDecoder.NO_OP;
    }

    @Override
    public ContentEncoder encoder() {
        return ContentEncoder.NO_OP;
    }

    @Override
    public String name() {
        return "as-it-is";
    }

    @Override
    public String type() {
        return "as-it-is";
    }
}
