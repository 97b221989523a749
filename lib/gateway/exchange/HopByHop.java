package lib.gateway.exchange;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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
    private static final Names REQUEST = names(List.of("host", "content-length", "expect"));
    private static final Names RESPONSE = names(List.of());

    private HopByHop() {}

    /// Names of headers, compared without case.
    public static final class Names {
        private final Set<String> lower;

        private Names(Set<String> lower) {
            this.lower = lower;
        }

        public boolean contains(String name) {
            return lower.contains(name.toLowerCase(Locale.ROOT));
        }
    }

    /// Returns the names of the headers that a request must not forward, compared without case.
    ///
    /// @param connection the values of its `Connection` headers
    public static Names request(List<String> connection) {
        return and(REQUEST, connection);
    }

    /// Returns the names of the headers that a response must not forward, compared without case.
    public static Names response(List<String> connection) {
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

    private static Names and(Names names, List<String> connection) {
        if (connection.isEmpty()
                || connection.size() == 1 && connection.getFirst().equalsIgnoreCase("keep-alive")) return names;
        var all = new HashSet<>(names.lower);
        for (var value : connection)
            for (var name : value.split(",")) all.add(name.strip().toLowerCase(Locale.ROOT));
        return new Names(all);
    }

    /// Returns those names and the ones that concern a single connection.
    ///
    /// @param more names in lower case
    public static Names names(Collection<String> more) {
        var names = new HashSet<>(ALWAYS);
        names.addAll(more);
        return new Names(names);
    }
}
