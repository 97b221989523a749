package tests.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/// `GetLLMProvider`, `ListLLMProviders` and `UpdateLLMProvider` by Connect JSON, read strictly.
final class ManagementApi {

    static final String SERVICE = "/redpanda.api.adp.v1alpha1.LLMProviderService/";

    private static final String PAGE_PREFIX = "page-";
    private static final int DEFAULT_PAGE = 50;

    private final Map<String, ObjectNode> providers = new ConcurrentSkipListMap<>();
    volatile int largestPage = DEFAULT_PAGE;

    void put(ObjectNode provider) {
        var stored = provider.deepCopy();
        if (!stored.path("enabled").asBoolean()) {
            stored.remove("enabled");   // proto3 JSON has no false
        }
        providers.put(stored.path("name").asText(), stored);
    }

    void remove(String name) {
        providers.remove(name);
    }

    Optional<ObjectNode> provider(String name) {
        return Optional.ofNullable(providers.get(name));
    }

    Reply answer(Recorded call, Predicate<String> tokens) {
        if (!call.method().equals("POST")) {
            return Reply.of(405, "text/plain", "POST only").header("Allow", "POST");
        }
        if (!call.header("Content-Type").orElse("").split(";")[0].strip().equalsIgnoreCase("application/json")) {
            return Reply.of(415, "text/plain", "").header("Accept-Post", "application/json");
        }
        if (!call.headers("Connect-Protocol-Version").equals(List.of("1"))) {
            return Connect.error("invalid_argument", "missing required header: set Connect-Protocol-Version to \"1\"");
        }
        if (!tokens.test(call.bearer().orElse(""))) {
            return Connect.error("unauthenticated", "missing or invalid bearer token");
        }
        if (!(call.json() instanceof ObjectNode request)) {
            return Connect.error("invalid_argument", "the request is no JSON object");
        }
        return switch (call.path().substring(SERVICE.length())) {
            case "GetLLMProvider" -> get(request);
            case "ListLLMProviders" -> list(request);
            case "UpdateLLMProvider" -> update(request);
            default -> Reply.of(404, "text/plain", "404 page not found");
        };
    }

    private Reply get(ObjectNode request) {
        var name = request.path("name").asText();
        if (name.isEmpty()) {
            return Connect.error("invalid_argument", "name: value is required");
        }
        return provider(name)
                .map(provider -> Reply.json(200, Json.object().set("llmProvider", provider)))
                .orElseGet(() -> Connect.error("not_found", "LLM provider \"" + name + "\" not found"));
    }

    /// Understands the mask `enabled`, and nothing else yet.
    private Reply update(ObjectNode request) {
        var name = request.path("llmProvider").path("name").asText();
        if (!request.path("updateMask").asText().equals("enabled")) {
            return Connect.error("invalid_argument", "updateMask: only enabled is understood here");
        }
        return provider(name).map(before -> {
            var after = before.deepCopy().put("enabled", request.path("llmProvider").path("enabled").asBoolean());
            put(after);
            return get(Json.object().put("name", name));
        }).orElseGet(() -> Connect.error("not_found", "LLM provider \"" + name + "\" not found"));
    }

    private Reply list(ObjectNode request) {
        var wanted = request.path("filter").path("nameContains").asText();
        var all = providers.values().stream().filter(provider -> provider.path("name").asText().contains(wanted)).toList();
        var start = start(request.path("pageToken"));
        if (start < 0 || start > all.size()) {
            return Connect.error("invalid_argument", "page_token: unknown");
        }
        var asked = request.path("pageSize").asInt();
        var end = Math.min(all.size(), start + Math.min(asked > 0 ? asked : DEFAULT_PAGE, largestPage));
        var body = Json.object();
        if (end > start) {
            body.putArray("llmProviders").addAll(all.subList(start, end));
        }
        return Reply.json(200, end < all.size() ? body.put("nextPageToken", PAGE_PREFIX + end) : body);
    }

    private static int start(JsonNode token) {
        var text = token.asText();
        if (text.isEmpty()) {
            return 0;
        }
        return text.matches(PAGE_PREFIX + "\\d{1,6}") ? Integer.parseInt(text.substring(PAGE_PREFIX.length())) : -1;
    }
}
