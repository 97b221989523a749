package lib.gateway.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/// A request to the issuer that fails, as OAuth has it.
///
///     throw new OAuthError("invalid_grant", "the refresh token is not good any more");
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, section 5.2</a>
final class OAuthError extends RuntimeException {
    private final String code;

    OAuthError(String code, String description) {
        super(description, null, false, false);
        this.code = code;
    }

    int status() {
        return code.equals("invalid_client") ? 401 : 400;
    }

    JsonNode json() {
        return JsonNodeFactory.instance.objectNode().put("error", code).put("error_description", getMessage());
    }
}
