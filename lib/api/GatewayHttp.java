package lib.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;
import lib.auth.AccessToken;
import lib.auth.RefreshWindow;
import lib.auth.SignedOut;
import lib.auth.Tokens;
import lib.base.Json;
import lib.base.Remedy;
import lib.base.UserError;
import lib.http.Http;
import lib.http.Http.Retry;

/// Requests to a gateway that carry its token, and the errors that all of its APIs share.
///
///     new GatewayHttp(gateway, tokens, http).send(HttpRequest.newBuilder(uri), Retry.SAFE).json()
///
/// @param gateway the base URL below which the gateway's APIs are served
public record GatewayHttp(URI gateway, Tokens tokens, Http http) {
    private static final String NAME = "the AI Gateway";

    /// An answer, and the token that the gateway was shown for it: it may repeat that, and users must not see it.
    public record Reply(Http.Answer answer, Optional<AccessToken> shown) {
        public int status() {
            return answer.status();
        }

        /// Its body; a missing node where that is not JSON.
        public JsonNode json() {
            try {
                return Json.read(answer.body());
            } catch (JsonProcessingException e) {
                return MissingNode.getInstance();
            }
        }

        /// The gateway's words in a JSON body, without the token; empty where it says nothing.
        public String message() {
            var text = json().path("message").asText("");
            return shown.map(token -> token.hiddenIn(text)).orElse(text);
        }
    }

    /// Sends a request with a token. A token that is refused although it looked valid is renewed once.
    ///
    /// @throws UserError when nothing answers
    public Reply send(HttpRequest.Builder request, Retry retry) {
        var token = tokens.atLeast(RefreshWindow.DEFAULT);
        var answer = send(request, token, retry);
        if (answer.status() == 401 && token.isPresent()) {
            token = tokens.replacing(token.get());
            answer = send(request, token, retry);
        }
        return new Reply(answer, token);
    }

    private Http.Answer send(HttpRequest.Builder request, Optional<AccessToken> token, Retry retry) {
        token.ifPresent(good ->
                request.setHeader("Authorization", "Bearer " + good.value().reveal()));
        return http.send(request.build(), retry, NAME);
    }

    /// The token is refused.
    public SignedOut signedOut() {
        return new SignedOut("refused by the AI Gateway at " + gateway);
    }

    /// The token is good, and not enough.
    ///
    /// @param why the gateway's words; may be empty
    public UserError notAllowed(String why, String remedy) {
        return new UserError(
                "the AI Gateway at %s does not allow this%s".formatted(gateway, why.isEmpty() ? "" : " (" + why + ")"),
                remedy);
    }

    /// It may answer a moment later.
    public UserError unavailable(String why) {
        return new UserError("the AI Gateway at %s is not available (%s)".formatted(gateway, why), Remedy.retry());
    }

    /// Something answers, but not as an AI Gateway.
    ///
    /// @param got what came instead
    public UserError notAGateway(String got) {
        return new UserError(
                "%s does not answer like an AI Gateway (%s)".formatted(gateway, got), "check the URL (rpkai env show)");
    }

    /// The same of an answer that no AI Gateway gives; where one may be behind a proxy that fails at the moment, it
    /// is not available.
    public UserError notAGateway(Reply reply) {
        var type = reply.answer().contentType();
        var got = "HTTP %d%s".formatted(reply.status(), type.isEmpty() ? "" : ", " + type);
        return reply.answer().isPassing() ? unavailable(got) : notAGateway(got);
    }
}
