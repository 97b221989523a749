package lib.gateway.ui;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import lib.gateway.exchange.PublicEndpoint;

/// The cookie of a signed-in browser. It is sent only to the page's own addresses, is hidden from scripts, and is
/// not sent with requests of other sites. If the gateway is reached by https, the cookie is sent only by https.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6265">RFC 6265</a>
record SessionCookie(ServerRequest request, String name, String attributes) {
    static SessionCookie of(PublicEndpoint front, ServerRequest request) {
        var secure =
                front.publicUrl().map(URI::getScheme).orElse(front.scheme()).equalsIgnoreCase("https");
        var path = front.publicUrl().map(URI::getRawPath).orElse("") + "/ui";
        return new SessionCookie(
                request,
                secure ? "__Secure-rpkai-ui" : "rpkai-ui",
                "; Path=" + path + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : ""));
    }

    /// Returns the id of the session that the browser sent.
    Optional<String> read() {
        return request.headers().all(HeaderNames.COOKIE, List::of).stream()
                .flatMap(header -> Arrays.stream(header.split(";")))
                .map(String::strip)
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst();
    }

    String set(String id) {
        return name + "=" + id + attributes;
    }

    String cleared() {
        return name + "=" + attributes + "; Max-Age=0";
    }
}
