package lib.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helidon.webserver.http.ServerResponse;
import java.util.Locale;

/// A failure of the management API, in the Connect protocol's shape.
///
///     throw new ConnectError(ConnectError.Code.NOT_FOUND, "no such provider");
///
/// @see <a href="https://connectrpc.com/docs/protocol/#error-codes">Connect's error codes</a>
final class ConnectError extends RuntimeException {

    /// A Connect code and the HTTP status that carries it.
    enum Code {
        ALREADY_EXISTS(409),
        FAILED_PRECONDITION(400),
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

    ConnectError(Code code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    void answer(ServerResponse response) {
        Answers.json(response, code.status, JsonNodeFactory.instance.objectNode()
                .put("code", code.name().toLowerCase(Locale.ROOT))
                .put("message", getMessage()));
    }
}
