package tests.support.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Predicate;
import tests.support.TestJson;
import tests.support.upstream.Recorded;
import tests.support.upstream.Reply;

/// `LLMProviderService` by Connect JSON, read strictly; and what all services ask of a call.
public final class FakeManagementApi {

    static final String SERVICE = "/redpanda.api.adp.v1alpha1.LLMProviderService/";

    private static final String PAGE_PREFIX = "page-";
    private static final int DEFAULT_PAGE = 50;

    private final Map<String, ObjectNode> providers = new ConcurrentSkipListMap<>();
    private final Map<String, ObjectNode> checks = new ConcurrentHashMap<>();
    final ModelApi models = new ModelApi();
    final McpApi servers;
    private final Function<String, String> proxyUrl;
    volatile int largestPage = DEFAULT_PAGE;

    /// @param endpoint where an MCP server is served
    FakeManagementApi(Function<String, String> proxyUrl, Function<String, String> endpoint) {
        this.servers = new McpApi(endpoint);
        this.proxyUrl = proxyUrl;
    }

    /// Sets the result of CheckConnection for a provider; by default it succeeds.
    void check(String provider, ObjectNode status) {
        checks.put(provider, status);
    }

    void put(ObjectNode provider) {
        var stored = provider.deepCopy();
        if (!stored.path("enabled").asBoolean()) {
            stored.remove("enabled"); // proto3 JSON has no false
        }
        providers.put(stored.path("name").asText(), stored);
    }

    void remove(String name) {
        providers.remove(name);
    }

    public Optional<ObjectNode> provider(String name) {
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
        if (call.path().startsWith(McpApi.SERVICE)) {
            return servers.answer(call.path().substring(McpApi.SERVICE.length()), request);
        }
        return switch (call.path()) {
            case SERVICE + "GetLLMProvider" -> get(request);
            case SERVICE + "ListLLMProviders" -> list(request);
            case SERVICE + "CreateLLMProvider" -> create(request);
            case SERVICE + "UpdateLLMProvider" -> update(request);
            case SERVICE + "DeleteLLMProvider" -> delete(request);
            case SERVICE + "CheckConnection" -> check(request);
            case SERVICE + "ListLLMProviderTypes" -> types();
            case ModelApi.SERVICE + "ListModels" -> models.list(request);
            case ModelApi.SERVICE + "GetModel" -> models.get(request);
            default -> Reply.of(404, "text/plain", "404 page not found");
        };
    }

    private Reply get(ObjectNode request) {
        var name = request.path("name").asText();
        if (name.isEmpty()) {
            return Connect.error("invalid_argument", "name: value is required");
        }
        return provider(name)
                .map(provider -> Reply.json(200, TestJson.object().set("llmProvider", provider)))
                .orElseGet(() -> notFound(name));
    }

    private Reply create(ObjectNode request) {
        if (!(request.path("llmProvider") instanceof ObjectNode provider)) {
            return Connect.error("invalid_argument", "llm_provider: value is required");
        }
        var name = provider.path("name").asText();
        if (providers.containsKey(name)) {
            return Connect.error("already_exists", "LLM provider \"" + name + "\" already exists");
        }
        var created = ProviderRules.stored(provider);
        if (!provider.has("transcripts")) {
            created.putObject("transcripts").put("recordInputMessages", true).put("recordOutputMessages", true);
        }
        return keep(created.put("createdAt", "2026-10-01T08:00:00Z"));
    }

    private Reply update(ObjectNode request) {
        var name = request.path("llmProvider").path("name").asText();
        if (provider(name).isEmpty()) {
            return notFound(name);
        }
        var before = provider(name).get();
        var after = before.deepCopy();
        var refused = ProviderRules.update(
                after,
                (ObjectNode) request.path("llmProvider"),
                request.path("updateMask").asText());
        if (refused.isPresent()) {
            return Connect.error("invalid_argument", "update_mask: " + refused.get() + " cannot be updated");
        }
        // A type of the future cannot be validated.
        return before.path("type").asText().contains("FUTURE")
                ? kept(after)
                : keep(ProviderRules.stored(after)
                        .put("createdAt", before.path("createdAt").asText()));
    }

    private Reply keep(ObjectNode provider) {
        return ProviderRules.violation(provider)
                .map(why -> Connect.error("invalid_argument", why))
                .orElseGet(() -> kept(provider));
    }

    private Reply kept(ObjectNode provider) {
        var name = provider.path("name").asText();
        put(provider.put("url", proxyUrl.apply(name)).put("updatedAt", "2026-10-02T08:00:00Z"));
        return get(TestJson.object().put("name", name));
    }

    private Reply delete(ObjectNode request) {
        var name = request.path("name").asText();
        return providers.remove(name) == null ? notFound(name) : Reply.json(200, TestJson.object());
    }

    private Reply check(ObjectNode request) {
        var name = request.path("name").asText();
        return provider(name)
                .map(provider -> {
                    if (ProviderRules.CONFIGS.values().stream()
                            .anyMatch(config -> provider.path(config)
                                    .path("authorizationPassthrough")
                                    .asBoolean())) {
                        return Connect.error(
                                "failed_precondition", "a passthrough provider has no credential to check");
                    }
                    var body = TestJson.object().put("latencyMs", "42");
                    body.set("status", checks.getOrDefault(name, TestJson.object()));
                    return Reply.json(200, body);
                })
                .orElseGet(() -> notFound(name));
    }

    private static Reply types() {
        var body = TestJson.object();
        ProviderRules.CONFIGS.keySet().stream()
                .sorted()
                .forEach(type -> body.withArray("types").add("LLM_PROVIDER_TYPE_" + type));
        body.withArray("types").add("LLM_PROVIDER_TYPE_FROM_THE_FUTURE");
        return Reply.json(200, body);
    }

    private static Reply notFound(String name) {
        return Connect.error("not_found", "LLM provider \"" + name + "\" not found");
    }

    private Reply list(ObjectNode request) {
        var wanted = request.path("filter").path("nameContains").asText();
        var all = providers.values().stream()
                .filter(provider -> provider.path("name").asText().contains(wanted))
                .toList();
        var start = start(request.path("pageToken"));
        if (start < 0 || start > all.size()) {
            return Connect.error("invalid_argument", "page_token: unknown");
        }
        var asked = request.path("pageSize").asInt();
        var end = Math.min(all.size(), start + Math.min(asked > 0 ? asked : DEFAULT_PAGE, largestPage));
        var body = TestJson.object();
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
