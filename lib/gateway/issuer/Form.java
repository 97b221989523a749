package lib.gateway.issuer;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The fields of a posted form or of a query. A form that has a field twice is refused, since its meaning is not
/// clear.
///
///     Form.posted(request).field("grant_type")
///
/// @param fields the values by name
record Form(Map<String, String> fields) {
    private static final int LARGEST = 32 * 1024;

    /// Reads the form in the body of a request.
    ///
    /// @throws OAuthError if there is none, or if it cannot be read
    static Form posted(ServerRequest request) {
        var type = request.headers().all(HeaderNames.CONTENT_TYPE, List::of).stream()
                .findFirst()
                .orElse("");
        if (!type.split(";")[0].strip().equalsIgnoreCase("application/x-www-form-urlencoded")) throw malformed();
        try (var body = request.content().inputStream()) {
            var bytes = body.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) throw new OAuthError("invalid_request", "the form is too large");
            return parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException gone) {
            throw new CloseConnectionException("the client went away", gone);
        }
    }

    /// Reads the query of a request.
    ///
    /// @throws OAuthError if it cannot be read
    static Form query(ServerRequest request) {
        return parse(request.prologue().hasQuery() ? request.prologue().query().rawValue() : "");
    }

    /// Reads `name=value&…`.
    ///
    /// @throws OAuthError if it cannot be read
    static Form parse(String text) {
        var fields = new HashMap<String, String>();
        try {
            for (var pair : text.split("&")) {
                if (pair.isEmpty()) continue;
                var parts = pair.split("=", 2);
                if (fields.put(decoded(parts[0]), parts.length < 2 ? "" : decoded(parts[1])) != null) throw malformed();
            }
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
        return new Form(Map.copyOf(fields));
    }

    /// Returns the field of that name; an empty text if there is none.
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /// Returns the id and secret of a client, from the form or from `Authorization: Basic` (RFC 6749, section
    /// 2.3.1).
    String[] client(ServerRequest request) {
        for (var header : request.headers().all(HeaderNames.AUTHORIZATION, List::of)) {
            if (!header.regionMatches(true, 0, "Basic ", 0, 6)) continue;
            try {
                var pair = new String(
                                Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8)
                        .split(":", 2);
                if (pair.length == 2) return new String[] {decoded(pair[0]), decoded(pair[1])};
            } catch (IllegalArgumentException e) {
                throw malformed();
            }
        }
        return new String[] {field("client_id"), field("client_secret")};
    }

    /// @throws IllegalArgumentException for a text that no database can look up
    private static String decoded(String text) {
        var decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
        if (decoded.indexOf('\0') >= 0) throw new IllegalArgumentException("a character that is none");
        return decoded;
    }

    private static OAuthError malformed() {
        return new OAuthError("invalid_request", "the request is not a readable form");
    }
}
