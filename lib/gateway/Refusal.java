package lib.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A request that the gateway itself answers with an error, in the shape of Anthropic's API, so that an agent shows the
/// message. A message names the provider and what to do, and never holds a token or a key.
///
///     throw Refusal.unauthenticated();
///
/// @see <a href="https://docs.anthropic.com/en/api/errors">Anthropic's errors</a>
final class Refusal extends RuntimeException {
    private final int status;
    private final String type;

    private Refusal(int status, String type, String message) {
        // It is an answer, not a bug: no stack trace.
        super(message, null, false, false);
        this.status = status;
        this.type = type;
    }

    static Refusal invalid(String message) {
        return new Refusal(400, "invalid_request_error", message);
    }

    static Refusal unauthenticated() {
        return new Refusal(401, "authentication_error", "no valid gateway token: run rpkai auth login");
    }

    static Refusal disabled(String provider) {
        return new Refusal(403, "permission_error", "provider \"%s\" is disabled: run rpkai llm update %1$s --enabled"
                .formatted(provider));
    }

    static Refusal modelNotAllowed(String provider, String model, List<String> allowed) {
        return new Refusal(403, "model_not_allowed", "model \"%s\" is not allowed by provider \"%s\"; it allows %s"
                .formatted(model, provider, String.join(", ", allowed)));
    }

    static Refusal notFound(String message) {
        return new Refusal(404, "not_found_error", message);
    }

    static Refusal tooLarge(int limit) {
        return new Refusal(413, "request_too_large", "the request is larger than %d MB"
                .formatted(limit >> 20));
    }

    static Refusal unreachable(String provider, String why) {
        return new Refusal(502, "api_error", "provider \"%s\" cannot be reached: %s".formatted(provider, why));
    }

    static Refusal late(String provider, String why) {
        return new Refusal(504, "timeout_error", "provider \"%s\" did not answer in time: %s".formatted(provider, why));
    }

    /// What a bug in the gateway looks like from outside.
    static Refusal broken() {
        return new Refusal(500, "api_error", "the gateway failed; this is a bug in rpkai");
    }

    int status() {
        return status;
    }

    /// The error as its wire form, JSON in UTF-8.
    byte[] bytes() {
        var json = JsonNodeFactory.instance.objectNode().put("type", "error");
        json.putObject("error").put("type", type).put("message", getMessage());
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
