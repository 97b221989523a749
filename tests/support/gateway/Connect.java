package tests.support.gateway;

import tests.support.TestJson;
import tests.support.upstream.Reply;

/// Errors of the Connect protocol.
///
/// @see <a href="https://connectrpc.com/docs/protocol#error-codes">Connect's codes and their statuses</a>
public final class Connect {

    private Connect() {}

    public static Reply error(String code, String message) {
        return Reply.json(status(code), TestJson.object().put("code", code).put("message", message));
    }

    private static int status(String code) {
        return switch (code) {
            case "canceled" -> 499;
            case "invalid_argument", "failed_precondition", "out_of_range" -> 400;
            case "unauthenticated" -> 401;
            case "permission_denied" -> 403;
            case "not_found" -> 404;
            case "already_exists", "aborted" -> 409;
            case "resource_exhausted" -> 429;
            case "unknown", "internal", "data_loss" -> 500;
            case "unimplemented" -> 501;
            case "unavailable" -> 503;
            case "deadline_exceeded" -> 504;
            default -> throw new IllegalArgumentException("no Connect code: " + code);
        };
    }
}
