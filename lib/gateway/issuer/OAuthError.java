package lib.gateway.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/// An error of the issuer, in the form that OAuth defines.
///
///     throw new OAuthError("invalid_grant", "the sign-in has ended");
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, section 5.2</a>
final class OAuthError extends RuntimeException {
    /// The code of an error that passes, for a server that cannot answer at the moment.
    static final String TEMPORARILY_UNAVAILABLE = "temporarily_unavailable";

    private final String code;

    OAuthError(String code, String description) {
        super(description, null, false, false);
        this.code = code;
    }

    int status() {
        return switch (code) {
            case "invalid_client" -> 401;
            case TEMPORARILY_UNAVAILABLE -> 503;
            default -> 400;
        };
    }

    JsonNode json() {
        return JsonNodeFactory.instance.objectNode().put("error", code).put("error_description", getMessage());
    }
}
