package lib.doctor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import lib.api.ProviderType;
import lib.base.Secret;

/// The smallest request that a model answers, in the API of an agent or a provider.
///
///     new MinimalRequest(proxyUrl, "claude-sonnet-5-5", token, Duration.ofSeconds(20)).forType(ProviderType.ANTHROPIC)
///
/// @param proxyUrl the provider's proxy on the gateway
/// @param token the gateway token; empty where none is needed
/// @param patience the time limit of the answer
public record MinimalRequest(URI proxyUrl, String model, Optional<Secret> token, Duration patience) {

    /// The request in the usual API of that type of provider.
    HttpRequest forType(ProviderType type) {
        if (type.equals(ProviderType.GOOGLE)) return forGemini();
        if (type.equals(ProviderType.OPENAI)) return forChat("max_completion_tokens");
        if (type.equals(ProviderType.OPENAI_COMPATIBLE)) return forChat("max_tokens");
        return type.equals(ProviderType.BEDROCK) ? forBedrock() : forMessages();
    }

    /// The request in OpenAI's Responses API, which takes no limit below sixteen tokens.
    HttpRequest forResponses() {
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("model", model)
                .put("input", "Hi")
                .put("max_output_tokens", 16)
                .put("store", false);
        return post("/v1/responses", body).build();
    }

    private HttpRequest forMessages() {
        var request = post("/v1/messages", messages("max_tokens", 1).put("model", model))
                .header("anthropic-version", "2023-06-01");
        token.ifPresent(t -> request.header("x-api-key", t.reveal()));
        return request.build();
    }

    private HttpRequest forBedrock() {
        return post(
                        "/model/%s/invoke".formatted(encodedModel()),
                        messages("max_tokens", 1).put("anthropic_version", "bedrock-2023-05-31"))
                .build();
    }

    /// @param limit the field of the token limit: OpenAI's newer models know it by another name than its copies
    private HttpRequest forChat(String limit) {
        return post("/v1/chat/completions", messages(limit, 16).put("model", model))
                .build();
    }

    private HttpRequest forGemini() {
        var body = JsonNodeFactory.instance.objectNode();
        body.putArray("contents")
                .addObject()
                .put("role", "user")
                .putArray("parts")
                .addObject()
                .put("text", "Hi");
        body.putObject("generationConfig").put("maxOutputTokens", 16);
        return post("/v1beta/models/%s:generateContent".formatted(encodedModel()), body)
                .build();
    }

    private static ObjectNode messages(String limit, int tokens) {
        var body = JsonNodeFactory.instance.objectNode().put(limit, tokens);
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        return body;
    }

    private String encodedModel() {
        return URLEncoder.encode(model, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder post(String path, ObjectNode body) {
        var request = HttpRequest.newBuilder(URI.create(proxyUrl + path))
                .timeout(patience)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t.reveal()));
        return request;
    }
}
