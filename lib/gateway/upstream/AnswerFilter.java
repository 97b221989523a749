package lib.gateway.upstream;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.HopByHop;

/// Filters an upstream's answer. It removes or rejects everything that would send the caller's credentials
/// elsewhere, that concerns the gateway's own credentials, or that would act in the name of the gateway's origin.
///
///     AnswerFilter.check(answer, exchange, upstream);   // a redirect is a Refusal
///     AnswerFilter.copyHeaders(answer, exchange);
final class AnswerFilter {
    private static final int NOT_MODIFIED = 304;
    /// The headers with which an answer sends a client elsewhere, whatever its status.
    private static final List<String> ELSEWHERE = List.of("location", "x-goog-upload-url", "x-goog-upload-control-url");
    /// The headers in which an origin describes itself. Clients see the gateway's origin, not the upstream's.
    private static final HopByHop.Names ORIGIN = HopByHop.names(List.of(
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
    private static final Pattern TYPE_END = Pattern.compile("[;,]");
    private static final Header NO_SNIFFING = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Header NOTHING_RUNS =
            HeaderValues.createCached("Content-Security-Policy", "default-src 'none'; sandbox");

    private AnswerFilter() {}

    /// Checks an answer before any part of it is forwarded.
    ///
    /// @throws GatewayError for a redirect, and if the upstream rejects the gateway's own credentials
    static void check(UpstreamAnswer answer, Exchange exchange, Upstream.Remote upstream) {
        var subject = exchange.subject();
        // The JDK returns a proxy's refusal as if it were the upstream's answer.
        if (answer.status() == 407) throw Relay.proxyWantsPassword(subject);
        if (leadsElsewhere(answer, upstream.baseUrl())) {
            // Another try would be sent elsewhere, too.
            throw GatewayError.cannotReach(
                    subject,
                    "its upstream redirects to another address, and the gateway does not follow " + "redirects");
        }
        if (answer.status() == 401 || answer.status() == 403) checkAccess(answer.status(), subject, upstream);
    }

    /// Returns whether an answer redirects elsewhere. Agents follow redirects with the gateway's token.
    private static boolean leadsElsewhere(UpstreamAnswer answer, URI base) {
        if (answer.status() / 100 == 3 && answer.status() != NOT_MODIFIED
                || answer.headers().containsKey("refresh")) return true;
        for (var name : ELSEWHERE) {
            for (var url : answer.headers().getOrDefault(name, List.of())) if (!isBelow(base, url)) return true;
        }
        return false;
    }

    /// Returns whether a URL is below the upstream's base URL. An answer may give the location of an object that
    /// it created, but only at the upstream itself.
    private static boolean isBelow(URI base, String url) {
        try {
            var target = base.resolve(url.strip());
            return base.getScheme().equalsIgnoreCase(target.getScheme())
                    && base.getRawAuthority().equalsIgnoreCase(target.getRawAuthority());
        } catch (IllegalArgumentException | NullPointerException unreadable) {
            return false;
        }
    }

    /// Rejects an answer in which the upstream refuses the gateway's credentials. The caller, who has signed in
    /// here, cannot solve that, and an agent would renew its token for minutes. The upstream's message is not
    /// repeated: it may quote the key.
    private static void checkAccess(int status, String subject, Upstream.Remote upstream) {
        switch (upstream.access()) {
            // The answer concerns the caller's own credential, or comes from another gateway with its own
            // message.
            case UpstreamAuth.Passthrough _, UpstreamAuth.Gateway _ -> {}
            case UpstreamAuth.None _ ->
                throw refused(
                        subject,
                        "its upstream requires a key (HTTP %d), but the gateway has none for it",
                        status,
                        upstream);
            case UpstreamAuth.Key _, UpstreamAuth.Aws _ ->
                throw refused(
                        subject,
                        status == 401
                                ? "its upstream rejected the gateway's key (HTTP %d)"
                                : "its upstream does not allow this with the gateway's key (HTTP %d): the key may "
                                        + "lack this model, region or permission",
                        status,
                        upstream);
        }
    }

    private static GatewayError refused(String subject, String what, int status, Upstream.Remote upstream) {
        var remedy = upstream.remedy().isEmpty() ? "" : "; " + upstream.remedy();
        return GatewayError.cannotReach(subject, what.formatted(status) + remedy);
    }

    /// Copies the headers that the caller may see. An upstream's web page would belong to the gateway's origin:
    /// browsers show it, but it cannot run scripts.
    static void copyHeaders(UpstreamAnswer answer, Exchange exchange) {
        var headers = exchange.response().headers();
        var hops = HopByHop.response(answer.headers().getOrDefault("connection", List.of()));
        answer.headers().forEach((name, values) -> {
            if (hops.contains(name) || ORIGIN.contains(name) || ELSEWHERE.contains(name.toLowerCase(Locale.ROOT)))
                return;
            var passed = new ArrayList<String>(values.size());
            for (var value : values) passed.add(exchange.wire().answerHeader(name, value));
            headers.add(HeaderValues.create(HeaderNames.create(name), passed));
        });
        if (!isData(answer)) {
            headers.set(NO_SNIFFING);
            headers.set(NOTHING_RUNS);
        }
    }

    /// Returns whether no browser would show the answer as a page. An answer without a content type, or with two,
    /// might be shown as one.
    private static boolean isData(UpstreamAnswer answer) {
        var types = answer.headers().getOrDefault("content-type", List.of());
        if (types.size() != 1) return HopByHop.hasNoBody(answer.status());
        var type = TYPE_END.split(types.getFirst(), 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.equals("application/json")
                || type.equals("text/event-stream")
                || type.equals("application/vnd.amazon.eventstream");
    }
}
