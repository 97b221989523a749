package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.api.type.FieldKind;
import lib.base.UserError;

/// The changes that turn a resource of a gateway into the one in a manifest. Lists, maps and messages are
/// replaced as a whole, except for fields in them that this version does not know.
///
///     ResourceDiff.between(live, manifest, Omitted.CLEARED).mask()   // [displayName, providerModels]
///
/// @param changes the fields that differ
/// @param payload the resource to send with the mask
public record ResourceDiff(List<Change> changes, Resource payload) {
    /// A field that differs.
    ///
    /// @param path the path of the field, as in the update mask
    /// @param before the value at the gateway; a missing node if there is none
    /// @param after the value in the manifest; a missing node if there is none
    /// @param omitted whether the field is cleared because the manifest does not name it
    public record Change(String path, JsonNode before, JsonNode after, boolean omitted) {}

    /// The meaning of a field that a manifest does not name.
    public enum Omitted {
        /// The field is cleared: the manifest is the whole desired state.
        CLEARED,
        /// The field stays as it is.
        KEPT
    }

    /// Fields for which the gateway sets a default. A manifest that omits them leaves them to the gateway;
    /// otherwise the manifest would differ from the resource that it has just created.
    private static final Set<String> FILLED_IN = Set.of("transcripts");

    /// Returns the paths of the fields that are cleared because the manifest does not name them.
    public List<String> omitted() {
        return changes.stream().filter(Change::omitted).map(Change::path).toList();
    }

    /// Returns the update mask.
    public List<String> mask() {
        return changes.stream().map(Change::path).toList();
    }

    /// Compares a resource of the gateway with a manifest.
    ///
    /// A field that this version does not know is compared only if the manifest names it, since the gateway may
    /// manage the field itself.
    ///
    /// @throws UserError if the manifest has another type, which cannot be changed, or omits the configuration of
    ///     its type
    public static ResourceDiff between(Resource live, Resource wanted, Omitted omitted) {
        if (!wanted.type().isEmpty() && !wanted.type().equals(live.type())) throw anotherType(live, wanted.typeLabel());
        var kind = live.kind();
        var changes = new ArrayList<Change>();
        var payload = JsonNodeFactory.instance.objectNode().put("name", live.name());
        for (var field : wanted.json().properties()) {
            var name = field.getKey();
            if (name.equals("name") || name.equals("type") || kind.is(name, FieldKind.OUTPUT)) continue;
            if (name.equals("models") || name.equals("providerModels")) continue;
            var before = live.at(name);
            var after = field.getValue();
            if (plain(kind, known(kind, before, after, name), name).equals(plain(kind, after, name))) continue;
            changes.add(new Change(name, before, after, false));
            payload.set(name, withUnknown(kind, after, before, name));
        }
        if (omitted == Omitted.CLEARED)
            cleared(live, wanted)
                    .forEach(name ->
                            changes.add(new Change(name, live.at(name), JsonNodeFactory.instance.missingNode(), true)));
        if (omitted == Omitted.CLEARED || namesModels(wanted)) models(live, wanted, changes, payload);
        return new ResourceDiff(List.copyOf(changes), Resource.of(kind, payload));
    }

    /// Returns the fields that the gateway has and the manifest does not name, except models.
    private static List<String> cleared(Resource live, Resource wanted) {
        var kind = live.kind();
        var cleared = new ArrayList<String>();
        for (var name : kind.settable()) {
            var isTop = name.indexOf('.') < 0 && !name.equals("models") && !name.equals("providerModels");
            if (!isTop
                    || FILLED_IN.contains(name)
                    || wanted.json().has(name)
                    || plain(kind, live.at(name), name).isMissingNode()) continue;
            if (kind.configs().containsKey(name)) throw withoutConfig(live, name);
            cleared.add(name);
        }
        return cleared;
    }

    private static UserError withoutConfig(Resource live, String config) {
        return new UserError(
                ("the manifest of %s has no %s, but a manifest must contain the whole desired " + "state")
                        .formatted(live.kind().named(live.name()), config),
                "start with rpkai %s get %s -o yaml, or pass --keep-omitted"
                        .formatted(live.kind().command(), live.name()));
    }

    private static boolean namesModels(Resource wanted) {
        return wanted.json().has("models") || wanted.json().has("providerModels");
    }

    /// Returns the error for a manifest that would change the type of a resource.
    public static UserError anotherType(Resource live, String wanted) {
        return new UserError(
                "%s has the type %s, which cannot be changed to %s"
                        .formatted(live.kind().named(live.name()), live.typeLabel(), wanted),
                "create another %s, or delete this one first"
                        .formatted(live.kind().noun()));
    }

