package tests.support.identity;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tests.support.upstream.Recorded;

/// The body of a token or device authorization request, read as strictly as the RFC allows.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.2">RFC 6749, section 3.2</a>
record PostedForm(Map<String, String> fields) {

    static PostedForm of(Recorded call) {
        if (!call.method().equals("POST")) {
            throw new FakeOAuthError(405, "invalid_request", "POST only");
        }
        var type = call.header("Content-Type").orElse("").split(";")[0].strip();
        if (!type.equalsIgnoreCase("application/x-www-form-urlencoded")) {
            throw FakeOAuthError.invalidRequest(
                    "the body must be application/x-www-form-urlencoded, not '" + type + "'");
        }
        if (call.target().contains("?")) {
            throw FakeOAuthError.invalidRequest("parameters belong in the body");
        }
        return new PostedForm(fields(call));
    }

    /// A parameter without a value counts as omitted.
    Optional<String> get(String name) {
        return Optional.ofNullable(fields.get(name)).filter(value -> !value.isEmpty());
    }

    String require(String name) {
        return get(name).orElseThrow(() -> FakeOAuthError.invalidRequest("missing parameter: " + name));
    }

    boolean hasScope(String scope) {
        return Stream.of(get("scope").orElse("").split(" ")).anyMatch(scope::equals);
    }

    private static Map<String, String> fields(Recorded call) {
        try {
            var fields = call.form();
            var sent = Stream.of(call.text().split("&"))
                    .filter(pair -> !pair.isEmpty())
                    .count();
            if (sent != fields.size()) {
                throw FakeOAuthError.invalidRequest("a parameter is repeated");
            }
            return fields;
        } catch (IllegalArgumentException e) {
            throw FakeOAuthError.invalidRequest("malformed percent-encoding");
        }
    }
}
