package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import lib.api.type.FieldKind;
import lib.base.UserError;

/// Reads a resource from a document that a user wrote. It accepts everything that proto3 JSON allows, and checks
/// the types of the fields before anything is sent. Unknown fields are kept, because a newer gateway may know
/// them.
///
///     Manifest.read(ResourceKind.LLM, document, "providers.yaml")
public final class Manifest {
    private static final Pattern REFERENCE = Pattern.compile("[A-Z][A-Z0-9_]*");
    private static final List<String> PRICES = List.of(
            "inputPerMillion",
            "outputPerMillion",
            "cachedInputPerMillion",
            "cacheCreation5mPerMillion",
            "cacheCreation1hPerMillion");

    private final ResourceKind kind;
    private final String where;

    private Manifest(ResourceKind kind, String where) {
        this.kind = kind;
        this.where = where;
    }

    /// Reads one document.
    ///
    /// @param usual the kind of a document that does not name one, see [ResourceKind#of]
    /// @param where the name of the document in messages
    /// @throws UserError if a field has an invalid value, or if there is no name
    public static Resource read(ResourceKind usual, ObjectNode document, String where) {
        var kind = ResourceKind.of(document, usual);
        var manifest = new Manifest(kind, where);
        var given = (ObjectNode) kind.unwrapped(document).deepCopy();
        given.remove(ResourceKind.TYPE_LINE);
        var object = manifest.message(given, "");
        if (object.path("name").asText("").isEmpty())
            throw manifest.wrong(
                    "name",
                    "is missing",
                    "a manifest is what rpkai %s get NAME -o yaml prints".formatted(kind.command()));
        ProxyUrl.checked(kind, object.path("name").asText());
        manifest.type(object);
        return Resource.of(kind, object);
    }

    /// Warns of fields that this version does not know and that look misspelt.
    ///
    /// @param live the resource at the gateway, whose fields are never misspelt; empty if it does not exist yet
    public static void warnOfUnknown(Resource manifest, Optional<Resource> live, String where, Consumer<String> warn) {
        manifest.json().fieldNames().forEachRemaining(field -> {
            if (manifest.kind().field(field).isEmpty()
                    && live.filter(is -> is.json().has(field)).isEmpty()) {
                warn.accept("%s: field \"%s\" is not known to this version%s"
                        .formatted(
                                where,
                                field,
                                DidYouMean.of(
                                                ResourceKind.camel(field),
                                                manifest.kind().below(""))
                                        .map("; did you mean \"%s\"?"::formatted)
                                        .orElse("")));
            }
        });
    }

    /// Returns the text if it is the name of a secret. An error does not repeat the text: it may be the secret
    /// itself.
    ///
    /// @param what the place of the text, such as a flag
    public static String reference(String text, String what) {
        if (text.isEmpty() || REFERENCE.matcher(text).matches()) return text;
        throw UserError.usage(
                "%s must be the name of a secret that the gateway keeps, not the secret itself".formatted(what),
                "use upper-case letters, digits and underscores, such as ANTHROPIC_API_KEY");
    }

    private ObjectNode message(ObjectNode object, String path) {
        var read = JsonNodeFactory.instance.objectNode();
        var prefix = path.isEmpty() ? "" : path + ".";
        object.properties().forEach(field -> {
            var camel = ResourceKind.camel(field.getKey());
            var holds = kind.field(prefix + camel);
            var name = holds.isPresent() ? camel : ResourceKind.lowerCamel(field.getKey());
            if (read.has(name)) throw wrong(prefix + name, "occurs twice", "keep one spelling");
            if (holds.isEmpty()) read.set(name, field.getValue());
            else value(holds.get(), field.getValue(), prefix + name).ifPresent(value -> read.set(name, value));
        });
        return read;
    }

