package tests.support.identity;

import tests.support.Json;
import tests.support.upstream.Reply;

/// A refusal of the authorization server.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, section 5.2</a>
public final class OAuthError extends RuntimeException {

    private final int status;
    private final String error;

    public OAuthError(int status, String error, String description) {
        super(description);
        this.status = status;
        this.error = error;
    }

    static OAuthError invalidRequest(String description) {
        return new OAuthError(400, "invalid_request", description);
    }

    static OAuthError invalidClient() {
        return new OAuthError(401, "invalid_client", "unknown client or wrong secret");
    }

    static OAuthError invalidGrant(String description) {
        return new OAuthError(400, "invalid_grant", description);
    }

    public Reply reply() {
        return Reply.json(status, Json.object().put("error", error).put("error_description", getMessage()))
                .header("Cache-Control", "no-store");
    }
}
