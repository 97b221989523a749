package lib.agents.claude;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.agents.SettingsFile;
import lib.agents.SettingsFile.Layer;
import lib.base.Host;

/// Finds Claude Code's settings files, other than the overlay.
///
///     ClaudeSettings.find(host, Optional.empty()).stream().filter(f ->
///             f.variable("ANTHROPIC_UNIX_SOCKET").isPresent())
public final class ClaudeSettings {
    private ClaudeSettings() {}

    /// The files that apply to a launch in `host.cwd()`.
    ///
    /// @param configDir `--claude-config-dir`, in place of the inherited `CLAUDE_CONFIG_DIR` and `~/.claude`
    public static List<SettingsFile> find(Host host, Optional<Path> configDir) {
        var user = home(host, configDir);
        var files = new ArrayList<SettingsFile>();
        SettingsFile.read(user.resolve("settings.json"), Layer.USER).ifPresent(files::add);
        // Claude Code's own state file is beside the usual home, but inside any other home.
        var notes = user.equals(usualHome(host))
                        && configDir.isEmpty()
                        && host.variable("CLAUDE_CONFIG_DIR").isEmpty()
                ? host.home()
                : user;
        SettingsFile.variablesOnly(notes.resolve(".claude.json"), Layer.USER).ifPresent(files::add);
        // The user's own files can name another config home, whose files then apply too.
        for (var file : List.copyOf(files)) {
            file.variable("CLAUDE_CONFIG_DIR")
                    .map(host.cwd()::resolve)
                    .filter(other -> !other.equals(user))
                    .ifPresent(other -> {
                        SettingsFile.read(other.resolve("settings.json"), Layer.USER)
                                .ifPresent(files::add);
                        SettingsFile.variablesOnly(other.resolve(".claude.json"), Layer.USER)
                                .ifPresent(files::add);
                    });
        }
        // Search upwards from the working folder, which may be below the repository's root. An extra file does
        // no harm.
        for (var folder = host.cwd(); folder != null && !folder.equals(host.home()); folder = folder.getParent()) {
            for (var name : List.of("settings.json", "settings.local.json")) {
                SettingsFile.read(folder.resolve(".claude").resolve(name), Layer.REPOSITORY)
                        .filter(f -> !f.path().startsWith(user))
                        .ifPresent(files::add);
            }
        }
        for (var folder :
                List.of("etc/claude-code", "Library/Application Support/ClaudeCode", "Program Files/ClaudeCode")) {
            var managed = host.root().resolve(folder);
            SettingsFile.read(managed.resolve("managed-settings.json"), Layer.MANAGED)
                    .ifPresent(files::add);
            list(managed.resolve("managed-settings.d"))
                    .forEach(path -> SettingsFile.read(path, Layer.MANAGED).ifPresent(files::add));
        }
        return files;
    }

    /// The config home of a launch.
    ///
    /// @param configDir `--claude-config-dir`
    static Path home(Host host, Optional<Path> configDir) {
        return configDir
                .or(() -> host.variable("CLAUDE_CONFIG_DIR").map(host.cwd()::resolve))
                .orElseGet(() -> usualHome(host));
    }

    /// The config home if no variable names another.
    static Path usualHome(Host host) {
        return host.home().resolve(".claude");
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(path -> path.getFileName().toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
