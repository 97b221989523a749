package lib.gateway.upstream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lib.gateway.exchange.HopByHop;

/// The head of an HTTP/1.1 answer. Ambiguous heads are rejected, so that an upstream cannot make the gateway see
/// the end of an answer where another program would not.
///
///     Http1Head.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n").length()   // 2
///
/// @param minor the minor version: 0 or 1
/// @param headers the headers by name, compared without case
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112, section 6.3</a>
record Http1Head(int minor, int status, Map<String, List<String>> headers) {

    /// @param text the lines of the head
    /// @throws IOException if they are not a valid head
    static Http1Head of(String text) throws IOException {
        int end = lineEnd(text, 0);
        if (end < 12 || !text.startsWith("HTTP/1.") || text.charAt(8) != ' ' || end > 12 && text.charAt(12) != ' ')
            throw malformed();
        int minor = text.charAt(7) - '0';
        int status = number(text, 9, 12);
        if (minor < 0 || minor > 1 || status < 100 || status > 599) throw malformed();
        var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        for (int at = next(text, end); at < text.length(); at = next(text, end)) {
            end = lineEnd(text, at);
            int colon = text.indexOf(':', at);
            if (colon <= at || colon >= end) throw malformed();
            var name = text.substring(at, colon);
            if (!isToken(name)) throw malformed();
            for (int i = colon + 1; i < end; i++)
                if (text.charAt(i) < ' ' && text.charAt(i) != '\t' || text.charAt(i) == 0x7f) throw malformed();
            headers.computeIfAbsent(name, _ -> new ArrayList<>(1))
                    .add(text.substring(colon + 1, end).strip());
        }
        return new Http1Head(minor, status, headers);
    }

    /// Returns the end of a line, which CR LF or LF alone terminates.
    private static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        if (end < 0) end = text.length();
        return end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
    }

    private static int next(String text, int end) {
        return end < text.length() && text.charAt(end) == '\r' ? end + 2 : end + 1;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) return -1;
            number = number * 10 + digit;
        }
        return number;
    }

    /// Returns whether a text is a valid header name.
    static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) if (!isToken(name.charAt(i))) return false;
        return !name.isEmpty();
    }

    private static boolean isToken(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /// Returns whether the final answer is still to come.
    boolean isInterim() throws IOException {
        // The gateway never requests a change of protocol.
        if (status == 101) throw malformed();
        return status < 200;
    }

    boolean isChunked() throws IOException {
        var codings = headers.get("transfer-encoding");
        if (codings == null) return false;
        if (headers.containsKey("content-length")
                || codings.size() != 1
                || !codings.getFirst().equalsIgnoreCase("chunked")) throw malformed();
        return true;
    }

    /// Returns the length of the body in bytes; -1 if the end of the connection ends it.
    long length() throws IOException {
        var lengths = headers.get("content-length");
        if (lengths == null) return -1;
        var length = lengths.getFirst();
        if (length.isEmpty() || length.length() > 18) throw malformed();
        for (var other : lengths) if (!other.equals(length)) throw malformed();
        for (int i = 0; i < length.length(); i++)
            if (length.charAt(i) < '0' || length.charAt(i) > '9') throw malformed();
        return Long.parseLong(length);
    }

    /// Returns whether the connection can be reused.
    boolean keepsAlive() {
        return minor == 1 && !HopByHop.closes(headers.getOrDefault("connection", List.of()));
    }

    static IOException malformed() {
        return new IOException("the upstream's answer is malformed");
    }
}
