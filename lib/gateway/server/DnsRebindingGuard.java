package lib.gateway.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import lib.gateway.exchange.GatewayError;
import lib.http.ProxyVariables;

/// Protects a gateway without authentication: programs on this machine are accepted, web pages in its browser are
/// not. A page can reach loopback in two ways, and both are visible: with a name of its own that resolves to this
/// machine (DNS rebinding), which is then in `Host`, or from another site, which is then in `Origin` or
/// `Sec-Fetch-Site`.
///
/// @see <a href="https://www.w3.org/TR/fetch-metadata/">Fetch metadata</a>
public final class DnsRebindingGuard {
    private static final HeaderName SEC_FETCH_SITE = HeaderNames.create("sec-fetch-site");
    private static final Set<String> OWN = Set.of("none", "same-origin");
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");

    private DnsRebindingGuard() {}

    /// @throws GatewayError if a web page may have sent the request
    public static void check(ServerRequest request, String scheme) {
        var authority = request.authority().toLowerCase(Locale.ROOT);
        var port = PORT.matcher(authority);
        if (!ProxyVariables.isLoopback(port.find() ? authority.substring(0, port.start()) : authority)) {
            throw GatewayError.foreign("this gateway serves only its own machine: call it as localhost or 127.0.0.1");
        }
        for (var origin : values(request, HeaderNames.ORIGIN))
            if (!origin.strip().equalsIgnoreCase(scheme + "://" + authority)) throw foreignPage();
        for (var site : values(request, SEC_FETCH_SITE))
            if (!OWN.contains(site.strip().toLowerCase(Locale.ROOT))) throw foreignPage();
    }

    private static GatewayError foreignPage() {
        return GatewayError.foreign("this gateway does not answer web pages of other sites");
    }

    private static List<String> values(ServerRequest request, HeaderName name) {
        return request.headers().all(name, List::of);
    }
}