    /// Compares the allowlists. Both fields for models form one list, whose order does not matter.
    private static void models(Resource live, Resource wanted, List<Change> changes, ObjectNode payload) {
        var before = live.models();
        var after = wanted.models();
        if (same(before, after)) return;
        var list = JsonNodeFactory.instance.arrayNode();
        after.forEach((name, model) -> list.add(withUnknown(
                live.kind(),
                model,
                Optional.<JsonNode>ofNullable(before.get(name)).orElse(JsonNodeFactory.instance.objectNode()),
                "providerModels")));
        var was = JsonNodeFactory.instance.arrayNode().addAll(before.values());
        payload.set("providerModels", list);
        changes.add(new Change("providerModels", was, list, !namesModels(wanted)));
        if (!live.json().path("models").isEmpty())
            changes.add(new Change(
                    "models", live.at("models"), JsonNodeFactory.instance.missingNode(), !namesModels(wanted)));
    }

    private static boolean same(Map<String, ObjectNode> before, Map<String, ObjectNode> after) {
        return before.keySet().equals(after.keySet())
                && after.entrySet().stream().allMatch(model -> {
                    var was = before.get(model.getKey()).path("customPricing");
                    var is = model.getValue().path("customPricing");
                    var named = new LinkedHashSet<String>();
                    model.getValue().fieldNames().forEachRemaining(named::add);
                    named.remove("customPricing");
                    return plain(ResourceKind.LLM, prices(was, is), "customPricing")
                                    .equals(plain(ResourceKind.LLM, prices(is, is), "customPricing"))
                            && named.stream()
                                    .allMatch(name -> model.getValue()
                                            .path(name)
                                            .equals(before.get(model.getKey()).path(name)));
                });
    }

    /// Returns prices as strings, without unknown fields that the manifest does not name.
    private static JsonNode prices(JsonNode prices, JsonNode named) {
        var read = JsonNodeFactory.instance.objectNode();
        prices.properties().forEach(price -> {
            if (price.getKey().endsWith("PerMillion") || named.has(price.getKey()))
                read.put(price.getKey(), price.getValue().asText());
        });
        return read;
    }

    /// Returns the gateway's value without the fields that neither this version nor the manifest knows.
    private static JsonNode known(ResourceKind kind, JsonNode live, JsonNode wanted, String path) {
        if (!(live instanceof ObjectNode object) || !kind.is(path, FieldKind.MESSAGE)) return live;
        var known = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(field -> {
            var below = path + "." + field.getKey();
            if (kind.field(below).isPresent() || wanted.has(field.getKey()))
                known.set(field.getKey(), known(kind, field.getValue(), wanted.path(field.getKey()), below));
        });
        return known;
    }

    /// Returns the wanted value together with the gateway's fields that this version does not know, which
    /// replacing a message would delete.
    private static JsonNode withUnknown(ResourceKind kind, JsonNode wanted, JsonNode live, String path) {
        var isMessage = path.startsWith("providerModels") || kind.is(path, FieldKind.MESSAGE);
        if (!isMessage || !(wanted instanceof ObjectNode object)) return wanted;
        var whole = object.deepCopy();
        live.properties().forEach(field -> {
            var below = path + "." + field.getKey();
            if (whole.has(field.getKey()))
                whole.set(field.getKey(), withUnknown(kind, whole.path(field.getKey()), field.getValue(), below));
            else if (kind.field(below).isEmpty() && !below.endsWith("PerMillion") && !below.endsWith(".customPricing"))
                whole.set(field.getKey(), field.getValue());
        });
        return whole;
    }

    /// Returns the value without zero values, which proto3 JSON leaves out. An empty message is kept: its
    /// presence has a meaning.
    private static JsonNode plain(ResourceKind kind, JsonNode node, String path) {
        if (node.isMissingNode()
                || node.isNull()
                || node.isTextual() && node.asText().isEmpty()
                || node.isBoolean() && !node.asBoolean()
                || node.isArray() && node.isEmpty()) return JsonNodeFactory.instance.missingNode();
        if (!(node instanceof ObjectNode object)) return node;
        if (kind.is(path, FieldKind.MAP)) return object.isEmpty() ? JsonNodeFactory.instance.missingNode() : object;
        var plain = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(field -> {
            var value = plain(kind, field.getValue(), path + "." + field.getKey());
            // A field that this version does not know may be spelt as in the .proto file.
            if (!value.isMissingNode()) plain.set(ResourceKind.lowerCamel(field.getKey()), value);
        });
        return plain;
    }
}
