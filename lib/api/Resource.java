package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.api.type.FieldKind;

/// What a gateway keeps, in full: the API's JSON as it is, with the fields that this version does not know. A
/// launch needs less of a provider, see [Provider].
///
///     Resource.of(ResourceKind.LLM, response.path("llmProvider")).models()   // {claude-sonnet-5-5={…}}
///
/// @param kind what it is one of
/// @param json proto3 JSON; nobody else's: a copy goes in, and a copy comes out
public record Resource(ResourceKind kind, ObjectNode json) {
    public Resource {
        json = json.deepCopy();
    }

    /// What the wire or a manifest says; what is no object is one without fields.
    public static Resource of(ResourceKind kind, JsonNode json) {
        return new Resource(kind, json instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode());
    }

    @Override
    public ObjectNode json() {
        return json.deepCopy();
    }

    /// Its name, empty where it has none.
    public String name() {
        return json.path("name").asText("");
    }

    /// Its type in the wire's spelling; where only a config says it, the type of that; empty where nothing does.
    public String type() {
        var said = json.path("type").asText("");
        return said.isEmpty() ? config().map(kind.configs()::get).orElse("") : said;
    }

    /// Its type as users read it.
    public String typeLabel() {
        return type().isEmpty() ? "unspecified" : kind.label(type());
    }

    /// The field that configures it, such as `anthropicConfig`.
    public Optional<String> config() {
        return kind.configs().keySet().stream().filter(json::hasNonNull).findFirst();
    }

    /// Whether it is served.
    public boolean enabled() {
        return json.path("enabled").asBoolean();
    }

    /// A provider's allowlist, both spellings united: each model by its name, with what else is said of it.
    public Map<String, ObjectNode> models() {
        var models = new LinkedHashMap<String, ObjectNode>();
        json.path("models")
                .forEach(name -> models.put(
                        name.asText(""), JsonNodeFactory.instance.objectNode().put("name", name.asText(""))));
        json.path("providerModels").forEach(model -> {
            if (model instanceof ObjectNode object)
                models.put(model.path("name").asText(""), object.deepCopy());
        });
        models.remove("");
        return models;
    }

    /// The value at a path such as `anthropicConfig.baseUrl`; a missing node where there is none.
    public JsonNode at(String path) {
        JsonNode node = json;
        for (var name : path.split("\\.")) node = node.path(name);
        return node.deepCopy();
    }

    /// The same with that value at that path; an empty one takes the field away.
    public Resource with(String path, Optional<? extends JsonNode> value) {
        var copy = json.deepCopy();
        var names = List.of(path.split("\\."));
        var parent = copy;
        for (var name : names.subList(0, names.size() - 1))
            parent = parent.path(name) instanceof ObjectNode object
                    ? object
                    : value.isPresent() ? parent.putObject(name) : JsonNodeFactory.instance.objectNode();
        if (value.isPresent()) parent.set(names.getLast(), value.get());
        else parent.remove(names.getLast());
        return new Resource(kind, copy);
    }

    /// The same without what only the gateway says: as it is created, or written in a manifest.
    public Resource settable() {
        var copy = json.deepCopy();
        copy.remove(kind.below("").stream()
                .filter(field -> kind.is(field, FieldKind.OUTPUT))
                .toList());
        return new Resource(kind, copy);
    }
}
