package lib.agents.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Host;
import lib.Json;

/// A settings file that Claude Code will read besides the overlay.
///
///     SettingsFile.find(host, Optional.empty()).stream().filter(f -> f.variable("ANTHROPIC_UNIX_SOCKET").isPresent())
///
/// @param path where it is
/// @param layer whose word it is
/// @param json what it holds; missing where it can't be read
/// @param broken whether it can't be read as JSON: Claude Code ignores such a file
public record SettingsFile(Path path, Layer layer, JsonNode json, boolean broken) {
    /// Whose word a settings file is.
    public enum Layer {
        /// The user's own, in the config home.
        USER,
        /// The repository's: it came with somebody's code.
        REPOSITORY,
        /// The machine's administrator's; it outranks everything.
        MANAGED
    }

    /// The files that apply to a launch in `host.cwd()`.
    ///
    /// @param configDir `--claude-config-dir`, in place of the inherited `CLAUDE_CONFIG_DIR` and `~/.claude`
    public static List<SettingsFile> find(Host host, Optional<Path> configDir) {
        var user = configDir.or(() -> host.variable("CLAUDE_CONFIG_DIR").map(host.cwd()::resolve)).orElse(host.home().resolve(".claude"));
        var files = new ArrayList<SettingsFile>();
        read(user.resolve("settings.json"), Layer.USER).ifPresent(files::add);
        // From the working folder up: it may stand below the repository's root, and reading one too many only helps.
        for (var folder = host.cwd(); folder != null && !folder.equals(host.home()); folder = folder.getParent()) {
            for (var name : List.of("settings.json", "settings.local.json")) {
                read(folder.resolve(".claude").resolve(name), Layer.REPOSITORY).filter(f -> !f.path.startsWith(user)).ifPresent(files::add);
            }
        }
        for (var folder : List.of("etc/claude-code", "Library/Application Support/ClaudeCode", "Program Files/ClaudeCode")) {
            var managed = host.root().resolve(folder);
            read(managed.resolve("managed-settings.json"), Layer.MANAGED).ifPresent(files::add);
            list(managed.resolve("managed-settings.d")).forEach(path -> read(path, Layer.MANAGED).ifPresent(files::add));
        }
        return files;
    }

    /// The value of a variable that the file sets; empty where it sets none, or sets it to nothing.
    public Optional<String> variable(String name) {
        return Optional.of(json.path("env").path(name).asText("")).filter(value -> !value.isEmpty());
    }

    /// The names of all variables that the file sets.
    public List<String> variables() {
        var names = new ArrayList<String>();
        json.path("env").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Optional<SettingsFile> read(Path path, Layer layer) {
        if (!Files.isRegularFile(path)) return Optional.empty();
        try {
            var text = Files.readString(path, StandardCharsets.UTF_8).replaceFirst("^\\uFEFF", "");
            var json = Json.readWhole(text);
            return Optional.of(new SettingsFile(path, layer, json, !json.isObject() && !json.isMissingNode()));
        } catch (IOException e) {
            return Optional.of(new SettingsFile(path, layer, MissingNode.getInstance(), true));
        }
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(path -> path.getFileName().toString().endsWith(".json")).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
