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

/// Sends requests to a gateway with its token, and makes the errors that all of its APIs share.
///
///     new GatewayHttp(gateway, tokens, http).send(HttpRequest.newBuilder(uri), Retry.SAFE).json()
///
/// @param gateway the base URL below which the gateway's APIs are served
public record GatewayHttp(URI gateway, Tokens tokens, Http http) {
    private static final String NAME = "the AI Gateway";

    /// An answer, and the token with which it was requested. The answer may repeat the token, which users must
    /// not see.
    public record Reply(Http.Answer answer, Optional<AccessToken> shown) {
        public int status() {
            return answer.status();
        }

        /// Returns the body as JSON; a missing node if it is not JSON.
        public JsonNode json() {
            try {
                return Json.read(answer.body());
            } catch (JsonProcessingException e) {
                return MissingNode.getInstance();
            }
        }

        /// Returns the message in a JSON body, without the token; empty if there is none.
        public String message() {
            var text = json().path("message").asText("");
            return shown.map(token -> token.hiddenIn(text)).orElse(text);
        }
    }

    /// Sends a request with a token. If the gateway rejects a token that looked valid, the token is renewed once.
    ///
    /// @throws UserError if there is no answer
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

    /// Returns the error for a rejected token.
    public SignedOut signedOut() {
        return new SignedOut("refused by the AI Gateway at " + gateway);
    }

    /// Returns the error for a valid token whose owner lacks a permission.
    ///
    /// @param why the message of the gateway; may be empty
    public UserError notAllowed(String why, String remedy) {
        return new UserError(
                "the AI Gateway at %s does not allow this%s".formatted(gateway, why.isEmpty() ? "" : " (" + why + ")"),
                remedy);
    }

    /// Returns the error for a gateway that is temporarily unavailable.
    public UserError unavailable(String why) {
        return new UserError("the AI Gateway at %s is not available (%s)".formatted(gateway, why), Remedy.retry());
    }

    /// Returns the error for a server that is not an AI Gateway.
    ///
    /// @param got the description of the unexpected answer
    public UserError notAGateway(String got) {
        return new UserError(
                "%s does not answer like an AI Gateway (%s)".formatted(gateway, got), "check the URL (rpkai env show)");
    }

    /// Returns the error for an answer that no AI Gateway gives. If a proxy may have given it during a temporary
    /// failure, the gateway counts as unavailable.
    public UserError notAGateway(Reply reply) {
        var type = reply.answer().contentType();
        var got = "HTTP %d%s".formatted(reply.status(), type.isEmpty() ? "" : ", " + type);
        return reply.answer().isPassing() ? unavailable(got) : notAGateway(got);
    }
}
