package lib.gateway;

import io.helidon.http.HttpPrologue;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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
        refuseDots(rest);
        if (prologue.fragment().hasValue()) throw Refusal.invalid("a request URL has no fragment");
        var slash = rest.indexOf('/');
        var provider = slash < 0 ? rest : rest.substring(0, slash);
        if (!isName(provider)) throw Refusal.invalid("the path names no provider");
        return new ProxyPath(
                provider,
                slash < 0 ? "" : rest.substring(slash + 1),
                prologue.hasQuery() ? "?" + prologue.query().rawValue() : "");
    }

    private static boolean isName(String provider) {
        for (int i = 0; i < provider.length(); i++) {
            char c = provider.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') return false;
        }
        return true;
    }

    /// Whether this is the provider's base URL, which clients probe.
    boolean isBase() {
        return path.isEmpty();
    }

    /// The same path below another base URL.
    URI below(URI baseUrl) {
        var base = baseUrl.toString();
        return URI.create(base + (base.endsWith("/") ? "" : "/") + path + query);
    }

    /// Whether that secret is somewhere in it.
    boolean holds(String secret) {
        return !secret.isEmpty() && (path.contains(secret) || query.contains(secret));
    }

    /// Refuses what an upstream may take for one more slash.
    void refuseEncodedSlashes() {
        if (path.indexOf('%') < 0 && path.indexOf('\\') < 0) return;
        if (ENCODED_SLASH.matcher(path.toLowerCase(Locale.ROOT)).find()) {
            throw Refusal.invalid("the path has an encoded slash or a backslash");
        }
    }

    /// The segments of the path, decoded.
    List<String> segments() {
        return Arrays.stream(path.split("/")).map(ProxyPath::decoded).toList();
    }

    private static String decoded(String segment) {
        try {
            // In a path, unlike in a form, a plus is a plus.
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid("the path is not properly percent-encoded");
        }
    }

    private static void refuseDots(String path) {
        if (path.indexOf('.') < 0 && path.indexOf('%') < 0) return;
        var decoded = ENCODED_SLASH.matcher(path.toLowerCase(Locale.ROOT)).replaceAll("/");
        for (var segment : decoded.replace("%2e", ".").replace("%3b", ";").split("/")) {
            if (DOTS.matcher(segment).matches()) throw Refusal.invalid("the path has a segment of dots");
        }
    }
}
