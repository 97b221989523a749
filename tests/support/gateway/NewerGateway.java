package tests.support.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tests.support.Loopback;
import tests.support.TestJson;
import tests.support.upstream.Recorded;
import tests.support.upstream.Reply;

/// The management API as upstream has had it since autumn 2026, written from the wire page alone: a third
/// implementation, which shares nothing with the gateway or with [FakeGateway] but the HTTP server of the
/// fixtures.
///
/// New features: lists take a filter of AIP-160 (here `field = value` and `field : value`, joined by AND),
/// `orderBy`, and answer with `totalSize`; CheckConnection takes a draft; there is a SecretService; models have
/// `reasoningEfforts`; every object has fields that no client knows.
///
///     try (var gateway = NewerGateway.start()) {
///         var run = rpkai("--endpoint", gateway.url(), "llm", "list", "--filter", "enabled = true");
///     }
public final class NewerGateway implements AutoCloseable {
    private static final String PACKAGE = "/redpanda.api.adp.v1alpha1.";
    private static final Map<String, String> CONFIGS = Map.of(
            "openaiConfig",
            "LLM_PROVIDER_TYPE_OPENAI",
            "anthropicConfig",
            "LLM_PROVIDER_TYPE_ANTHROPIC",
            "googleConfig",
            "LLM_PROVIDER_TYPE_GOOGLE",
            "bedrockConfig",
            "LLM_PROVIDER_TYPE_BEDROCK",
            "openaiCompatibleConfig",
            "LLM_PROVIDER_TYPE_OPENAI_COMPATIBLE");
    private static final Pattern TERM = Pattern.compile("([\\w.]+) *([=:]) *(.+)");
    private static final Set<String> IMMUTABLE = Set.of("name", "type", "url", "createdAt", "updatedAt");

    private final Kept providers = new Kept("llmProvider", "/llm/v1/providers/");
    private final Kept servers = new Kept("mcpServer", "/mcp/v1/");
    private final Map<String, String> secrets = new ConcurrentSkipListMap<>();
    private final List<ObjectNode> models = new ArrayList<>();
    private final Loopback server = new Loopback(this::answer);

    private NewerGateway() {}

    /// An empty gateway on a free port, whose every token is good.
    public static NewerGateway start() {
        return new NewerGateway();
    }

    /// The gateway's base URL.
    public String url() {
        return server.url();
    }

    /// Adds a model to the catalogue.
    public NewerGateway model(ObjectNode model) {
        models.add(model.deepCopy());
        return this;
    }

    /// Returns a stored provider without the fields that only a gateway sets.
    public JsonNode provider(String name) {
        return providers.settable(name);
    }

    /// Returns a stored MCP server without the fields that only a gateway sets.
    public JsonNode server(String name) {
        return servers.settable(name);
    }

    /// Returns the value of a secret, which no call reveals; empty if there is none.
    public String secret(String name) {
        return secrets.getOrDefault(name, "");
    }

    /// The bodies of the calls of a method so far.
    public List<JsonNode> calls(String method) {
        return server.requests().stream()
                .filter(call -> call.path().endsWith("/" + method))
                .map(Recorded::json)
                .toList();
    }

    /// Fails a call.
    private static final class Refused extends RuntimeException {
        private final int status;
        private final String code;

