package lib.gateway;

import io.helidon.http.HttpPrologue;
import java.util.Locale;
import java.util.regex.Pattern;

/// What a proxy URL names: a provider, and below it the upstream's own path, kept as raw as it came.
///
///     /llm/v1/providers/anthropic/v1/messages?beta=true   →   anthropic, v1/messages, ?beta=true
///
/// @param provider the provider's name
/// @param path the upstream path, percent-encoding unchanged, without a leading slash; empty for the base URL itself
/// @param query the query with its question mark, unchanged; empty where there is none
record ProxyPath(String provider, String path, String query) {
    static final String PREFIX = "/llm/v1/providers/";

    // Encoded or not: an upstream may decode before it resolves dots, and may take a backslash for a slash.
    private static final Pattern ENCODED_SLASH = Pattern.compile("%2f|%5c|\\\\");
    private static final Pattern DOTS = Pattern.compile("\\.{1,2}(;.*)?");

    /// @throws Refusal for a path that could lead out of the provider's base URL
    static ProxyPath of(HttpPrologue prologue) {
        var rest = prologue.uriPath().rawPath().substring(PREFIX.length());
        refuseTricks(rest);
        if (prologue.fragment().hasValue()) throw Refusal.invalid("a request URL has no fragment");
        var slash = rest.indexOf('/');
        return new ProxyPath(
                slash < 0 ? rest : rest.substring(0, slash),
                slash < 0 ? "" : rest.substring(slash + 1),
                prologue.hasQuery() ? "?" + prologue.query().rawValue() : "");
    }

    /// Whether this is the provider's base URL, which clients probe.
    boolean isBase() {
        return path.isEmpty();
    }

    private static void refuseTricks(String path) {
        var lower = path.toLowerCase(Locale.ROOT);
        if (ENCODED_SLASH.matcher(lower).find()) throw Refusal.invalid("the path has an encoded slash or a backslash");
        for (var segment : lower.replace("%2e", ".").replace("%3b", ";").split("/")) {
            if (DOTS.matcher(segment).matches()) throw Refusal.invalid("the path has a segment of dots");
        }
    }
}
