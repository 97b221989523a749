package lib.gateway.exchange;

import io.helidon.http.HttpPrologue;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A parsed proxy URL: a provider and the upstream path below it, with its encoding unchanged.
///
///     /llm/v1/providers/anthropic/v1/messages?beta=true   →   anthropic, v1/messages, ?beta=true
///
/// @param provider the provider's name
/// @param path the upstream path, percent-encoding unchanged, without a leading slash; empty for the base URL
///     itself
/// @param query the query with its question mark, unchanged except that method overrides are removed; empty if
///     there is none
public record ProxyPath(String provider, String path, String query) {
    public static final String PREFIX = "/llm/v1/providers/";

    // Encoded or not: an upstream may decode before it resolves dots, and may treat a backslash as a slash.
    private static final Pattern SLASH = Pattern.compile("[/\\\\]");
    private static final Pattern DOTS = Pattern.compile("\\.{1,2}\\s*(;.*)?");
    /// Servers decode once, and some servers behind them decode once more.
    private static final int MOST_DECODED = 4;

    /// @throws GatewayError if the path could lead out of the provider's base URL
    public static ProxyPath of(HttpPrologue prologue) {
        var rest = prologue.uriPath().rawPath().substring(PREFIX.length());
        refuseDetours(rest);
        if (prologue.fragment().hasValue()) throw GatewayError.invalid("a request URL must not have a fragment");
        var slash = rest.indexOf('/');
        var provider = slash < 0 ? rest : rest.substring(0, slash);
        if (!isName(provider)) throw GatewayError.invalid("the path names no provider");
        return new ProxyPath(
                provider,
                slash < 0 ? "" : rest.substring(slash + 1),
                prologue.hasQuery() ? withoutOverride(prologue.query().rawValue()) : "");
    }

    /// Removes parameters from which frameworks take the method, so that the upstream applies the method that was
    /// checked.
    private static String withoutOverride(String query) {
        if (!query.contains("_") && query.indexOf('%') < 0) return "?" + query;
        return "?"
                + Arrays.stream(query.split("&", -1))
                        .filter(parameter -> !isOverride(parameter))
                        .collect(Collectors.joining("&"));
    }

    private static boolean isOverride(String parameter) {
        return decoded(parameter.split("=", 2)[0], 1).strip().equalsIgnoreCase("_method");
    }

    private static boolean isName(String provider) {
        for (int i = 0; i < provider.length(); i++) {
            char c = provider.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') return false;
        }
        return true;
    }

    /// Returns whether this is the provider's base URL itself, which clients probe.
    public boolean isBase() {
        return path.isEmpty();
    }

    /// Returns the same path below another base URL.
    public URI below(URI baseUrl) {
        return below(baseUrl, path);
    }

    /// Returns another path below another base URL, with the same query. No part of the base URL is ever removed:
    /// the stored key is meant only for URLs below it.
    ///
    /// @param path the path without a leading slash
    public URI below(URI baseUrl, String path) {
        var base = baseUrl.toString();
        return URI.create(base + (base.endsWith("/") ? "" : "/") + path + query);
    }

    /// Returns the same path below another base URL. If the base URL ends with an API version and the path begins
    /// with it, the version appears once.
    ///
    ///     // https://api.anthropic.com/v1, v1/messages   →   https://api.anthropic.com/v1/messages
    ///
    /// @param versions API versions such as `v1`
    public URI below(URI baseUrl, List<String> versions) {
        var last = baseUrl.toString().replaceAll("/+$", "").replaceAll(".*/", "");
        var first = path.split("/", 2);
        return versions.contains(last) && versions.contains(first[0])
                ? below(baseUrl, first.length > 1 ? first[1] : "")
                : below(baseUrl);
    }

    /// Returns whether the path or query contains a secret.
    public boolean holds(String secret) {
        return holds(path, secret) || holds(query, secret);
    }

    /// Returns whether a text contains a secret, percent-encoded or not.
    static boolean holds(String text, String secret) {
        return !secret.isEmpty()
                && (text.contains(secret)
                        || text.indexOf('%') >= 0 && whollyDecoded(text).contains(secret));
    }

    /// Rejects characters that an upstream may treat as an additional slash.
    public void refuseEncodedSlashes() {
        if (path.indexOf('%') < 0 && path.indexOf('\\') < 0) return;
        var slashes = SLASH.matcher(decoded(path, MOST_DECODED)).results().count();
        if (slashes != path.chars().filter(c -> c == '/').count()) {
            throw GatewayError.invalid("the path has an encoded slash or a backslash");
        }
    }

    /// Returns the decoded values of the query parameters whose names match. It accounts for servers that treat a
    /// semicolon as a separator and for servers that decode a name more than once.
    public List<String> parameters(Predicate<String> isWanted) {
        if (query.isEmpty()) return List.of();
        return Arrays.stream(query.substring(1).split("[&;]"))
                .map(parameter -> parameter.split("=", 2))
                .filter(parameter -> isWanted.test(whollyDecoded(parameter[0])))
                .map(parameter -> parameter.length < 2 ? "" : decoded(parameter[1].replace('+', ' '), 1))
                .toList();
    }

    /// Returns the decoded segments of the path, including empty ones after a trailing slash.
    public List<String> everySegment() {
        return Arrays.stream(path.split("/", -1)).map(ProxyPath::decoded).toList();
    }

    /// Returns the decoded segments of the path.
    public List<String> segments() {
        return Arrays.stream(path.split("/")).map(ProxyPath::decoded).toList();
    }

    private static String decoded(String segment) {
        try {
            // Unlike in a form, a plus in a path is a literal plus.
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw GatewayError.invalid("the path is not properly percent-encoded");
        }
    }

    /// Rejects every spelling of a dot segment that some server resolves, and every character at which some
    /// server ends the path.
    private static void refuseDetours(String path) {
        if (path.indexOf('.') < 0 && path.indexOf('%') < 0 && path.chars().allMatch(c -> c < 0x7f)) return;
        var decoded = decoded(path, MOST_DECODED);
        if (decoded.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == 0xfffd)) {
            throw GatewayError.invalid("the path has an encoded control character, or is not UTF-8");
        }
        // Some servers map letters to their plain forms, including dots and slashes.
        for (var segment : SLASH.split(Normalizer.normalize(decoded, Normalizer.Form.NFKC))) {
            if (DOTS.matcher(segment).matches()) throw GatewayError.invalid("the path has a segment of dots");
        }
    }

    /// Percent-decodes a text repeatedly, at most `times` times. Text with invalid encoding is left unchanged.
    ///
    /// @throws GatewayError if the path is encoded more often
    private static String decoded(String text, int times) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; ; i++) {
            var next = decodedOnce(bytes);
            if (next.length == bytes.length || i == times && times == 1)
                return new String(bytes, StandardCharsets.UTF_8);
            if (i == times) throw GatewayError.invalid("the path is encoded several times");
            bytes = next;
        }
    }

    /// Percent-decodes a text as often as servers may do it.
    private static String whollyDecoded(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < MOST_DECODED; i++) bytes = decodedOnce(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] decodedOnce(byte[] bytes) {
        var out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            out.write(low < 0 ? bytes[i] : high << 4 | low);
            if (low >= 0) i += 2;
        }
        return out.toByteArray();
    }
}
