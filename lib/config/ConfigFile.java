package lib.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import lib.base.PrivateFile;
import lib.base.Remedy;
import lib.base.UserError;
import lib.startup.FastConfig;

/// The YAML config file, `~/.rpai/config`: profiles, the current one, and the cloud to sign in to. Other tools
/// and people edit it too, so keys that this version does not know are kept unchanged.
///
///     ConfigFile.update(path, file -> file.with("prod", profile).use("prod"));
public final class ConfigFile {
    private final ObjectNode yaml;

    private ConfigFile(ObjectNode yaml) {
        this.yaml = yaml;
    }

    /// Reads `path`. A file that does not exist counts as empty.
    ///
    /// @throws UserError when it is not a valid config in YAML; the file is left unchanged
    public static ConfigFile read(Path path) {
        return FastConfig.read(path)
                .flatMap(FastConfig::tree)
                .map(ConfigFile::new)
                .orElseGet(() -> parse(path));
    }

    private static ConfigFile parse(Path path) {
        try {
            var bytes = Files.readAllBytes(path);
            refuseWhatCannotBeKept(bytes, path);
            var yaml = mapper().readTree(bytes);
            if (yaml instanceof ObjectNode object) return new ConfigFile(checked(object, path));
            if (yaml.isMissingNode() || yaml.isNull()) return empty();
            throw malformed(path, "it is not a mapping of keys to values");
        } catch (NoSuchFileException e) {
            return empty();
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw malformed(
                    path,
                    at == null
                            ? "it is not YAML"
                            : "not YAML at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()));
        } catch (IOException e) {
            throw new UserError(
                    "cannot read the config file %s (%s)".formatted(path, e.getMessage()), "check its owner and mode");
        }
    }

    /// Reads, changes and writes the file under a lock, so that two commands at once don't undo each other's
    /// changes.
    public static void update(Path path, UnaryOperator<ConfigFile> change) {
        try {
            PrivateFile.locked(lock(path), () -> {
                var changed = change.apply(parse(path));
                PrivateFile.write(path, mapper().writeValueAsBytes(changed.yaml));
                return null;
            });
        } catch (IOException e) {
            throw new UserError(
                    "cannot write the config file %s (%s)".formatted(path, e.getMessage()), "check its owner and mode");
        }
    }

    /// Deletes the file even if another process is about to change it. The lock file stays for that process.
    public static void delete(Path path) {
        if (!Files.isDirectory(path.toAbsolutePath().getParent())) return;
        try {
            PrivateFile.locked(lock(path), () -> Files.deleteIfExists(path));
        } catch (IOException e) {
            throw new UserError(
                    "cannot delete the config file %s (%s)".formatted(path, e.getMessage()),
                    "check the owner and mode of its folder");
        }
    }

    /// The name of the profile in use.
    public Optional<String> current() {
        return Optional.of(yaml.path("current").asText("")).filter(name -> !name.isEmpty());
    }

    /// Every profile by its name, in the file's order.
    public Map<String, Profile> profiles() {
        var profiles = new LinkedHashMap<String, Profile>();
        yaml.path("profiles")
                .properties()
                .forEach(entry -> profiles.put(entry.getKey(), Profile.fromYaml(entry.getValue())));
        return profiles;
    }

    /// Returns a copy with that profile. Keys of an existing profile that this version does not know are kept.
    public ConfigFile with(String name, Profile profile) {
        var copy = yaml.deepCopy();
        var profiles = copy.path("profiles") instanceof ObjectNode node ? node : copy.putObject("profiles");
        profiles.set(
                name,
                profile.onto(
                        profiles.path(name) instanceof ObjectNode before
                                ? before
                                : JsonNodeFactory.instance.objectNode()));
        return new ConfigFile(copy);
    }

    /// Returns a copy with that profile in use.
    public ConfigFile use(String name) {
        return new ConfigFile(yaml.deepCopy().put("current", name));
    }

    /// Returns a copy in which that profile has another name and keeps its position; it stays in use if it was.
    public ConfigFile renamed(String name, String other) {
        var copy = yaml.deepCopy();
        var profiles = copy.putObject("profiles");
        yaml.path("profiles")
                .properties()
                .forEach(profile ->
                        profiles.set(profile.getKey().equals(name) ? other : profile.getKey(), profile.getValue()));
        var renamed = new ConfigFile(copy);
        return current().filter(name::equals).isPresent() ? renamed.use(other) : renamed;
    }

    /// Returns a copy without that profile. If it was in use, no profile is in use afterwards.
    public ConfigFile without(String name) {
        var copy = yaml.deepCopy();
        if (copy.path("profiles") instanceof ObjectNode profiles) profiles.remove(name);
        if (current().filter(name::equals).isPresent()) copy.remove("current");
        return new ConfigFile(copy);
    }

    private static Path lock(Path path) {
        return path.resolveSibling(path.getFileName() + ".lock");
    }

    JsonNode cloud() {
        return yaml.path("cloud");
    }

    private static ConfigFile empty() {
        return new ConfigFile(JsonNodeFactory.instance.objectNode());
    }

    /// Refuses YAML that a rewrite would damage: Jackson reads an alias as the text of its name, and only the
    /// first document.
    private static void refuseWhatCannotBeKept(byte[] bytes, Path path) throws IOException {
        try (var tokens = (YAMLParser) mapper().createParser(bytes)) {
            for (int depth = 0, documents = 0; tokens.nextToken() != null; ) {
                if (tokens.isCurrentAlias())
                    throw malformed(path, "aliases such as *%s are not supported".formatted(tokens.getText()));
                if (depth == 0 && ++documents > 1) throw malformed(path, "it holds more than one document");
                if (tokens.currentToken().isStructStart()) depth++;
                else if (tokens.currentToken().isStructEnd()) depth--;
            }
        }
    }

    private static ObjectNode checked(ObjectNode yaml, Path path) {
        for (var key : new String[] {"profiles", "cloud"}) {
            var node = yaml.path(key);
            if (!node.isMissingNode() && !node.isNull() && !node.isObject())
                throw malformed(path, "`" + key + "` is not a mapping of keys to values");
        }
        return yaml;
    }

    private static UserError malformed(Path path, String why) {
        return new UserError(
                "the config file %s is invalid: %s".formatted(path, why),
                Remedy.run("rpkai auth login").withLead("correct it, or move it away and "));
    }

    private static ObjectMapper mapper() {
        return new ObjectMapper(YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build());
    }
}
