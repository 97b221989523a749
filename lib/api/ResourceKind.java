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

/// A kind of resource that a gateway stores and its management API manages: its names, and the fields that this
/// version knows, by their paths in proto3 JSON. A gateway may have more fields.
///
///     Kind.LLM.field("anthropicConfig.baseUrl")   // Optional[TEXT]
///
/// @param names the names of the kind
/// @param fields the type of each field by its path, in the order in which messages list them
/// @param configs the fields for the configuration, of which a resource has one, with the wire name of the type
///     that each implies
/// @param types the names of the types
public record ResourceKind(
        KindNames names, Map<String, FieldKind> fields, Map<String, String> configs, TypeNames types) {
    /// The names of a kind, for people and on the wire.
    ///
    /// @param noun the word for people, such as `provider`
    /// @param command the command that manages the kind, such as `llm`
    /// @param message the name in the API, such as `LLMProvider`; the names of its service and methods contain it
    /// @param key the field that holds a resource in requests and answers, such as `llmProvider`
    public record KindNames(String noun, String command, String message, String key) {}

    /// A provider of models.
    public static final ResourceKind LLM = LlmKind.made();

    /// An MCP server.
    public static final ResourceKind MCP = McpKind.made();

    /// All kinds.
    public static final List<ResourceKind> ALL = List.of(LLM, MCP);

    /// The field of a dump that names the message type.
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

    /// Returns the kind that a type line names, such as
    /// `type.googleapis.com/redpanda.api.adp.v1alpha1.LLMProvider`. Only the last name counts.
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

    /// Returns the object in a document that may be wrapped in a field with the name of its kind.
    public JsonNode unwrapped(JsonNode document) {
        return document.path(key()).isObject()
                ? document.path(key())
                : document.path(snake(key())).isObject() ? document.path(snake(key())) : document;
    }

    /// Returns the word for people, such as `provider`.
    public String noun() {
        return names.noun();
    }

    /// Returns the command that manages the kind, such as `llm`.
    public String command() {
        return names.command();
    }

    /// Returns the name in the API, such as `LLMProvider`.
    public String message() {
        return names.message();
    }

    /// Returns the field that holds a resource in requests and answers, such as `llmProvider`.
    public String key() {
        return names.key();
    }

    /// Returns the name of a method of its service.
    ///
    ///     Kind.LLM.method("Get")   // LLMProviderService/GetLLMProvider
    public String method(String verb) {
        return "%sService/%s%s%s".formatted(message(), verb, message(), verb.equals("List") ? "s" : "");
    }

    /// Returns the field that holds a list of resources, such as `llmProviders`.
    public String keyOfSeveral() {
        return key() + "s";
    }

    /// Returns the noun with its article: `a provider`, `an MCP server`.
    public String one() {
        return (noun().startsWith("M") ? "an " : "a ") + noun();
    }

    /// Returns the words for a resource of that name in messages.
    public String named(String name) {
        return "%s \"%s\"".formatted(noun(), name);
    }

    /// Returns these words for the beginning of a sentence.
    public String sentence(String name) {
        return Character.toUpperCase(noun().charAt(0)) + named(name).substring(1);
    }

    /// Returns the type of the field at that path; empty if this version does not know it.
    public Optional<FieldKind> field(String path) {
        return Optional.ofNullable(fields.get(path));
    }

    /// Returns whether the field at that path has that type.
    public boolean is(String path, FieldKind field) {
        return fields.get(path) == field;
    }

    /// Returns all paths that can be set, cleared or named in an update mask.
    public List<String> settable() {
        return fields.entrySet().stream()
                .filter(field -> field.getValue() != FieldKind.OUTPUT
                        && !field.getKey().equals("name")
                        && !field.getKey().equals("type"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Returns the last names of the fields below a message, or of the top-level fields for an empty path.
    public List<String> below(String path) {
        var prefix = path.isEmpty() ? "" : path + ".";
        return fields.keySet().stream()
                .filter(known -> known.startsWith(prefix) && known.indexOf('.', prefix.length()) < 0)
                .map(known -> known.substring(prefix.length()))
                .toList();
    }

    /// Returns the configuration field of a type; empty for a type that this version does not know.
    public Optional<String> config(String type) {
        return configs.entrySet().stream()
                .filter(config -> config.getValue().equals(type))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// Returns the type that a user names by its label, with dashes or underscores, or by its wire name.
    ///
    /// @return empty if the text names no type. An unknown wire name is accepted
    public Optional<String> typeNamed(String text) {
        return types.named(text);
    }

    /// Returns the name of a type for users: `anthropic`, `remote`.
    public String label(String type) {
        return types.label(type);
    }

    /// Returns the labels of all types that this version knows, for messages.
    public String labels() {
        return types.labels();
    }

    /// Converts a path to proto3 JSON's spelling. It may be written as in the `.proto` file or as a flag.
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

    /// Converts a field's name from the `.proto` file to proto3 JSON's spelling. Other texts are returned
    /// unchanged.
    ///
    ///     ResourceKind.lowerCamel("display_name")   // "displayName"
    public static String lowerCamel(String field) {
        return field.indexOf('_') > 0 && field.matches("[a-z][a-z0-9]*(_[a-z0-9]+)+") ? camel(field) : field;
    }

    /// Converts a field's name to the spelling of the `.proto` file.
    public static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