    private Optional<JsonNode> value(FieldKind field, JsonNode value, String path) {
        var nodes = JsonNodeFactory.instance;
        return Optional.ofNullable(
                switch (field) {
                    case TEXT ->
                        path.equals("remote.transport")
                                ? transport(value, path)
                                : value.isNull()
                                        ? nodes.textNode("")
                                        : checked(
                                                value.isTextual(), value, path, "is not a string", "put it in quotes");
                    case REFERENCE ->
                        value.isNull()
                                ? nodes.textNode("")
                                : nodes.textNode(reference(
                                        checked(value.isTextual(), value, path, "is not a string", "put it in quotes")
                                                .asText(),
                                        where + ": " + path));
                    case FLAG ->
                        value.isNull()
                                ? nodes.booleanNode(false)
                                : checked(
                                        value.isBoolean(),
                                        value,
                                        path,
                                        "is neither true nor false",
                                        "write true or false");
                    case TEXTS ->
                        value.isNull()
                                ? nodes.arrayNode()
                                : checked(
                                        value.isArray() && value.valueStream().allMatch(JsonNode::isTextual),
                                        value,
                                        path,
                                        "is not a list of strings",
                                        "write one per line after a dash; put numbers in quotes");
                    case MAP ->
                        value.isNull()
                                ? nodes.objectNode()
                                : checked(
                                        value.isObject() && value.valueStream().allMatch(JsonNode::isTextual),
                                        value,
                                        path,
                                        "is not a mapping of keys to strings",
                                        "put values such as true and 5 in quotes");
                    case MODELS ->
                        value.isNull()
                                ? nodes.arrayNode()
                                : models(
                                        checked(
                                                value.isArray(),
                                                value,
                                                path,
                                                "is not a list",
                                                "write - name: MODEL for each model"),
                                        path);
                    case MESSAGE ->
                        value.isNull()
                                ? null
                                : message(
                                        (ObjectNode) checked(
                                                value.isObject(),
                                                value,
                                                path,
                                                "is not a mapping",
                                                "run rpkai %s get NAME -o yaml to see an example"
                                                        .formatted(kind.command())),
                                        path);
                    case OUTPUT -> value;
                });
    }

    /// Reads a transport by its wire name or its usual name, such as `streamable-http`.
    private JsonNode transport(JsonNode value, String path) {
        if (value.isNull()) return JsonNodeFactory.instance.textNode("");
        var text = checked(value.isTextual(), value, path, "is not a string", "put it in quotes")
                .asText();
        var label = text.replace('-', '_').toUpperCase(Locale.ROOT);
        return JsonNodeFactory.instance.textNode(
                label.matches("SSE|STREAMABLE_HTTP") ? "MCP_TRANSPORT_" + label : text);
    }

    /// Reads a list of models. A model may be just its name. Prices become strings, because they are 64-bit
    /// integers.
    private ArrayNode models(JsonNode list, String path) {
        var read = JsonNodeFactory.instance.arrayNode();
        list.forEach(each -> {
            var model = each.isTextual()
                    ? JsonNodeFactory.instance.objectNode().put("name", each.asText())
                    : (ObjectNode) checked(
                            each.isObject(),
                            each,
                            path,
                            "contains an entry that is not a model",
                            "write - name: MODEL for each model");
            checked(
                    model.path("name").isTextual()
                            && !model.path("name").asText().isEmpty(),
                    model,
                    path,
                    "contains a model without a name",
                    "write - name: MODEL for each model");
            var copy = JsonNodeFactory.instance.objectNode();
            model.properties().forEach(field -> {
                var isPricing = ResourceKind.camel(field.getKey()).equals("customPricing");
                if (isPricing && field.getValue() instanceof ObjectNode prices)
                    copy.set("customPricing", prices(prices, path));
                else if (!isPricing || !field.getValue().isNull()) copy.set(field.getKey(), field.getValue());
            });
            read.add(copy);
        });
        return read;
    }

    private ObjectNode prices(ObjectNode prices, String path) {
        var read = JsonNodeFactory.instance.objectNode();
        prices.properties().forEach(price -> {
            var name = ResourceKind.camel(price.getKey());
            if (!PRICES.contains(name)) read.set(price.getKey(), price.getValue());
            else if (!price.getValue().isNull()) {
                var text = price.getValue().asText();
                checked(
                        text.matches("\\d{1,18}"),
                        price.getValue(),
                        path + ".customPricing." + name,
                        "is not a number of microcents",
                        "one US dollar is 100000000 microcents; with --pricing you can use dollars");
                read.put(name, text);
            }
        });
        return read;
    }

    private void type(ObjectNode object) {
        var configs = kind.configs().keySet().stream().filter(object::has).toList();
        if (configs.size() > 1)
            throw wrong(configs.get(1), "cannot be combined with " + configs.getFirst(), kind.one() + " has one type");
        var said = object.path("type").asText("");
        if (said.isEmpty()) {
            configs.forEach(config -> object.put("type", kind.configs().get(config)));
            return;
        }
        var type = kind.typeNamed(said)
                .orElseThrow(() -> wrong(
                        "type",
                        "is not a type of %s: \"%s\"".formatted(kind.noun(), said),
                        "use one of " + kind.labels()));
        object.put("type", type);
        configs.stream()
                .filter(config -> !kind.configs().get(config).equals(type))
                .findFirst()
                .ifPresent(config -> {
                    throw wrong(
                            config,
                            "does not belong to the type %s".formatted(kind.label(type)),
                            kind.one() + " has one type");
                });
    }

    private JsonNode checked(boolean holds, JsonNode value, String path, String what, String hint) {
        if (holds) return value;
        throw wrong(path, what, hint);
    }

    private UserError wrong(String path, String what, String hint) {
        return new UserError("%s: %s %s".formatted(where, path, what), hint);
    }
}