        Refused(int status, String code, String message) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
        }
    }

    private Reply answer(Recorded call) {
        try {
            if (!call.path().startsWith(PACKAGE) || !call.method().equals("POST"))
                return Reply.of(404, "text/plain", "404 page not found");
            if (call.bearer().isEmpty()) throw new Refused(401, "unauthenticated", "a bearer is missing");
            if (!(call.json() instanceof ObjectNode request))
                throw new Refused(400, "invalid_argument", "not a JSON object");
            return Reply.json(200, method(call.path().substring(PACKAGE.length()), request));
        } catch (Refused refused) {
            return Reply.json(
                    refused.status, TestJson.object().put("code", refused.code).put("message", refused.getMessage()));
        }
    }

    private ObjectNode method(String method, ObjectNode request) {
        return switch (method) {
            case "LLMProviderService/CreateLLMProvider" -> providers.create(provided(request.path("llmProvider")));
            case "LLMProviderService/GetLLMProvider" -> providers.get(request);
            case "LLMProviderService/ListLLMProviders" -> list(request, "llmProviders", providers.shown());
            case "LLMProviderService/UpdateLLMProvider" -> providers.update(request);
            case "LLMProviderService/DeleteLLMProvider" -> providers.delete(request);
            case "LLMProviderService/CheckConnection" -> check(request);
            case "LLMProviderService/ListLLMProviderTypes" -> types();
            case "MCPServerService/CreateMCPServer" -> servers.create(request.path("mcpServer"));
            case "MCPServerService/GetMCPServer" -> servers.get(request);
            case "MCPServerService/ListMCPServers" -> list(request, "mcpServers", servers.shown());
            case "MCPServerService/UpdateMCPServer" -> servers.update(request);
            case "MCPServerService/DeleteMCPServer" -> servers.delete(request);
            case "MCPServerService/ListManagedMCPTypes" -> managedTypes();
            case "ModelService/ListModels" ->
                list(
                        request,
                        "models",
                        models.stream().filter(model -> offered(model, request)).toList());
            case "ModelService/GetModel" -> found(request);
            case "SecretService/CreateSecret" -> secret(request, false);
            case "SecretService/UpdateSecret" -> secret(request, true);
            case "SecretService/GetSecret" -> one(known(request));
            case "SecretService/ListSecrets" ->
                list(
                        request,
                        "secrets",
                        secrets.keySet().stream().map(NewerGateway::shownSecret).toList());
            case "SecretService/DeleteSecret" -> {
                secrets.remove(known(request));
                yield TestJson.object();
            }
            default -> throw new Refused(501, "unimplemented", method);
        };
    }

    private ObjectNode list(ObjectNode request, String field, List<ObjectNode> all) {
        var wanted = new ArrayList<>(
                all.stream().filter(filter(request.path("filter"))).toList());
        for (var key : request.path("orderBy").asText("").isEmpty()
                ? new String[0]
                : request.path("orderBy").asText().split(",")) {
            var words = key.strip().split(" ");
            var order = Comparator.<ObjectNode, String>comparing(
                    object -> at(object, words[0]).asText(""));
            wanted.sort(words.length > 1 && words[1].equals("desc") ? order.reversed() : order);
        }
        var token = request.path("pageToken").asText("");
        if (!token.matches("(from-\\d+)?")) throw new Refused(400, "invalid_argument", "page_token is not valid");
        int from = token.isEmpty() ? 0 : Integer.parseInt(token.substring(5));
        int size = request.path("pageSize").asInt(0) > 0
                ? Math.min(request.path("pageSize").asInt(), 3)
                : 3;
        int to = Math.min(wanted.size(), from + size);
        var answer = TestJson.object();
        if (from < to) answer.putArray(field).addAll(wanted.subList(from, to));
        if (to < wanted.size()) answer.put("nextPageToken", "from-" + to);
        return wanted.isEmpty() ? answer : answer.put("totalSize", wanted.size());
    }

    private static Predicate<ObjectNode> filter(JsonNode filter) {
        if (filter.isObject())
            return object -> object.path("name")
                    .asText()
                    .contains(filter.path("nameContains").asText(""));
        Predicate<ObjectNode> all = _ -> true;
        for (var term : filter.asText("").isEmpty()
                ? new String[0]
                : filter.asText().replaceAll("[()]", "").split(" AND ")) {
            var words = TERM.matcher(term.strip());
            if (!words.matches())
                throw new Refused(400, "invalid_argument", "filter: cannot parse \"%s\"".formatted(term));
            String field = words.group(1),
                    operator = words.group(2),
                    value = words.group(3).replace("\"", "");
            all = all.and(object -> {
                var is = at(object, field).asText("false");
                return operator.equals(":")
                        ? is.contains(value)
                        : is.equals(value) || is.endsWith("_TYPE_" + value.toUpperCase(java.util.Locale.ROOT));
            });
        }
        return all;
    }

    /// A field by its name in the `.proto` file.
    private static JsonNode at(ObjectNode object, String path) {
        JsonNode here = object;
        for (var name : path.split("\\.")) {
            var camel = new StringBuilder();
            for (var part : name.split("_"))
                camel.append(camel.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
            here = here.path(camel.toString());
        }
        return here;
    }

    private static ObjectNode provided(JsonNode given) {
        if (!(given instanceof ObjectNode provider))
            throw new Refused(400, "invalid_argument", "llm_provider is required");
        var configs = CONFIGS.keySet().stream().filter(provider::has).toList();
        if (configs.size() != 1) throw new Refused(400, "invalid_argument", "exactly one config is wanted");
        var made = provider.deepCopy().put("type", CONFIGS.get(configs.getFirst()));
        if (!made.has("transcripts"))
            made.putObject("transcripts").put("recordInputMessages", true).put("recordOutputMessages", true);
        return made;
    }

    private ObjectNode check(ObjectNode request) {
        if (request.has("name") == request.has("providerConfig"))
            throw new Refused(400, "invalid_argument", "target: exactly one of name and provider_config");
        var provider = request.has("name")
                ? providers.find(request.path("name").asText())
                : provided(request.path("providerConfig"));
        var reference = provider.findValue("apiKeyRef");
        if (reference == null) throw new Refused(400, "failed_precondition", "the provider passes credentials on");
        var answer = TestJson.object();
        var status = answer.putObject("status");
        if (secrets.containsKey(reference.asText())) return answer.put("latencyMs", "31");
        status.put("code", 9).put("message", "secret %s is not set".formatted(reference.asText()));
        return answer;
    }

    private static ObjectNode types() {
        var answer = TestJson.object();
        var list = answer.putArray("types");
        CONFIGS.values().stream().sorted().forEach(list::add);
        list.add("LLM_PROVIDER_TYPE_FROM_THE_FUTURE");
        return answer;
    }

    /// The wire page does not name the list.
    private static ObjectNode managedTypes() {
        var answer = TestJson.object();
        answer.putArray("managedMcpTypes")
                .addObject()
                .put("typeUrl", "type.googleapis.com/redpanda.mcp.SlackMCPConfig")
                .put("displayName", "Slack")
                .put("category", "COMMUNICATION")
                .put("description", "Reads and posts messages");
        return answer;
    }

    private ObjectNode found(ObjectNode request) {
        var found = models.stream()
                .filter(model -> model.path("name").equals(request.path("name")) && offered(model, request))
                .findFirst();
        return TestJson.object().set("model", found.orElseThrow(() -> new Refused(404, "not_found", "no such model")));
    }

    private static boolean offered(ObjectNode model, ObjectNode request) {
        return !request.has("providerType") || model.path("providerType").equals(request.path("providerType"));
    }

    private ObjectNode secret(ObjectNode request, boolean exists) {
        var name = request.at("/secret/name").asText();
        if (!exists && secrets.containsKey(name)) throw new Refused(409, "already_exists", name);
        if (exists) known(TestJson.object().put("name", name));
        secrets.put(name, request.at("/secret/value").asText());
        return one(name);
    }

    private String known(ObjectNode request) {
        var name = request.path("name").asText();
        if (!secrets.containsKey(name)) throw new Refused(404, "not_found", "secret not found");
        return name;
    }

    private static ObjectNode one(String secret) {
        return TestJson.object().set("secret", shownSecret(secret));
    }

    private static ObjectNode shownSecret(String name) {
        return TestJson.object()
                .put("name", name)
                .put("createdAt", "2026-10-01T00:00:00Z")
                .put("updatedAt", "2026-10-02T00:00:00Z")
                .put("scope", "LATER");
    }

    /// The stored objects of one kind.
    private final class Kept {
        private final Map<String, ObjectNode> objects = new ConcurrentSkipListMap<>();
        private final String key;
        private final String prefix;

        Kept(String key, String prefix) {
            this.key = key;
            this.prefix = prefix;
        }

        ObjectNode create(JsonNode given) {
            if (!(given instanceof ObjectNode object)) throw new Refused(400, "invalid_argument", key + " is required");
            var name = object.path("name").asText();
            if (objects.putIfAbsent(name, withoutZeros(object.deepCopy())) != null)
                throw new Refused(409, "already_exists", name);
            return answer(name);
        }

        ObjectNode get(ObjectNode request) {
            find(request.path("name").asText());
            return answer(request.path("name").asText());
        }

        ObjectNode update(ObjectNode request) {
            var from = request.path(key);
            var to = find(from.path("name").asText()).deepCopy();
            if (!request.path("updateMask").isTextual())
                throw new Refused(400, "invalid_argument", "update_mask is required");
            for (var path : request.path("updateMask").asText().split(",")) {
                var names = path.split("\\.");
                if (IMMUTABLE.contains(names[0])) throw new Refused(400, "invalid_argument", path + " is immutable");
                var target = to;
                var source = from;
                for (int i = 0; i < names.length - 1; i++) {
                    target = target.withObjectProperty(names[i]);
                    source = source.path(names[i]);
                }
                if (source.has(names[names.length - 1]))
                    target.set(names[names.length - 1], source.get(names[names.length - 1]));
                else target.remove(names[names.length - 1]);
            }
            objects.put(to.path("name").asText(), withoutZeros(to));
            return answer(to.path("name").asText());
        }

        ObjectNode delete(ObjectNode request) {
            find(request.path("name").asText());
            objects.remove(request.path("name").asText());
            return TestJson.object();
        }

        ObjectNode find(String name) {
            var object = objects.get(name);
            if (object == null) throw new Refused(404, "not_found", "%s %s not found".formatted(key, name));
            return object;
        }

        List<ObjectNode> shown() {
            return objects.keySet().stream().map(this::shown).toList();
        }

        JsonNode settable(String name) {
            return objects.containsKey(name) ? objects.get(name).deepCopy() : MissingNode.getInstance();
        }

        private ObjectNode shown(String name) {
            return objects.get(name)
                    .deepCopy()
                    .put("url", url() + prefix + name)
                    .put("createdAt", "2026-10-01T00:00:00Z")
                    .put("updatedAt", "2026-10-02T00:00:00Z")
                    .put("createdBy", "ada@example.com")
                    .put("etag", "W/1");
        }

        private ObjectNode answer(String name) {
            return TestJson.object().set(key, shown(name));
        }

        private static ObjectNode withoutZeros(ObjectNode object) {
            var zeros = object.properties().stream()
                    .filter(field -> {
                        var value = field.getValue();
                        return value.isNull()
                                || value.isBoolean() && !value.asBoolean()
                                || value.isTextual() && value.asText().isEmpty()
                                || value.isArray() && value.isEmpty();
                    })
                    .map(Map.Entry::getKey)
                    .toList();
            object.remove(zeros);
            return object;
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
