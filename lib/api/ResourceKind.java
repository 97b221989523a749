package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lib.api.type.FieldKind;
import lib.base.UserError;

/// A kind of object that a gateway keeps and its management API manages: what it is called, and the fields that
/// this version knows, by their paths in proto3 JSON. A gateway may have others.
///
///     Kind.LLM.field("anthropicConfig.baseUrl")   // Optional[TEXT]
///
/// @param names what it is called
/// @param fields what each field holds, by its path, in the order in which users are told
/// @param configs the fields of which an object has one, and the type that this makes it, in the wire's spelling
/// @param types the names of its types
public record ResourceKind(
        KindNames names, Map<String, FieldKind> fields, Map<String, String> configs, TypeNames types) {
    /// What one is called, by people and on the wire.
    ///
    /// @param noun what people call one, such as `provider`
    /// @param command the command that manages it, such as `llm`
    /// @param message the API's name for one, such as `LLMProvider`; its service and methods are called after it
    /// @param key the field that holds one in requests and answers, such as `llmProvider`
    public record KindNames(String noun, String command, String message, String key) {}

    /// A provider of models.
    public static final ResourceKind LLM = LlmKind.made();

    /// An MCP server.
    public static final ResourceKind MCP = McpKind.made();

    /// Every kind.
    public static final List<ResourceKind> ALL = List.of(LLM, MCP);

    /// The line of a dump that says which message it is.
    public static final String TYPE_LINE = "@type";

    public ResourceKind {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        configs = Collections.unmodifiableMap(new LinkedHashMap<>(configs));
    }

    /// Returns the kind of a document that a user wrote, by its wrapper, its type or its fields.
    ///
    /// @param usual the kind of a document that does not name one
    /// @throws UserError for a document whose `@type` names something else
    public static ResourceKind of(JsonNode document, ResourceKind usual) {
        var said = document.path(TYPE_LINE).asText("");
        if (!said.isEmpty()) return ofTypeLine(said);
        for (var kind : ALL)
            if (document.path(kind.key()).isObject()
                    || document.path(snake(kind.key())).isObject()) return kind;
        for (var kind : ALL)
            if (kind.typeNamed(document.path("type").asText("")).isPresent()) return kind;
        for (var kind : ALL)
            if (kind.configs.keySet().stream().anyMatch(config -> document.has(config) || document.has(snake(config))))
                return kind;
        return usual;
    }

    /// `type.googleapis.com/redpanda.api.adp.v1alpha1.LLMProvider`, with or without what stands before the last
    /// name.
    private static ResourceKind ofTypeLine(String line) {
        var message = line.replaceFirst(".*[./]", "");
        return ALL.stream()
                .filter(kind -> kind.message().equals(message))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "manifests with @type \"%s\" cannot be applied".formatted(line),
                        "rpkai applies "
                                + String.join(
                                        " and ",
                                        ALL.stream().map(kind -> kind.message()).toList())));
    }

    /// The object in a document that may be wrapped in the name of its kind.
    public JsonNode unwrapped(JsonNode document) {
        return document.path(key()).isObject()
                ? document.path(key())
                : document.path(snake(key())).isObject() ? document.path(snake(key())) : document;
    }

    /// What people call one, such as `provider`.
    public String noun() {
        return names.noun();
    }

    /// The command that manages it, such as `llm`.
    public String command() {
        return names.command();
    }

    /// The API's name for one, such as `LLMProvider`.
    public String message() {
        return names.message();
    }

    /// The field that holds one in requests and answers, such as `llmProvider`.
    public String key() {
        return names.key();
    }

    /// A method of its service.
    ///
    ///     Kind.LLM.method("Get")   // LLMProviderService/GetLLMProvider
    public String method(String verb) {
        return "%sService/%s%s%s".formatted(message(), verb, message(), verb.equals("List") ? "s" : "");
    }

    /// The field that holds several, such as `llmProviders`.
    public String keyOfSeveral() {
        return key() + "s";
    }

    /// One of them: `a provider`, `an MCP server`.
    public String one() {
        return (noun().startsWith("M") ? "an " : "a ") + noun();
    }

    /// One of that name, as messages call it.
    public String named(String name) {
        return "%s \"%s\"".formatted(noun(), name);
    }

    /// The same at the beginning of a sentence.
    public String sentence(String name) {
        return Character.toUpperCase(noun().charAt(0)) + named(name).substring(1);
    }

    /// What the field at that path holds; empty for one that this version does not know.
    public Optional<FieldKind> field(String path) {
        return Optional.ofNullable(fields.get(path));
    }

    /// Whether the field at that path holds that.
    public boolean is(String path, FieldKind field) {
        return fields.get(path) == field;
    }

    /// Every path that can be set, cleared or named in an update mask.
    public List<String> settable() {
        return fields.entrySet().stream()
                .filter(field -> field.getValue() != FieldKind.OUTPUT
                        && !field.getKey().equals("name")
                        && !field.getKey().equals("type"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// The fields below a message, or at the top for an empty path, by their last names.
    public List<String> below(String path) {
        var prefix = path.isEmpty() ? "" : path + ".";
        return fields.keySet().stream()
                .filter(known -> known.startsWith(prefix) && known.indexOf('.', prefix.length()) < 0)
                .map(known -> known.substring(prefix.length()))
                .toList();
    }

    /// The field that configures that type; empty for a type that this version does not know.
    public Optional<String> config(String type) {
        return configs.entrySet().stream()
                .filter(config -> config.getValue().equals(type))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// The type that a user names, by its label, with dashes or underscores, or by its wire name.
    ///
    /// @return empty for what is no type, wire names of the future aside
    public Optional<String> typeNamed(String text) {
        return types.named(text);
    }

    /// The name of a type that users type and read: `anthropic`, `remote`.
    public String label(String type) {
        return types.label(type);
    }

    /// Every type that this version knows, for a message.
    public String labels() {
        return types.labels();
    }

    /// A path as proto3 JSON writes it; protobuf's own spelling and a flag's are understood too.
    ///
    ///     ResourceKind.camel("anthropic_config.base-url")   // "anthropicConfig.baseUrl"
    public static String camel(String path) {
        var text = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean joins = (c == '_' || c == '-')
                    && i > 0
                    && i + 1 < path.length()
                    && Character.isLetterOrDigit(path.charAt(i + 1));
            text.append(joins ? Character.toUpperCase(path.charAt(++i)) : c);
        }
        return text.toString();
    }

    /// A field's name in proto3 JSON, given that or its name in the `.proto` file; anything else stays as it is.
    ///
    ///     ResourceKind.lowerCamel("display_name")   // "displayName"
    public static String lowerCamel(String field) {
        return field.indexOf('_') > 0 && field.matches("[a-z][a-z0-9]*(_[a-z0-9]+)+") ? camel(field) : field;
    }

    /// A field's name as in the `.proto` file.
    public static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
