package lib.gateway.upstream;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.HopByHop;

/// What of an upstream's answer reaches the caller: everything but what would send the caller's credentials
/// elsewhere, what speaks of the gateway's own credentials, and what would speak for the gateway's origin.
///
///     AnswerFilter.check(answer, exchange, upstream);   // a redirect is a Refusal
///     AnswerFilter.copyHeaders(answer, exchange);
final class AnswerFilter {
    private static final int NOT_MODIFIED = 304;
    /// By these an answer sends a client elsewhere, whatever its status.
    private static final List<String> ELSEWHERE = List.of("location", "x-goog-upload-url", "x-goog-upload-control-url");
    /// What an origin says about itself. The origin that a client sees is the gateway's.
    private static final Set<String> ORIGIN = HopByHop.names(List.of(
            "set-cookie",
            "set-cookie2",
            "www-authenticate",
            "location",
            "alt-svc",
            "clear-site-data",
            "strict-transport-security",
            "public-key-pins",
            "nel",
            "report-to",
            "reporting-endpoints",
            "service-worker-allowed",
            "sourcemap"));
    private static final Header NO_SNIFFING = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Header NOTHING_RUNS =
            HeaderValues.createCached("Content-Security-Policy", "default-src 'none'; sandbox");

    private AnswerFilter() {}

    /// Looks at an answer before anything of it is passed on.
    ///
    /// @throws Refusal for a redirect, and for a refusal of the gateway's own credentials
    static void check(UpstreamAnswer answer, Exchange exchange, Upstream.Remote upstream) {
        var subject = exchange.subject();
        // The JDK hands out the refusal of a proxy on the way as if it were the answer.
        if (answer.status() == 407) throw Relay.proxyWantsPassword(subject);
        if (leadsElsewhere(answer, upstream.baseUrl())) {
            // Another try would be sent elsewhere, too.
            throw GatewayError.cannotReach(subject, "its upstream redirects elsewhere, and credentials do not follow");
        }
        if (answer.status() == 401 || answer.status() == 403) checkAccess(answer.status(), subject, upstream);
    }

    /// Agents follow a redirect with what got them in here, which is the gateway's token.
    private static boolean leadsElsewhere(UpstreamAnswer answer, URI base) {
        if (answer.status() / 100 == 3 && answer.status() != NOT_MODIFIED
                || answer.headers().containsKey("refresh")) return true;
        for (var name : ELSEWHERE) {
            for (var url : answer.headers().getOrDefault(name, List.of())) if (!isBelow(base, url)) return true;
        }
        return false;
    }

    /// An answer may say where what it has made is. Only the upstream itself is not elsewhere.
    private static boolean isBelow(URI base, String url) {
        try {
            var target = base.resolve(url.strip());
            return base.getScheme().equalsIgnoreCase(target.getScheme())
                    && base.getRawAuthority().equalsIgnoreCase(target.getRawAuthority());
        } catch (IllegalArgumentException | NullPointerException unreadable) {
            return false;
        }
    }

    /// The caller has signed in here. That the upstream does not take what the gateway sent is not the caller's
    /// to solve, and an agent would renew its token for minutes. What the upstream says is not repeated: it may
    /// quote the key.
    private static void checkAccess(int status, String subject, Upstream.Remote upstream) {
        switch (upstream.access()) {
            // About a credential of the caller's own; or another gateway says it, in words of its own.
            case UpstreamAuth.Passthrough _, UpstreamAuth.Gateway _ -> {}
            case UpstreamAuth.None _ ->
                throw refused(
                        subject,
                        "its upstream wants a key (HTTP %d), and the gateway has none for it",
                        status,
                        upstream);
            case UpstreamAuth.Key _, UpstreamAuth.Aws _ ->
                throw refused(
                        subject,
                        status == 401
                                ? "its upstream does not take the gateway's key (HTTP %d)"
                                : "its upstream does not let the gateway's key do this (HTTP %d): it may "
                                        + "lack this model, region or permission",
                        status,
                        upstream);
        }
    }

    private static GatewayError refused(String subject, String what, int status, Upstream.Remote upstream) {
        var remedy = upstream.remedy().isEmpty() ? "" : "; " + upstream.remedy();
        return GatewayError.cannotReach(subject, what.formatted(status) + remedy);
    }

    /// Copies the headers that are the caller's to see. A page of the upstream's would be one of the gateway's
    /// origin: it is shown, and can do nothing.
    static void copyHeaders(UpstreamAnswer answer, Exchange exchange) {
        var headers = exchange.response().headers();
        var hops = HopByHop.response(answer.headers().getOrDefault("connection", List.of()));
        answer.headers().forEach((name, values) -> {
            if (hops.contains(name) || ORIGIN.contains(name) || ELSEWHERE.contains(name.toLowerCase(Locale.ROOT)))
                return;
            var passed = values.stream()
                    .map(value -> exchange.wire().answerHeader(name, value))
                    .toList();
            headers.add(HeaderValues.create(HeaderNames.create(name), passed));
        });
        if (!isData(answer)) {
            headers.set(NO_SNIFFING);
            headers.set(NOTHING_RUNS);
        }
    }

    /// What no browser shows as a page. A type that is not named, or named twice, may be taken for one.
    private static boolean isData(UpstreamAnswer answer) {
        var types = answer.headers().getOrDefault("content-type", List.of());
        if (types.size() != 1) return HopByHop.hasNoBody(answer.status());
        var type = types.getFirst().split("[;,]", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.equals("application/json")
                || type.equals("text/event-stream")
                || type.equals("application/vnd.amazon.eventstream");
    }
}
