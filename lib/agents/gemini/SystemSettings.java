package lib.agents.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.Host;
import lib.UserError;
import lib.agents.SettingsFile;
import lib.agents.SettingsFile.Layer;

/// The settings file of Gemini CLI and its kin that outranks the user's and a repository's: the administrator's. A launch
/// says with a variable where it is, and what the administrator has set stays in it.
///
///     SystemSettings.of("GEMINI_CLI_SYSTEM_SETTINGS_PATH", "gemini-cli", "GeminiCli", host)
///
/// @see <a href="https://geminicli.com/docs/reference/configuration/">Gemini CLI's configuration</a>
final class SystemSettings {
    private static final ObjectMapper LENIENT = JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA).build();

    private SystemSettings() {}

    /// What the administrator has set.
    ///
    /// @param variable names the file, where it is set
    /// @param linux its folder below `/etc`
    /// @param mac its folder below `/Library/Application Support`
    /// @throws UserError for a file that can't be read: without it the launch would get round a policy
    static ObjectNode of(String variable, String linux, String mac, Host host) {
        var standard = System.getProperty("os.name").startsWith("Mac") ? "Library/Application Support/" + mac : "etc/" + linux;
        var file = host.variable(variable).map(host.cwd()::resolve).orElse(host.root().resolve(standard).resolve("settings.json"));
        if (!Files.exists(file)) return JsonNodeFactory.instance.objectNode();
        try {
            if (LENIENT.readTree(Files.readString(file)) instanceof ObjectNode settings) return settings;
            throw unreadable(file, "not a JSON object");
        } catch (JsonProcessingException e) {
            throw unreadable(file, "not valid JSON");
        } catch (IOException e) {
            throw unreadable(file, e.getClass().getSimpleName());
        }
    }

    /// What it reads besides: the user's settings, the repository's, and `.env` files from the working folder up.
    ///
    /// @param folder `.gemini` and the like
    static List<SettingsFile> besides(String folder, Host host) {
        var files = new ArrayList<SettingsFile>();
        SettingsFile.withComments(host.home().resolve(folder).resolve("settings.json"), Layer.USER).ifPresent(files::add);
        if (!host.cwd().equals(host.home())) SettingsFile.withComments(host.cwd().resolve(folder).resolve("settings.json"), Layer.REPOSITORY).ifPresent(files::add);
        for (var at = host.cwd(); at != null && !at.equals(host.home()); at = at.getParent()) {
            SettingsFile.dotenv(at.resolve(folder).resolve(".env"), Layer.REPOSITORY).ifPresent(files::add);
            SettingsFile.dotenv(at.resolve(".env"), Layer.REPOSITORY).ifPresent(files::add);
        }
        SettingsFile.dotenv(host.home().resolve(folder).resolve(".env"), Layer.USER).ifPresent(files::add);
        SettingsFile.dotenv(host.home().resolve(".env"), Layer.USER).ifPresent(files::add);
        return files;
    }

    private static UserError unreadable(Path file, String why) {
        return new UserError("%s can't be read (%s)".formatted(file, why), "mend it, or ask the administrator of this machine to");
    }
}
