package lib.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpTransportSessionNotFoundException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import lib.auth.AccessToken;
import lib.auth.SignedOut;
import lib.base.Json;
import lib.base.UserError;
import lib.http.Http;
import lib.http.Http.Answer;
import lib.http.Http.Retry;

/// The endpoint of an MCP server at a gateway, and the errors of its use. The exceptions of the SDK describe its
/// internals. Therefore the initial request is repeated with the client of all other calls, to find an error that
/// helps the user.
///
/// @param server the name of the server
/// @param url the URL, `<gateway>/mcp/v1/<server>`
/// @param http the client for the repeated request
public record McpEndpoint(String server, URI url, Http http) {
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\","
            + "\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"rpkai\",\"version\":\"1\"}}}";
    private static final String NAME = "the AI Gateway";
    private static final int LONGEST = 300;

    /// Returns whether the gateway rejects a token.
    boolean refuses(AccessToken token) {
        return initialize(Optional.of(token)).status() == 401;
    }

    /// Converts an exception of the SDK to an error for users.
    UserError error(RuntimeException e, Optional<AccessToken> token) {
        var causes = Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .toList();
        for (var cause : causes)
            if (cause instanceof McpError said)
                return new UserError(
                        "%s answered: %s".formatted(subject(), shortened(said.getMessage(), token)),
                        "check the tool's name and arguments (rpkai mcp tools list %s)".formatted(server));
        if (causes.stream().anyMatch(McpEndpoint::isEndOfSession)) {
            return new UserError("%s ended the session".formatted(subject()), "run the command again");
        }
        var late = causes.stream().anyMatch(TimeoutException.class::isInstance);
        var answer = initialize(token);
        if (answer.status() == 200) {
            return late
                    ? new UserError(
                            "%s did not answer in time, or its answer was too large".formatted(subject()),
                            "try again with a longer --timeout")
                    : new UserError(
                            "%s did not answer like an MCP server".formatted(subject()),
                            "check that its URL is the streamable HTTP endpoint");
        }
        var said = message(answer).map(text -> ": " + shortened(text, token)).orElse("");
        return switch (answer.status()) {
            case 401 -> new SignedOut("refused by %s at %s".formatted(NAME, url));
            case 403 ->
                new UserError(
                        "%s does not allow this (HTTP 403%s)".formatted(NAME, said),
                        "ask its administrator for the permission");
            case 404 ->
                new UserError(
                        "there is no MCP server at %s (HTTP 404%s)".formatted(url, said),
                        url.getPath().endsWith("-code") ? "omit --code-mode" : "run rpkai mcp list");
            default ->
                new UserError(
                        "%s at %s cannot be used (HTTP %d%s)".formatted(subject(), url, answer.status(), said),
                        answer.isPassing() ? "try again, or check the server" : "check the server");
        };
    }

    /// Returns the error for a server that has no tools.
    UserError noTools() {
        return new UserError(
                "%s offers no tools".formatted(subject()), "it may have prompts or resources, which only agents read");
    }

    /// Returns whether the session has ended. The SDK starts another session by itself, and has a text for a
    /// server that ends that session too.
    private static boolean isEndOfSession(Throwable cause) {
        return cause instanceof McpTransportSessionNotFoundException
                || "MCP session with server terminated".equals(cause.getMessage());
    }

    private Answer initialize(Optional<AccessToken> token) {
        var request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(INITIALIZE));
        token.ifPresent(
                t -> request.header("Authorization", "Bearer " + t.value().reveal()));
        return http.send(request.build(), Retry.NEVER, NAME);
    }

    private String subject() {
        return "MCP server \"%s\"".formatted(server);
    }

    /// Returns the message of an error in the format of JSON-RPC or Connect.
    private static Optional<String> message(Answer answer) {
        try {
            var json = Json.read(answer.body());
            return Stream.of(json.path("error").path("message"), json.path("message"))
                    .filter(text -> text.isTextual() && !text.asText().isBlank())
                    .map(text -> text.asText())
                    .findFirst();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String shortened(String text, Optional<AccessToken> token) {
        var shown = token.map(t -> t.hiddenIn(text)).orElse(text).replaceAll("\\p{Cc}+", " ");
        return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + " ...";
    }
}
