package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.api.type.FieldKind;

/// A resource in full: the JSON of the API, including the fields that this version does not know. A launch uses
/// the shorter [Provider].
///
///     Resource.of(ResourceKind.LLM, response.path("llmProvider")).models()   // {claude-sonnet-5-5={…}}
///
/// @param kind the kind of the resource
/// @param json the resource in proto3 JSON, copied when it is passed in and when it is returned
public record Resource(ResourceKind kind, ObjectNode json) {
    public Resource {
        json = json.deepCopy();
    }

    /// Returns the resource with that JSON. JSON that is not an object counts as an object without fields.
    public static Resource of(ResourceKind kind, JsonNode json) {
        return new Resource(kind, json instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode());
    }

    @Override
    public ObjectNode json() {
        return json.deepCopy();
    }

    /// Returns the name; empty if there is none.
    public String name() {
        return json.path("name").asText("");
    }

    /// Returns the wire name of the type. Without a type, the configuration implies it; empty if there is
    /// neither.
    public String type() {
        var said = json.path("type").asText("");
        return said.isEmpty() ? config().map(kind.configs()::get).orElse("") : said;
    }

    /// Returns the type as users read it.
    public String typeLabel() {
        return type().isEmpty() ? "unspecified" : kind.label(type());
    }

    /// Returns the name of the field with the configuration, such as `anthropicConfig`.
    public Optional<String> config() {
        return kind.configs().keySet().stream().filter(json::hasNonNull).findFirst();
    }

    /// Returns whether the gateway serves the resource.
    public boolean enabled() {
        return json.path("enabled").asBoolean();
    }

    /// Returns the allowlist of a provider, from both of its fields: each model by its name, with its other data.
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

    /// Returns the value at a path such as `anthropicConfig.baseUrl`; a missing node if there is none.
    public JsonNode at(String path) {
        JsonNode node = json;
        for (var name : path.split("\\.")) node = node.path(name);
        return node.deepCopy();
    }

    /// Returns a copy with that value at that path. An empty value removes the field.
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

    /// Returns a copy without the fields that only the gateway sets, as it is created or written in a manifest.
    public Resource settable() {
        var copy = json.deepCopy();
        copy.remove(kind.below("").stream()
                .filter(field -> kind.is(field, FieldKind.OUTPUT))
                .toList());
        return new Resource(kind, copy);
    }
}
