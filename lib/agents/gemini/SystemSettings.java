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

/// The settings file of Gemini CLI and its kin that outranks the user's and a repository's: the administrator's.
/// A launch says with a variable where it is, and what the administrator has set stays in it.
///
///     new SystemSettings("GEMINI_CLI_SYSTEM_SETTINGS_PATH", "gemini-cli", "GeminiCli", ".gemini").read(host)
///
/// @param variable names the file, where it is set
/// @param linux its folder below `/etc`
/// @param mac its folder below `/Library/Application Support`
/// @param own the folder of the user's settings in the home, and of a repository's in it
/// @see <a href="https://geminicli.com/docs/reference/configuration/">Gemini CLI's configuration</a>
record SystemSettings(String variable, String linux, String mac, String own) {
    /// What the administrator has set.
    ///
    /// @throws UserError for a file that can't be read: without it the launch would get round a policy
    ObjectNode read(Host host) {
        var file = SettingsFile.withComments(file(host), Layer.MANAGED);
        if (file.isEmpty()) return JsonNodeFactory.instance.objectNode();
        if (file.get().json() instanceof ObjectNode settings) return settings;
        throw new UserError(
                "%s is not readable (not valid JSON)".formatted(file.get().path()),
                "correct it, or ask the administrator of this machine");
    }

    /// Pins what every launch pins: nothing is sent home, and nothing is updated meanwhile.
    ///
    /// @param excluded variables that a repository's `.env` can't set
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

    /// The object of that name, in place of what else is there.
    static ObjectNode object(ObjectNode settings, String name) {
        return settings.path(name) instanceof ObjectNode object ? object : settings.putObject(name);
    }

    /// The administrator's defaults, which it looks for beside the settings: that is where the launch puts its
    /// own.
    ///
    /// @return the variable that names them; empty where there are none, or it is set already
    Map<String, String> defaults(Host host) {
        var named = variable.replace("SETTINGS", "DEFAULTS");
        var file = file(host).resolveSibling("system-defaults.json");
        return host.variable(named).isEmpty() && Files.exists(file) ? Map.of(named, file.toString()) : Map.of();
    }

    /// What the administrator has set in a file that Gemini CLI takes; empty where it would ignore the file.
    ObjectNode inForce(Host host) {
        return RootsOwn.firstForeign(file(host)).isEmpty() ? read(host) : JsonNodeFactory.instance.objectNode();
    }

    /// Where the administrator's settings are.
    Path file(Host host) {
        var standard =
                System.getProperty("os.name").startsWith("Mac") ? "Library/Application Support/" + mac : "etc/" + linux;
        return host.variable(variable)
                .map(host.cwd()::resolve)
                .orElse(host.root().resolve(standard).resolve("settings.json"));
    }

    /// What it reads besides: the user's settings, the repository's, and `.env` files from the working folder up.
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
