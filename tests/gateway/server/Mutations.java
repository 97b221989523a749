package tests.gateway.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tests.gateway.TestGateway;

/// Valid requests made invalid: climbing paths, wrong lengths, invalid chunks, heads with more than a head has,
/// broken JSON, inserted or missing bytes. The same seed gives the same requests.
///
///     var request = new Mutations(new Random(7)).next(1);
public final class Mutations {
    /// A request that must not reach any upstream: it follows another request's body, without a token of its own.
    static final String SMUGGLED = "GET /v1/smuggled HTTP/1.1\r\nHost: x\r\nX-Smuggled: yes\r\n\r\n";

    private static final List<String> PATHS = List.of(
            "/llm/v1/providers/anthropic/v1/messages",
            "/llm/v1/providers/openai/v1/chat/completions",
            "/llm/v1/providers/demo/v1/messages",
            "/llm/v1/providers/anthropic/v1/models?limit=1",
            "/llm/v1/providers/openai",
            "/redpanda.api.adp.v1alpha1.LLMProviderService/ListLLMProviders",
            "/healthz",
            "/metrics",
            "/");
    private static final List<String> STEPS = List.of(
            "..",
            ".",
            "%2e%2e",
            "%2E.",
            "..%2f",
            "%2f",
            "%5c",
            "\\",
            "..;",
            "..;a=b",
            "%00",
            "%",
            "%zz",
            "%252e%252e",
            "",
            "//",
            "é",
            "openai",
            "anthropic",
            "#",
            "?",
            "*",
            "a".repeat(5000));
    private static final List<String> HEADERS = List.of(
            "Transfer-Encoding: chunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding:\tchunked",
            "Transfer-Encoding: identity",
            "transfer-encoding: chunked, chunked",
            "Content-Length: 0",
            "Content-Length: 5",
            "Content-Length: +5",
            "Content-Length: -1",
            "Content-Length: 5, 5",
            "Content-Length: 99999999999999999999",
            "Content-Length: 0x5",
            "Content-Length : 5",
            "Content-Length:",
            " folded",
            "\tfolded: 1",
            "Host: elsewhere.example",
            "Host: 127.0.0.1",
            "Connection: x-api-key",
            "Connection: close",
            "Connection: close, content-length, transfer-encoding",
            "Expect: 100-continue",
            "Expect: everything",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
            "TE: trailers",
            "Trailer: X-Id",
            "X: \0",
            "X: \r",
            "X: é",
            ": nothing",
            "no colon",
            "X y: 1",
            "X-Big: " + "b".repeat(20_000),
            "Content-Encoding: gzip",
            "Content-Type: text/plain",
            "Content-Type: ;;;",
            "Accept: \"",
            "Cookie: a=" + "c".repeat(9000));
    private static final List<String> METHODS = List.of(
            "GET",
            "get",
            "HEAD",
            "PUT",
            "PATCH",
            "DELETE",
            "OPTIONS",
            "TRACE",
            "CONNECT",
            "GE T",
            "P\0ST",
            "",
            "PRI",
            "X".repeat(300));
    private static final List<String> VERSIONS =
            List.of("HTTP/1.0", "HTTP/1.1 ", "HTTP/2.0", "HTTP/9", "http/1.1", "", "HTTP/1.1\t", "HTTP/1.1 x");
    private static final List<String> BODIES = List.of(
            "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
            "{\"model\":\"m\"",
            "{\"model\":{}}",
            "{\"model\":\"m\",\"model\":\"n\"}",
            "[]",
            "null",
            "\"",
            "{}",
            "",
            "\0\0\0",
            "{\"model\":\"\\ud800\"}",
            "\ufeff{}",
            "[".repeat(3000),
            "{\"a\":".repeat(2000),
            "1e999999999",
            "{\"model\":\"m\",\"messages\":" + "9".repeat(3000) + "}",
            "{\"name\":\"../x\",\"pageSize\":-1}",
            "{\"pageToken\":\"%%%\"}");
    private static final List<String> CHUNKS = List.of(
            "5\r\nhello\r\n0\r\n\r\n",
            "5;x=\"\r\nhello\r\n0\r\n\r\n",
            "5\nhello\n0\n\n",
            "0x5\r\nhello\r\n0\r\n\r\n",
            "-1\r\nhello\r\n0\r\n\r\n",
            "ffffffffffffffff\r\nhello\r\n0\r\n\r\n",
            "7fffffff\r\nhello",
            "5\r\nhelloX0\r\n\r\n",
            "5\r\nhello\r\n0\r\nX: 1\r\nContent-Length: 9\r\n\r\n",
            "\r\n",
            "5 \r\nhello\r\n0\r\n\r\n",
            "00000000000000000005\r\nhello\r\n0\r\n\r\n");

    private final Random random;

    Mutations(Random random) {
        this.random = random;
    }

    /// @param id value of the header `X-Id`
    byte[] next(int id) {
        var method = chance(4) ? "GET" : "POST";
        var path = one(PATHS);
        var version = "HTTP/1.1";
        var extra = new StringBuilder();
        var body = chance(2) ? BODIES.getFirst() : one(BODIES);
        var isChunked = chance(5);
        for (int i = random.nextInt(4); i > 0; i--) {
            switch (random.nextInt(7)) {
                case 0, 1 -> path = climb(path);
                case 2, 3 -> extra.append(one(HEADERS)).append("\r\n");
                case 4 -> method = one(METHODS);
                case 5 -> version = one(VERSIONS);
                default -> path = chance(2) ? "http://elsewhere.example" + path : path + "?" + one(STEPS);
            }
        }
        var sent = isChunked ? one(CHUNKS) : body;
        var length = isChunked
                ? "Transfer-Encoding: chunked"
                : "Content-Length: " + sent.getBytes(StandardCharsets.UTF_8).length;
        var text = method + " " + path + " " + version + "\r\nHost: 127.0.0.1\r\nX-Id: " + name(id) + "\r\nx-api-key: "
                + TestGateway.TOKEN + "\r\nAuthorization: Bearer " + TestGateway.TOKEN
                + "\r\nContent-Type: application/json\r\n" + extra + length + "\r\n\r\n" + sent;
        if (chance(4)) text += SMUGGLED;
        if (chance(12)) text = text.replace("\r\n", "\n");
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = chance(3) ? random.nextInt(4) : 0; i > 0 && bytes.length > 0; i--) bytes = damage(bytes);
        return bytes;
    }

    /// A number that is no other's when a digit falls out.
    public static String name(int id) {
        return id + "-" + Integer.toHexString(id * 0x9e3779b9);
    }

    private String climb(String path) {
        int slash = path.indexOf('/', random.nextInt(path.length()));
        return slash < 0
                ? path + "/" + one(STEPS)
                : path.substring(0, slash) + "/" + one(STEPS) + path.substring(slash);
    }

    private byte[] damage(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        int count = Math.min(bytes.length - at, 1 + random.nextInt(8));
        return switch (random.nextInt(4)) {
            case 0 -> {
                bytes[at] = (byte) random.nextInt(256);
                yield bytes;
            }
            case 1 -> joined(bytes, at, at + count);
            case 2 -> joined(bytes, at + count, at);
            default -> Arrays.copyOf(bytes, at);
        };
    }

    /// The beginning up to `end`, then the rest from `from`.
    private static byte[] joined(byte[] bytes, int end, int from) {
        var joined = Arrays.copyOf(bytes, end + bytes.length - from);
        System.arraycopy(bytes, from, joined, end, bytes.length - from);
        return joined;
    }

    private boolean chance(int in) {
        return random.nextInt(in) == 0;
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
