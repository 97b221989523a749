package tests.support.identity;

import tests.support.TestJson;
import tests.support.upstream.Reply;

/// A refusal of the authorization server.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, section 5.2</a>
public final class FakeOAuthError extends RuntimeException {

    private final int status;
    private final String error;

    public FakeOAuthError(int status, String error, String description) {
        super(description);
        this.status = status;
        this.error = error;
    }

    static FakeOAuthError invalidRequest(String description) {
        return new FakeOAuthError(400, "invalid_request", description);
    }

    static FakeOAuthError invalidClient() {
        return new FakeOAuthError(401, "invalid_client", "unknown client or wrong secret");
    }

    static FakeOAuthError invalidGrant(String description) {
        return new FakeOAuthError(400, "invalid_grant", description);
    }

    public Reply reply() {
        return Reply.json(status, TestJson.object().put("error", error).put("error_description", getMessage()))
                .header("Cache-Control", "no-store");
    }
}
