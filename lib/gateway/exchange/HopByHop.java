package lib.gateway.exchange;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What ends at this hop: the headers of one connection, which the next one sets for itself.
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
            // HTTP/2's offer to upgrade, and its pseudo header, which the JDK shows among an answer's headers.
            "http2-settings",
            ":status");
    // The next hop names its own host, frames the body itself, and was not asked to say 100.
    private static final Set<String> REQUEST = names(List.of("host", "content-length", "expect"));
    private static final Set<String> RESPONSE = names(List.of());

    private HopByHop() {}

    /// The names to leave out of a request, compared without case.
    ///
    /// @param connection the values of its `Connection` headers
    public static Set<String> request(List<String> connection) {
        return and(REQUEST, connection);
    }

    /// The names to leave out of a response, compared without case.
    public static Set<String> response(List<String> connection) {
        return and(RESPONSE, connection);
    }

    /// Whether this is the last message on its connection.
    ///
    /// @param connection the values of its `Connection` headers
    public static boolean closes(List<String> connection) {
        for (var value : connection) if (value.toLowerCase(Locale.ROOT).contains("close")) return true;
        return false;
    }

    /// Whether a response of this status ends with its head.
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

    /// Those names, compared without case.
    public static Set<String> names(Collection<String> more) {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(ALWAYS);
        names.addAll(more);
        return names;
    }
}
