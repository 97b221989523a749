package lib.agents.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import lib.agents.SettingsFile;
import lib.agents.SettingsFile.Layer;
import lib.base.Host;
import lib.base.UserError;

/// The administrator's settings file of Gemini CLI and related agents, which outranks the user's and a
/// repository's. A launch names a file of its own with a variable, and keeps the administrator's settings in
/// it.
///
///     new SystemSettings("GEMINI_CLI_SYSTEM_SETTINGS_PATH", "gemini-cli", "GeminiCli", ".gemini").read(host)
///
/// @param variable the variable that names the file
/// @param linux its folder below `/etc`
/// @param mac its folder below `/Library/Application Support`
/// @param own the folder of the user's settings in the home, and of a repository's settings in the repository
/// @see <a href="https://geminicli.com/docs/reference/configuration/">Gemini CLI's configuration</a>
record SystemSettings(String variable, String linux, String mac, String own) {
    /// Reads the administrator's settings; empty if there are none.
    ///
    /// @throws UserError if the file can't be read: without it the launch would bypass a policy
    ObjectNode read(Host host) {
        var file = SettingsFile.withComments(file(host), Layer.MANAGED);
        if (file.isEmpty()) return JsonNodeFactory.instance.objectNode();
        if (file.get().json() instanceof ObjectNode settings) return settings;
        throw new UserError(
                "%s is not readable (not valid JSON)".formatted(file.get().path()),
                "correct it, or ask the administrator of this machine");
    }

    /// Adds the settings that every launch pins: usage statistics, telemetry and automatic updates are off, and a
    /// repository's `.env` can't set certain variables.
    ///
    /// @param excluded the variables that a repository's `.env` can't set
    static void pin(ObjectNode settings, Collection<String> excluded) {
        object(settings, "privacy").put("usageStatisticsEnabled", false);
        object(settings, "telemetry").put("enabled", false);
        object(settings, "general").put("enableAutoUpdate", false);
        var advanced = object(settings, "advanced");
        var names = advanced.path("excludedEnvVars") instanceof ArrayNode array
                ? array
                : advanced.putArray("excludedEnvVars");
        excluded.forEach(names::add);
    }

    /// Returns the object with that name, and creates it if it is missing or has another type.
    static ObjectNode object(ObjectNode settings, String name) {
        return settings.path(name) instanceof ObjectNode object ? object : settings.putObject(name);
    }

    /// Returns the variable that names the administrator's defaults. The agent looks for them beside the
    /// settings, whose location the launch changes.
    ///
    /// @return the variable and its value; empty if there are no defaults, or if the variable is already set
    Map<String, String> defaults(Host host) {
        var named = variable.replace("SETTINGS", "DEFAULTS");
        var file = file(host).resolveSibling("system-defaults.json");
        return host.variable(named).isEmpty() && Files.exists(file) ? Map.of(named, file.toString()) : Map.of();
    }

    /// Returns the administrator's settings if Gemini CLI accepts their file; empty if it would ignore the file.
    ObjectNode inForce(Host host) {
        return RootsOwn.firstForeign(file(host)).isEmpty() ? read(host) : JsonNodeFactory.instance.objectNode();
    }

    /// Returns the path of the administrator's settings.
    Path file(Host host) {
        var standard =
                System.getProperty("os.name").startsWith("Mac") ? "Library/Application Support/" + mac : "etc/" + linux;
        return host.variable(variable)
                .map(host.cwd()::resolve)
                .orElse(host.root().resolve(standard).resolve("settings.json"));
    }

    /// Returns the other files that the agent reads: the user's settings, the repository's, and `.env` files from
    /// the working folder upwards.
    List<SettingsFile> besides(Host host) {
        var files = new ArrayList<SettingsFile>();
        SettingsFile.withComments(host.home().resolve(own).resolve("settings.json"), Layer.USER)
                .ifPresent(files::add);
        if (!host.cwd().equals(host.home()))
            SettingsFile.withComments(host.cwd().resolve(own).resolve("settings.json"), Layer.REPOSITORY)
                    .ifPresent(files::add);
        for (var at = host.cwd(); at != null && !at.equals(host.home()); at = at.getParent()) {
            SettingsFile.dotenv(at.resolve(own).resolve(".env"), Layer.REPOSITORY)
                    .ifPresent(files::add);
            SettingsFile.dotenv(at.resolve(".env"), Layer.REPOSITORY).ifPresent(files::add);
        }
        SettingsFile.dotenv(host.home().resolve(own).resolve(".env"), Layer.USER)
                .ifPresent(files::add);
        SettingsFile.dotenv(host.home().resolve(".env"), Layer.USER).ifPresent(files::add);
        return files;
    }
}
