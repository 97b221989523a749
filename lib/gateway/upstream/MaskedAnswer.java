package lib.gateway.upstream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An answer of an upstream that may quote the key of the request, in a header or in the body. The copy for the
/// caller has asterisks instead, one for each character of the key, so that an announced length stays correct.
///
///     MaskedAnswer.of(answer, new UpstreamAuth.Key("x-api-key", "", key))   // … "bad key *****************"
///
/// A body with a `Content-Encoding` is not searched.
///
/// @param answer the original answer
/// @param key the key of the upstream
/// @param headers the headers with the key masked
record MaskedAnswer(UpstreamAnswer answer, byte[] key, Map<String, List<String>> headers) implements UpstreamAnswer {
    /// The minimum length of a key. Shorter ones are placeholders such as `none`, for upstreams that require no
    /// key, and may occur in answers by chance.
    private static final int SHORTEST = 16;

    /// Returns the answer to a request with these credentials, masked if necessary.
    static UpstreamAnswer of(UpstreamAnswer answer, UpstreamAuth access) {
        return access instanceof UpstreamAuth.Key(var _, var _, var secret)
                        && secret.reveal().length() >= SHORTEST
                ? new MaskedAnswer(
                        answer,
                        secret.reveal().getBytes(StandardCharsets.ISO_8859_1),
                        masked(answer.headers(), secret.reveal()))
                : answer;
    }

    private static Map<String, List<String>> masked(Map<String, List<String>> headers, String key) {
        if (headers.values().stream().noneMatch(values -> values.stream().anyMatch(value -> value.contains(key))))
            return headers;
        var masked = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> masked.put(
                name,
                values.stream()
                        .map(value -> value.replace(key, "*".repeat(key.length())))
                        .toList()));
        return masked;
    }

    @Override
    public int status() {
        return answer.status();
    }

    @Override
    public Optional<byte[]> whole() {
        return answer.whole().map(this::masked);
    }

    private byte[] masked(byte[] body) {
        for (int at = 0; (at = indexOf(body, at)) >= 0; at += key.length)
            Arrays.fill(body, at, at + key.length, (byte) '*');
        return body;
    }

    private int indexOf(byte[] body, int from) {
        for (int i = from; i <= body.length - key.length; i++) {
            if (body[i] == key[0] && Arrays.equals(body, i, i + key.length, key, 0, key.length)) return i;
        }
        return -1;
    }

    @Override
    public void passTo(OutputStream out) throws IOException {
        var masking = new Masking(out);
        answer.passTo(masking);
        masking.end();
    }

    @Override
    public void close() {
        answer.close();
    }

    @Override
    public String toString() {
        return "MaskedAnswer[" + answer.status() + "]";
    }

    /// Holds back bytes that may be the start of the key, and nothing else. Keys contain no blanks and line ends,
    /// so complete events are never held back.
    private final class Masking extends OutputStream {
        private final OutputStream out;
        private byte[] held = {};

        Masking(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int size) throws IOException {
            // The buffer belongs to the reader and must not be changed.
            var all = Arrays.copyOf(held, held.length + size);
            System.arraycopy(buffer, offset, all, held.length, size);
            masked(all);
            int end = all.length - startOfKey(all);
            held = Arrays.copyOfRange(all, end, all.length);
            out.write(all, 0, end);
        }

        /// Returns the number of bytes at the end that are the beginning of the key.
        private int startOfKey(byte[] bytes) {
            for (int count = Math.min(bytes.length, key.length - 1); count > 0; count--) {
                if (Arrays.equals(bytes, bytes.length - count, bytes.length, key, 0, count)) return count;
            }
            return 0;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        void end() throws IOException {
            if (held.length > 0) out.write(held);
            held = new byte[0];
        }
    }
}
