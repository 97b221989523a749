package tests.support.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tests.support.TestJson;

/// One request as a fixture received it.
///
///     var call = upstream.await(1, Duration.ofSeconds(10)).getFirst();
///     assertEquals("/v1/messages?beta=true", call.target());
///     assertEquals(Optional.empty(), call.header("authorization"));
///
/// @param target path and query as they came, nothing decoded
/// @param headers every value of every header; look-ups don't care about case
/// @param body the bytes as they came
public record Recorded(String method, String target, Map<String, List<String>> headers, byte[] body) {

    /// The path as received, without the query.
    public String path() {
        var query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /// The query's parameters, decoded; of a repeated one the last.
    public Map<String, String> query() {
        var query = target.indexOf('?');
        return query < 0 ? Map.of() : decoded(target.substring(query + 1));
    }

    /// Every value of a header, in order.
    public List<String> headers(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /// The first value of a header.
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /// Returns the text after `Bearer` in the Authorization header.
    public Optional<String> bearer() {
        return header("Authorization")
                .filter(value -> value.startsWith("Bearer "))
                .map(value -> value.substring(7));
    }

    /// The body as UTF-8.
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /// The body as JSON; a missing node if it is not JSON.
    public JsonNode json() {
        return TestJson.read(body);
    }

    /// The body as form fields, decoded; of a repeated one the last.
    public Map<String, String> form() {
        return decoded(text());
    }

    /// The same request for another path, as a proxy sees it after it took its own prefix away.
    Recorded withTarget(String other) {
        return new Recorded(method, other, headers, body);
    }

    @Override
    public String toString() {
        return method + " " + target + " (" + body.length + " bytes)";
    }

    public static Map<String, List<String>> multiMap(Headers headers) {
        var copy = new Headers();
        headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        return Headers.of(copy);
    }

    private static Map<String, String> decoded(String pairs) {
        var fields = new LinkedHashMap<String, String>();
        for (var pair : pairs.split("&")) {
            if (!pair.isEmpty()) {
                var equals = pair.indexOf('=');
                fields.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decode(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }
}
