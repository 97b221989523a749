package tests.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import tests.support.gateway.Connect;
import tests.support.identity.FakeOAuthError;
import tests.support.upstream.Reply;

/// Something that goes wrong with one call, instead of its right answer or around it.
///
///     idp.fail(Endpoint.TOKEN, 2, Fault.unavailable());
///     gateway.fail(Endpoint.GET_PROVIDER, 1, Fault.connect("unauthenticated", "token expired"));
@FunctionalInterface
public interface Fault {

    /// The answer to give; `right` does the call's work and gives its right answer.
    Reply answer(Supplier<Reply> right);

    /// This answer, and none of the work.
    static Fault reply(Reply reply) {
        return _ -> reply;
    }

    /// 503, as a proxy in front says it: not in the API's own error format.
    static Fault unavailable() {
        return reply(Reply.of(503, "text/plain", "upstream connect error or disconnect/reset before headers"));
    }

    /// 429 with Retry-After in whole seconds.
    static Fault tooManyRequests(Duration retryAfter) {
        return reply(Reply.of(429, "text/plain", "rate limited").header("Retry-After", "" + retryAfter.toSeconds()));
    }

    /// A web page where JSON is expected: 502 of a load balancer, 200 of a captive portal.
    static Fault html(int status) {
        return reply(Reply.of(
                status,
                "text/html; charset=utf-8",
                "<!DOCTYPE html><html><head><title>" + status
                        + "</title></head><body><h1>Nothing here</h1></body></html>"));
    }

    /// An error body of 5 MB.
    static Fault huge(int status) {
        return reply(Reply.of(status, "application/json", "{\"message\":\"" + "x".repeat(5 << 20) + "\"}"));
    }

    /// An OAuth error (RFC 6749, section 5.2), such as 400 `slow_down`.
    static Fault oauth(int status, String error) {
        return reply(new FakeOAuthError(status, error, "injected by the test").reply());
    }

    /// A Connect error with the status of its code.
    static Fault connect(String code, String message) {
        return reply(Connect.error(code, message));
    }

    /// The connection is closed before anything is done or answered.
    static Fault dropped() {
        return reply(Reply.dropped());
    }

    /// The work is done (a refresh token is used up), but the connection is closed before the answer.
    static Fault lost() {
        return right -> {
            var _ = right.get();
            return Reply.dropped();
        };
    }

    /// The right answer's status and headers, half of its body, then nothing.
    static Fault cutHalfway() {
        return right -> {
            var whole = right.get();
            var bytes = whole.bytes();
            return whole.body(Arrays.copyOf(bytes, bytes.length / 2)).cutAfter(1);
        };
    }

    /// Waits at the gate, then does the work.
    static Fault held(Gate gate) {
        return right -> {
            gate.pass();
            return right.get();
        };
    }

    /// Does the work, then waits at the gate with the answer.
    static Fault heldAnswer(Gate gate) {
        return right -> {
            var reply = right.get();
            gate.pass();
            return reply;
        };
    }

    /// The correct answer with unknown fields in every object.
    static Fault unknownFields() {
        return right -> {
            var reply = right.get();
            var body = TestJson.read(reply.bytes());
            addUnknown(body);
            return reply.body(TestJson.write(body).getBytes(StandardCharsets.UTF_8));
        };
    }

    private static void addUnknown(JsonNode node) {
        node.forEach(Fault::addUnknown);
        if (node instanceof ObjectNode object) {
            object.put("fromTheFuture", "FUTURE_VALUE")
                    .putObject("nestedFromTheFuture")
                    .put("big", "9223372036854775807");
        }
    }
}
