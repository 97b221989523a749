package lib.agents;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.base.Json;

/// A settings file that an agent reads besides the settings of the launch.
///
///     SettingsFile.read(path, SettingsFile.Layer.USER).flatMap(file -> file.variable("ANTHROPIC_UNIX_SOCKET"))
///
/// @param path the file
/// @param layer the owner of the settings
/// @param json the content; missing if it can't be read
/// @param broken whether the file can't be read: the agent ignores such a file, or stops
public record SettingsFile(Path path, Layer layer, JsonNode json, boolean broken) {
    /// The owner of a settings file.
    public enum Layer {
        /// The user's own settings, in the config home.
        USER,
        /// The repository's settings, which came with other people's code.
        REPOSITORY,
        /// The settings of the machine's administrator, which outrank all others.
        MANAGED
    }

    private static final JsonMapper COMMENTED = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private static final Pattern ASSIGNMENT =
            Pattern.compile("\\s*(?:export\\s+)?([\\w.-]+)\\s*=\\s*(?:'([^']*)'|\"([^\"]*)\"|([^#]*)).*");

    /// How to read a file's text.
    private interface Reader {
        JsonNode read(String text) throws IOException;
    }

    /// Reads a JSON file; empty if the file does not exist.
    public static Optional<SettingsFile> read(Path path, Layer layer) {
        return read(path, layer, Json::readWhole);
    }

    /// Reads a JSON file that may contain comments and trailing commas. A file that sets a key twice counts as
    /// broken: with a comment between them, two parsers can disagree on which of the values is in force.
    public static Optional<SettingsFile> withComments(Path path, Layer layer) {
        return read(path, layer, text -> COMMENTED.readTree(text));
    }

    /// Reads the `env` of a file that also holds much other data; empty if it sets no variable.
    public static Optional<SettingsFile> variablesOnly(Path path, Layer layer) {
        return read(path, layer, text -> {
                    var json = JsonNodeFactory.instance.objectNode();
                    if (Json.member(text, "env") instanceof ObjectNode env) json.set("env", env);
                    return json;
                })
                .filter(file -> file.broken() || !file.variables().isEmpty());
    }

    /// Reads a `.env` file as settings that set variables and nothing else.
    public static Optional<SettingsFile> dotenv(Path path, Layer layer) {
        return read(path, layer, text -> {
            var json = JsonNodeFactory.instance.objectNode();
            var env = json.putObject("env");
            for (var line : text.lines().toList()) {
                var parts = ASSIGNMENT.matcher(line);
                if (parts.matches())
                    env.put(
                            parts.group(1),
                            parts.group(2) != null
                                    ? parts.group(2)
                                    : parts.group(3) != null
                                            ? parts.group(3)
                                            : parts.group(4).strip());
            }
            return json;
        });
    }

    private static Optional<SettingsFile> read(Path path, Layer layer, Reader reader) {
        if (!Files.isRegularFile(path)) return Optional.empty();
        try {
            var json =
                    reader.read(Files.readString(path, StandardCharsets.UTF_8).replaceFirst("^\\uFEFF", ""));
            return Optional.of(new SettingsFile(path, layer, json, !json.isObject() && !json.isMissingNode()));
        } catch (IOException e) {
            return Optional.of(new SettingsFile(path, layer, MissingNode.getInstance(), true));
        }
    }

    /// The value of a variable that the file sets; empty if the file does not set it or sets it to an empty
    /// value.
    public Optional<String> variable(String name) {
        return Optional.of(json.path("env").path(name).asText("")).filter(value -> !value.isEmpty());
    }

    /// The names of all variables that the file sets.
    public List<String> variables() {
        var names = new ArrayList<String>();
        json.path("env").fieldNames().forEachRemaining(names::add);
        return names;
    }
}
