package lib.gateway.exchange;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The headers that concern a single connection. They are not forwarded; the next hop sets its own.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, section 7.6.1</a>
public final class HopByHop {
    private static final List<String> ALWAYS = List.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            // The upgrade header of HTTP/2, and its pseudo header, which the JDK lists among an answer's headers.
            "http2-settings",
            ":status");
    // The next hop has its own host and its own framing, and does not need `Expect: 100-continue`.
    private static final Set<String> REQUEST = names(List.of("host", "content-length", "expect"));
    private static final Set<String> RESPONSE = names(List.of());

    private HopByHop() {}

    /// Returns the names of the headers that a request must not forward, compared without case.
    ///
    /// @param connection the values of its `Connection` headers
    public static Set<String> request(List<String> connection) {
        return and(REQUEST, connection);
    }

    /// Returns the names of the headers that a response must not forward, compared without case.
    public static Set<String> response(List<String> connection) {
        return and(RESPONSE, connection);
    }

    /// Returns whether the message is the last one on its connection.
    ///
    /// @param connection the values of its `Connection` headers
    public static boolean closes(List<String> connection) {
        for (var value : connection) if (value.toLowerCase(Locale.ROOT).contains("close")) return true;
        return false;
    }

    /// Returns whether responses of this status have no body.
    public static boolean hasNoBody(int status) {
        return status == 204 || status == 205 || status == 304;
    }

    private static Set<String> and(Set<String> names, List<String> connection) {
        if (connection.isEmpty()) return names;
        var all = names(names);
        connection.stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(String::strip)
                .forEach(all::add);
        return all;
    }

    /// Returns a set of names that compares without case.
    public static Set<String> names(Collection<String> more) {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(ALWAYS);
        names.addAll(more);
        return names;
    }
}
