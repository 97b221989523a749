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

/// What turns something that a gateway keeps into what a manifest wants. Lists, maps and messages are replaced
/// whole, but for the fields in them that this version does not know.
///
///     ResourceDiff.between(live, manifest, Omitted.CLEARED).mask()   // [displayName, providerModels]
///
/// @param changes each field that differs
/// @param payload what to send with the mask
public record ResourceDiff(List<Change> changes, Resource payload) {
    /// One field that differs.
    ///
    /// @param path the field's path, as the update mask names it
    /// @param before what the gateway has; a missing node for nothing
    /// @param after what is wanted; a missing node for nothing
    /// @param omitted whether the manifest does not name the field, and applying it clears the field for that
    ///     reason
    public record Change(String path, JsonNode before, JsonNode after, boolean omitted) {}

    /// What a manifest means by a field that it does not name.
    public enum Omitted {
        /// The field's zero value: the manifest is the whole desired state.
        CLEARED,
        /// Nothing: the field stays as it is.
        KEPT
    }

    /// What a gateway fills in where a creation does not name it. A manifest that omits it leaves it to the
    /// gateway, or the manifest would differ from what it has just created.
    private static final Set<String> FILLED_IN = Set.of("transcripts");

    /// The fields that are cleared because the manifest does not name them.
    public List<String> omitted() {
        return changes.stream().filter(Change::omitted).map(Change::path).toList();
    }

    /// The update mask.
    public List<String> mask() {
        return changes.stream().map(Change::path).toList();
    }

    /// What differs.
    ///
    /// A field that this version does not know is compared only where the manifest names it: the field may be one
    /// that the gateway manages itself.
    ///
    /// @throws UserError when the manifest wants another type, which is kept for life, or omits the config of its
    ///     type
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

    /// The fields that the gateway has and the manifest does not name, models aside.
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

    /// A type that something cannot become.
    public static UserError anotherType(Resource live, String wanted) {
        return new UserError(
                "%s has the type %s, which cannot be changed to %s"
                        .formatted(live.kind().named(live.name()), live.typeLabel(), wanted),
                "create another %s, or delete this one first"
                        .formatted(live.kind().noun()));
    }

    /// Both spellings are one allowlist, and its order says nothing.
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

    /// Prices as strings, without those of the future that the manifest does not name.
    private static JsonNode prices(JsonNode prices, JsonNode named) {
        var read = JsonNodeFactory.instance.objectNode();
        prices.properties().forEach(price -> {
            if (price.getKey().endsWith("PerMillion") || named.has(price.getKey()))
                read.put(price.getKey(), price.getValue().asText());
        });
        return read;
    }

    /// What the gateway has, without the fields that neither this version nor the manifest knows.
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

    /// What is wanted, with the fields of the gateway that this version does not know: replacing a message would
    /// lose them.
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

    /// Without zero values, which proto3 JSON leaves out; an empty message says that it is there.
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
            // What this version does not know may be spelt as in the .proto file.
            if (!value.isMissingNode()) plain.set(ResourceKind.lowerCamel(field.getKey()), value);
        });
        return plain;
    }
}
