package lib.gateway.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import lib.gateway.state.StateUnavailable;

/// Sends complete JSON answers.
public final class JsonResponses {
    public static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

    /// The seconds to wait before a retry: most bodies have been sent by then.
    private static final String BUSY_SECONDS = "5";

    private JsonResponses() {}

    public static void json(ServerResponse response, int status, JsonNode body) {
        send(response, status, bytes(body));
    }

    static void json(ServerResponse response, int status, byte[] body) {
        send(response, status, body);
    }

    public static byte[] bytes(JsonNode body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Sends an error in that format.
    public static void refuse(
            ServerRequest request, ServerResponse response, GatewayError refusal, ApiFormat wire, int status) {
        refusal.reset()
                .ifPresent(reset -> response.header(
                        HeaderNames.RETRY_AFTER,
                        Long.toString(Math.max(
                                1, Duration.between(Instant.now(), reset).toSeconds()))));
        if (isFinal(request, refusal, wire)) response.header(HeaderNames.create("x-should-retry"), "false");
        switch (refusal.kind()) {
            case NO_METHOD -> response.header(HeaderNames.ALLOW, String.join(", ", new TreeSet<>(wire.methods())));
            case NO_UPGRADE -> response.header(HeaderNames.UPGRADE, "HTTP/1.1");
            default -> {}
        }
        // Most running calls end within seconds.
        if (refusal.kind() == GatewayError.Kind.OVER_BUDGET && refusal.reset().isEmpty())
            response.header(HeaderNames.RETRY_AFTER, "2");
        if (refusal.kind() == GatewayError.Kind.BUSY) response.header(HeaderNames.RETRY_AFTER, BUSY_SECONDS);
        if (refusal.kind() == GatewayError.Kind.STATE_UNAVAILABLE)
            response.header(HeaderNames.RETRY_AFTER, Long.toString(StateUnavailable.RETRY_AFTER.toSeconds()));
        wire.errorHeaders(refusal).forEach((name, value) -> response.header(HeaderNames.create(name), value));
        // Helidon would also send the body after a HEAD request, and the client would take it for the next
        // answer.
        var isHead = request.prologue().method().equals(Method.HEAD);
        send(response, status, isHead ? new byte[0] : bytes(wire.error(refusal)));
    }

    /// Returns whether the same request would fail again. Unless an answer says so, the clients of Anthropic and
    /// OpenAI retry for minutes, or wait for as long as they are told, while the user waits for the reason.
    private static boolean isFinal(ServerRequest request, GatewayError refusal, ApiFormat wire) {
        return switch (refusal.kind()) {
            case MISCONFIGURED, SIGNED_OUT -> true;
            case UNAUTHENTICATED -> !ClientAgent.canRenew(request.headers(), wire);
            default -> refusal.reset().isPresent();
        };
    }

    /// Replaces characters of a name that headers cannot hold.
    public static String ascii(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static void send(ServerResponse response, int status, byte[] body) {
        response.status(Status.create(status)).header(JSON).send(body);
    }
}
