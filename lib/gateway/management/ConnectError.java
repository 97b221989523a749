package lib.gateway.management;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helidon.http.Headers;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Locale;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.exchange.CallerCredentials;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.JsonResponses;
import lib.gateway.management.definition.InvalidDefinition;
import lib.gateway.management.definition.Violation;

/// A failure of the management API, in the Connect protocol's shape.
///
///     throw new ConnectError(ConnectError.Code.NOT_FOUND, "no such provider");
///
/// @see <a href="https://connectrpc.com/docs/protocol/#error-codes">Connect's error codes</a>
public final class ConnectError extends RuntimeException {

    /// A Connect code and the HTTP status that carries it.
    enum Code {
        ALREADY_EXISTS(409),
        FAILED_PRECONDITION(400),
        INTERNAL(500),
        INVALID_ARGUMENT(400),
        NOT_FOUND(404),
        PERMISSION_DENIED(403),
        UNAUTHENTICATED(401),
        UNAVAILABLE(503),
        UNIMPLEMENTED(501);

        private final int status;

        Code(int status) {
            this.status = status;
        }
    }

    private final Code code;
    private final List<Violation> violations;
    private final String key;

    ConnectError(Code code, String message) {
        this(code, message, List.of(), "");
    }

    private ConnectError(Code code, String message, List<Violation> violations, String key) {
        super(message, null, false, false);
        this.code = code;
        this.violations = violations;
        this.key = key;
    }

    /// Returns the error for an invalid definition, with the path of every invalid field.
    ///
    /// @param key the field of the request that held the definition, such as `llmProvider`
    static ConnectError of(InvalidDefinition invalid, String key) {
        return new ConnectError(Code.INVALID_ARGUMENT, invalid.getMessage(), invalid.violations(), key);
    }

    /// Returns the caller of a request.
    ///
    /// @throws ConnectError if there is no valid token, if it gives no role, or if it cannot be checked
    static Caller caller(Headers headers, Authenticator callers) {
        try {
            return CallerCredentials.ofBearer(headers, callers)
                    .orElseThrow(() -> new ConnectError(Code.UNAUTHENTICATED, "no valid token: run rpkai auth login"))
                    .caller();
        } catch (GatewayError refusal) {
            var code = refusal.kind() == GatewayError.Kind.FOREIGN ? Code.PERMISSION_DENIED : Code.UNAVAILABLE;
            throw new ConnectError(code, refusal.getMessage());
        }
    }

    public void answer(ServerResponse response) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("code", code.name().toLowerCase(Locale.ROOT))
                .put("message", getMessage());
        if (!violations.isEmpty()) json.putArray("details").add(BadRequest.detail(violations, key));
        JsonResponses.json(response, code.status, json);
    }
}
