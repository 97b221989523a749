package lib.doctor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import lib.agents.claude.ClaudeMode;
import lib.api.ProviderType;
import lib.base.Secret;

/// The smallest request that a model answers, as the agent would send it.
///
///     MinimalRequest.forClaude(proxyUrl, ClaudeMode.MANAGED, "claude-sonnet-5-5", token, Duration.ofSeconds(20))
final class MinimalRequest {
    private MinimalRequest() {}

    /// By the Messages API, or by Bedrock's own.
    static HttpRequest forClaude(
            URI proxyUrl, ClaudeMode mode, String model, Optional<Secret> token, Duration patience) {
        var body = JsonNodeFactory.instance.objectNode().put("max_tokens", 1);
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        if (mode == ClaudeMode.BEDROCK) {
            var path = "/model/%s/invoke".formatted(URLEncoder.encode(model, StandardCharsets.UTF_8));
            return post(proxyUrl + path, body.put("anthropic_version", "bedrock-2023-05-31"), token, patience)
                    .build();
        }
        var request = post(proxyUrl + "/v1/messages", body.put("model", model), token, patience)
                .header("anthropic-version", "2023-06-01");
        token.ifPresent(t -> request.header("x-api-key", t.reveal()));
        return request.build();
    }

    /// By the Responses API, which answers nothing shorter than sixteen tokens.
    static HttpRequest forCodex(URI proxyUrl, String model, Optional<Secret> token, Duration patience) {
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("model", model)
                .put("input", "Hi")
                .put("max_output_tokens", 16)
                .put("store", false);
        return post(proxyUrl + "/v1/responses", body, token, patience).build();
    }

    /// By chat completions, where OpenAI's newer models know the limit by another name.
    static HttpRequest forChat(
            URI proxyUrl, ProviderType type, String model, Optional<Secret> token, Duration patience) {
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("model", model)
                .put(type.equals(ProviderType.OPENAI) ? "max_completion_tokens" : "max_tokens", 16);
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        return post(proxyUrl + "/v1/chat/completions", body, token, patience).build();
    }

    /// By the Gemini API.
    static HttpRequest forGoogle(URI proxyUrl, String model, Optional<Secret> token, Duration patience) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putArray("contents")
                .addObject()
                .put("role", "user")
                .putArray("parts")
                .addObject()
                .put("text", "Hi");
        body.putObject("generationConfig").put("maxOutputTokens", 16);
        return post(
                        proxyUrl
                                + "/v1beta/models/%s:generateContent"
                                        .formatted(URLEncoder.encode(model, StandardCharsets.UTF_8)),
                        body,
                        token,
                        patience)
                .build();
    }

    private static HttpRequest.Builder post(String url, ObjectNode body, Optional<Secret> token, Duration patience) {
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(patience)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t.reveal()));
        return request;
    }
}
