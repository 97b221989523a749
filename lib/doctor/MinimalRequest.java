package lib.doctor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import lib.api.type.AnthropicType;
import lib.api.type.ProviderSpec;
import lib.base.Json;
import lib.base.Secret;

/// The smallest request that a model answers, in the API of an agent or a provider.
///
///     new MinimalRequest(proxyUrl, "claude-sonnet-5-5", token, Duration.ofSeconds(20)).forType(AnthropicType.SPEC)
///
/// @param proxyUrl the provider's proxy on the gateway
/// @param token the gateway token; empty where none is needed
/// @param patience the time limit of the answer
public record MinimalRequest(URI proxyUrl, String model, Optional<Secret> token, Duration patience) {

    /// The request in the usual API of that type of provider.
    HttpRequest forType(ProviderSpec type) {
        var sample = type.client().smallest();
        var path = sample.path().replace("{model}", URLEncoder.encode(model, StandardCharsets.UTF_8));
        var request = post(path, sample.body().replace("{model}", Json.text(TextNode.valueOf(model))));
        sample.headers().forEach(request::header);
        // As Claude Code does: its token goes out in both headers.
        if (type.equals(AnthropicType.SPEC)) token.ifPresent(t -> request.header("x-api-key", t.reveal()));
        return request.build();
    }

    /// The request in OpenAI's Responses API, which takes no limit below sixteen tokens.
    HttpRequest forResponses() {
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("model", model)
                .put("input", "Hi")
                .put("max_output_tokens", 16)
                .put("store", false);
        return post("/v1/responses", body.toString()).build();
    }

    private HttpRequest.Builder post(String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(proxyUrl + path))
                .timeout(patience)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t.reveal()));
        return request;
    }
}
