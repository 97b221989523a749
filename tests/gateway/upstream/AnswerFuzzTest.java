package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;
import tests.support.OwnCertificate;

/// Mutated answers of upstreams, from a seed: some thousands with every run, `JDK_JAVA_OPTIONS=-Drpkai.fuzz=100000`
/// for many, `-Drpkai.fuzz.seed=7` for others. A client gets the answer that a plain reading of the bytes gives, an
/// error of the gateway, or a cut connection. It never gets a part of another answer, and never waits in vain.
@Timeout(value = 1, unit = TimeUnit.HOURS)
class AnswerFuzzTest {
    private static final int COUNT = Integer.getInteger("rpkai.fuzz", 3000);
    private static final long SEED = Long.getLong("rpkai.fuzz.seed", 1);
    private static final int THREADS = 4;
    private static final byte[] BYTES =
            "\r\n\r\n: ;0123459aF-+x,\0\t\u007f\u0085\u00ff".getBytes(StandardCharsets.ISO_8859_1);
    private static final List<String> INSERTED = List.of(
            "Content-Length: 5\r\n",
            "Content-Length: 0\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip\r\n",
            "Connection: close\r\n",
            "HTTP/1.1 100 X\r\n\r\n",
            "HTTP/1.1 204 X\r\n\r\n",
            "\r\n",
            " ",
            "0\r\n\r\n",
            "5\r\n");
    private static final String FORGED = "HTTP/1.1 200 X\r\nContent-Length: 6\r\n\r\nforged";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.([01]) (\\d{3})(?: .*)?", Pattern.DOTALL);
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)", Pattern.DOTALL);
    private static final Pattern SIZE = Pattern.compile("\\s*([0-9a-fA-F]{1,15})\\s*(?:;.*)?", Pattern.DOTALL);

    private static OwnCertificate own;

    /// The requests that arrived, and whether each was the first one on its connection.
    private final Map<Integer, Boolean> asked = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        own = OwnCertificate.in(folder);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientGetsTheAnswerToItsRequestOrAnError(boolean secure) throws Exception {
        var next = new AtomicInteger();
        int count = secure ? COUNT / 4 : COUNT - COUNT / 4;
        try (var upstream = new RawUpstream(secure ? Optional.of(own) : Optional.empty(), this::serve);
                var gateway = TestGateway.with(
                        config -> TestGateway.trusting(config, own, Duration.ofMinutes(2)),
                        new HostedProvider(
                                Provider.of("up", ProviderType.ANTHROPIC).withOption(Provider.Option.PASSTHROUGH, true),
                                Upstream.passthrough(upstream.url())))) {
            Callable<Void> asks = () -> {
                for (int id; (id = next.getAndIncrement()) < count && failures.isEmpty(); ) ask(gateway, id);
                return null;
            };
            EarlyAnswerTest.all(List.of(asks, asks, asks, asks).subList(0, THREADS));
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    private void ask(TestGateway gateway, int id) throws InterruptedException {
        var expected = Scripted.of(id);
        var request = gateway.anonymous("/llm/v1/providers/up/v1/messages")
                .header("X-Redpanda-Cloud-Token", TestGateway.TOKEN)
                .header("x-api-key", "own")
                .POST(BodyPublishers.ofString(id + ""));
        try {
            var answer = gateway.send(request);
            var isOwnError = answer.statusCode() == 502 && answer.body().contains("upstream");
            if (expected.answer.isPresent()) {
                var right = expected.answer.get();
                if (answer.statusCode() == right.status && answer.body().equals(right.body)) return;
                if (isOwnError && expected.isMutated) return;
            } else if (isOwnError) {
                return;
            }
            fail(expected, answer.statusCode() + " " + answer.body());
        } catch (HttpTimeoutException e) {
            fail(expected, "no end");
        } catch (IOException cut) {
            if (!expected.isMutated) fail(expected, cut.toString());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            fail(expected, e.toString());
        }
    }

    private void fail(Scripted script, String got) {
        failures.add("id %d: %s\n%s\nbut got %s"
                .formatted(
                        script.id,
                        script.answer,
                        new String(script.bytes, StandardCharsets.ISO_8859_1)
                                .replace("\r", "\\r")
                                .replace("\n", "\\n\n"),
                        got));
    }

    private void serve(Socket socket) throws Exception {
        for (var isFirst = true; ; isFirst = false) {
            var head = RawUpstream.head(socket.getInputStream());
            var body = socket.getInputStream().readNBytes((int) RawUpstream.length(head));
            if (body.length == 0) {
                failures.add("a request without its body");
                return;
            }
            int id = Integer.parseInt(new String(body, StandardCharsets.US_ASCII));
            var script = Scripted.of(id);
            // Only a connection that had been used before may have been closed by accident.
            var earlier = asked.putIfAbsent(id, isFirst);
            if (earlier != null && (earlier || script.bytes.length > 0)) failures.add("id " + id + " was sent twice");
            int from = 0;
            for (int to : script.parts) {
                socket.getOutputStream().write(script.bytes, from, to - from);
                from = to;
            }
            if (script.closes) return;
        }
    }

    /// @param end the index after the last byte of the answer
    /// @param isLast whether the end of the connection ends the answer
    private record Answer(int status, String body, int end, boolean isLast) {}

    /// What the upstream sends in answer to a request.
    ///
    /// @param answer how it reads; empty if it does not
    /// @param parts where each write ends
    private record Scripted(
            int id, byte[] bytes, Optional<Answer> answer, boolean isMutated, boolean closes, int[] parts) {
        static Scripted of(int id) {
            var random = new Random(SEED * 1_000_003 + id);
            var text = original(id, random);
            var isMutated = random.nextInt(10) > 0;
            if (isMutated) for (int i = random.nextInt(3); i >= 0; i--) text = mutated(text, random);
            var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            var answer = Optional.<Answer>empty();
            try {
                answer = Optional.of(read(text));
            } catch (IllegalArgumentException | IndexOutOfBoundsException invalid) {
                // It stays empty.
            }
            var closes = answer.isEmpty() || answer.get().isLast || random.nextInt(8) == 0;
            int end = answer.map(Answer::end).orElse(bytes.length);
            var parts =
                    random.ints(random.nextInt(4), 0, Math.max(1, end)).sorted().toArray();
            parts = Arrays.copyOf(parts, parts.length + 1);
            parts[parts.length - 1] = bytes.length;
            return new Scripted(id, bytes, answer, isMutated, closes, parts);
        }

        private static String original(int id, Random random) {
            var body = "{\"id\":" + id + "}" + " ".repeat(random.nextInt(4) == 0 ? random.nextInt(40_000) : 3);
            var head = random.nextInt(5) == 0 ? "HTTP/1.1 103 X\r\nLink: x\r\n\r\n" : "";
            head += "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
            return switch (random.nextInt(6)) {
                case 0, 1 -> head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
                case 2, 3 -> head + "Transfer-Encoding: chunked\r\n\r\n" + chunks(body, random) + "0\r\n\r\n";
                case 4 -> head + "Transfer-Encoding: chunked\r\n\r\n" + chunks(body, random) + "0;x=1\r\nX: 1\r\n\r\n";
                default -> head + "Connection: close\r\n\r\n" + body;
            };
        }

        private static String chunks(String body, Random random) {
            var chunks = new StringBuilder();
            for (int at = 0; at < body.length(); ) {
                int count = Math.min(body.length() - at, 1 + random.nextInt(random.nextBoolean() ? 9 : 9000));
                chunks.append(Integer.toHexString(count)).append("\r\n");
                chunks.append(body, at, at += count).append("\r\n");
            }
            return chunks.toString();
        }

        private static String mutated(String text, Random random) {
            int at = random.nextInt(1 + (random.nextInt(10) < 7 ? Math.min(200, text.length()) : text.length()));
            int to = Math.min(text.length(), at + 1 + random.nextInt(8));
            var before = text.substring(0, at);
            var after = text.substring(to);
            return switch (random.nextInt(8)) {
                case 0 -> before + after;
                case 1 -> before + text.substring(at, to) + text.substring(at);
                case 2, 3 ->
                    before
                            + (char) (BYTES[random.nextInt(BYTES.length)] & 0xff)
                            + text.substring(Math.min(text.length(), at + 1));
                case 4 -> before;
                case 5 -> text + FORGED;
                default -> {
                    int line = text.lastIndexOf('\n', at) + 1;
                    yield text.substring(0, line)
                            + INSERTED.get(random.nextInt(INSERTED.size()))
                            + text.substring(line);
                }
            };
        }

        /// Reads an answer as RFC 9112 says.
        ///
        /// @throws IllegalArgumentException if it is invalid
        /// @throws IndexOutOfBoundsException if it is incomplete
        private static Answer read(String text) {
            var lines = new ArrayList<String>();
            for (int at = 0; ; ) {
                lines.clear();
                for (var line = line(text, at); !line.isEmpty() || lines.isEmpty(); line = line(text, at)) {
                    lines.add(line.strip());
                    at = text.indexOf('\n', at) + 1;
                }
                at = text.indexOf('\n', at) + 1;
                var status = STATUS.matcher(lines.getFirst());
                if (!status.matches()) throw new IllegalArgumentException();
                int code = Integer.parseInt(status.group(2));
                var headers = headers(lines.subList(1, lines.size()));
                if (code == 101 || code < 100) throw new IllegalArgumentException();
                if (code < 200) continue;
                if (code == 204 || code == 205 || code == 304) return new Answer(code, "", at, false);
                if (headers.containsKey("transfer-encoding")) return chunked(code, text, at, headers);
                if (!headers.containsKey("content-length"))
                    return new Answer(code, utf8(text.substring(at)), text.length(), true);
                int end = at + length(headers.get("content-length"));
                return new Answer(code, utf8(text.substring(at, end)), end, false);
            }
        }

        /// Returns the text that a client reads, which takes the bytes for UTF-8.
        private static String utf8(String bytes) {
            return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }

        private static String line(String text, int at) {
            var line = text.substring(at, text.indexOf('\n', at));
            return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        }

        private static Map<String, List<String>> headers(List<String> lines) {
            var headers = new HashMap<String, List<String>>();
            for (var line : lines) {
                var header = HEADER.matcher(line);
                if (!header.matches()) throw new IllegalArgumentException();
                headers.computeIfAbsent(header.group(1).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                        .add(header.group(2).strip());
            }
            return headers;
        }

        private static int length(List<String> lengths) {
            if (Set.copyOf(lengths).size() > 1) throw new IllegalArgumentException();
            int length = Integer.parseInt(lengths.getFirst());
            if (length < 0 || lengths.getFirst().startsWith("+")) throw new IllegalArgumentException();
            return length;
        }

        private static Answer chunked(int code, String text, int start, Map<String, List<String>> headers) {
            var codings = headers.get("transfer-encoding");
            if (headers.containsKey("content-length")
                    || codings.size() > 1
                    || !codings.getFirst().equalsIgnoreCase("chunked")) throw new IllegalArgumentException();
            var body = new StringBuilder();
            for (int at = start; ; ) {
                var size = SIZE.matcher(line(text, at));
                if (!size.matches()) throw new IllegalArgumentException();
                at = text.indexOf('\n', at) + 1;
                int count = Math.toIntExact(Math.min(Integer.MAX_VALUE / 2, Long.parseLong(size.group(1), 16)));
                if (count == 0) {
                    while (!line(text, at).isEmpty()) at = text.indexOf('\n', at) + 1;
                    return new Answer(code, utf8(body.toString()), text.indexOf('\n', at) + 1, false);
                }
                body.append(text, at, at + count);
                at += count;
                if (!line(text, at).isEmpty()) throw new IllegalArgumentException();
                at = text.indexOf('\n', at) + 1;
            }
        }
    }
}
