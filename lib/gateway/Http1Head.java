package lib.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The head of an HTTP/1.1 answer. What could be read in two ways is not read at all: the upstream is not trusted to end
/// its answer where another would see its end.
///
///     Http1Head.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n").length()   // 2
///
/// @param minor of the version: 0 or 1
/// @param headers by name, compared without case
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112, section 6.3</a>
record Http1Head(int minor, int status, Map<String, List<String>> headers) {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9][0-9])(?: .*)?");
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /// @param text its lines
    /// @throws IOException where it is none
    static Http1Head of(String text) throws IOException {
        var lines = text.split("\r?\n");
        var status = STATUS.matcher(lines[0]);
        if (!status.matches()) throw malformed();
        var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 0 || !TOKEN.matcher(lines[i]).region(0, colon).matches()) throw malformed();
            var value = lines[i].substring(colon + 1).strip();
            if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) throw malformed();
            headers.computeIfAbsent(lines[i].substring(0, colon), _ -> new ArrayList<>(1)).add(value);
        }
        return new Http1Head(status.group(1).charAt(0) - '0', Integer.parseInt(status.group(2)), headers);
    }

    /// Whether the answer proper is still to come.
    boolean isInterim() throws IOException {
        // Nobody asked to change the protocol.
        if (status == 101) throw malformed();
        return status < 200;
    }

    boolean isChunked() throws IOException {
        var codings = headers.get("transfer-encoding");
        if (codings == null) return false;
        if (headers.containsKey("content-length") || codings.size() != 1 || !codings.getFirst().equalsIgnoreCase("chunked")) throw malformed();
        return true;
    }

    /// The length of the body; -1 where it ends with the connection.
    long length() throws IOException {
        var lengths = headers.get("content-length");
        if (lengths == null) return -1;
        var length = lengths.getFirst();
        if (!length.matches("[0-9]{1,18}") || !lengths.stream().allMatch(length::equals)) throw malformed();
        return Long.parseLong(length);
    }

    /// Whether the connection may be used again.
    boolean keepsAlive() {
        return minor == 1 && headers.getOrDefault("connection", List.of()).stream().noneMatch(value -> value.toLowerCase().contains("close"));
    }

    static IOException malformed() {
        return new IOException("the upstream's answer is malformed");
    }
}
