package tests.gateway.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntPredicate;
import tests.gateway.TestGateway;
import tests.gateway.server.Mutations;
import tests.support.AcceptLoop;

/// An upstream that keeps its connections and reads them to the letter: whatever two readers could read
/// differently is an offence, and so is a request without the provider's key, with the client's token, or that
/// climbed out of its path.
public final class StrictUpstream implements AutoCloseable {
    public final Queue<String> offences = new ConcurrentLinkedQueue<>();
    private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final String key;
    private final IntPredicate named;

    /// @param key the header that every request has, as a line
    /// @param named whether the request of that `X-Id` named this provider
    public StrictUpstream(String key, IntPredicate named) throws IOException {
        this.key = key;
        this.named = named;
        AcceptLoop.start(server, this::serve);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/base");
    }

    private void serve(Socket socket) {
        try (socket) {
            for (String line; (line = line(socket.getInputStream())) != null; ) {
                var headers = new ArrayList<String>();
                for (var header = line(socket.getInputStream());
                        header != null && !header.isEmpty();
                        header = line(socket.getInputStream())) headers.add(header);
                check(line, headers);
                body(socket.getInputStream(), headers);
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException left) {
            // The gateway's to do.
        }
    }

    private void check(String line, List<String> headers) {
        var what = line + " " + headers;
        var path = line.split(" ").length == 3
                ? line.split(" ")[1].toLowerCase(Locale.ROOT).replaceFirst("\\?.*", "")
                : "";
        if (!path.startsWith("/base/")) offences.add("not below the base URL: " + what);
        if (path.replace("%2e", ".").replaceAll("%2f|%5c|\\\\", "/").matches(".*/\\.\\.?(;.*|%3b.*)?(/.*)?"))
            offences.add("climbs: " + what);
        if (!line.endsWith(" HTTP/1.1")) offences.add("no version: " + what);
        if (headers.stream()
                .anyMatch(header -> !header.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+: [^\\x00-\\x08\\x0a-\\x1f\\x7f]*")))
            offences.add("no header: " + what);
        if (values(headers, "content-length").size()
                        + values(headers, "transfer-encoding").size()
                > 1) offences.add("framed twice: " + what);
        if (values(headers, "host").size() != 1) offences.add("hosts: " + what);
        if (!headers.contains(key)) offences.add("no key: " + what);
        if (what.contains(TestGateway.TOKEN)) offences.add("the token: " + what);
        if (what.contains("X-Smuggled")) offences.add("smuggled: " + what);
        var id = values(headers, "x-id");
        if (id.size() == 1
                && isWhole(id.getFirst())
                && !named.test(Integer.parseInt(id.getFirst().split("-")[0])))
            offences.add("for somebody else: " + what);
    }

    private static boolean isWhole(String id) {
        return id.matches("[0-9]{1,7}-.*") && id.equals(Mutations.name(Integer.parseInt(id.split("-")[0])));
    }

    private static void body(InputStream in, List<String> headers) throws IOException {
        if (!values(headers, "content-length").isEmpty()) {
            in.skipNBytes(Long.parseLong(values(headers, "content-length").getFirst()));
        } else if (!values(headers, "transfer-encoding").isEmpty()) {
            for (int size; (size = Integer.parseInt(required(line(in)), 16)) > 0; line(in)) in.skipNBytes(size);
            line(in);
        }
    }

    private static String required(String line) throws EOFException {
        if (line == null) throw new EOFException();
        return line;
    }

    private static List<String> values(List<String> headers, String name) {
        return headers.stream()
                .filter(header -> header.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(header -> header.substring(name.length() + 1).strip())
                .toList();
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next; (next = in.read()) != '\n'; ) {
            if (next < 0) return null;
            line.append((char) next);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') line.setLength(line.length() - 1);
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
