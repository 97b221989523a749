package lib.agents.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import lib.agents.SettingsFile;
import lib.agents.SettingsFile.Layer;
import lib.base.Host;
import lib.base.UserError;

/// Finds settings in the files of Gemini CLI that would lead it past the gateway, because they outrank those of
/// the launch.
///
///     OutrankingSettings.checkRoutes(SYSTEM.besides(host));
final class OutrankingSettings {
    private static final String BASE_URL = "baseUrl";

    private OutrankingSettings() {}

    /// Checks for settings that no pin can override: a base URL in the options of a request overrides all others,
    /// and the classifier of the model router receives the prompts.
    ///
    /// @throws UserError if a file has such a setting; the message names the file and the key
    static void checkRoutes(List<SettingsFile> files) {
        for (var file : files) {
            route("", file.json()).ifPresent(key -> {
                throw new UserError(
                        "%s sets %s, which bypasses the gateway".formatted(file.path(), key),
                        "remove it from the file");
            });
        }
    }

    /// Checks that the administrator's and the folder's settings don't conflict with the pins in the user's
    /// settings.
    ///
    /// @param pins the launch's pins in the user's settings, by the key with dots between its parts
    /// @param managed the administrator's settings, which outrank the folder's
    /// @throws UserError if a file conflicts; the message names the file and the key
    static void checkPins(Map<String, JsonNode> pins, ObjectNode managed, SystemSettings system, Host host) {
        var administrators = SettingsFile.withComments(system.file(host), Layer.MANAGED);
        administrators.ifPresent(file -> check(pins, file, "ask the administrator of this machine to remove it"));
        var left = new TreeMap<>(pins);
        left.entrySet()
                .removeIf(
                        pin -> managed.at("/" + pin.getKey().replace('.', '/')).equals(pin.getValue()));
        // This includes the home's own settings if the home is the working folder, since the session has
        // another home.
        var path = host.cwd().resolve(system.own()).resolve("settings.json");
        var folders = SettingsFile.withComments(path, Layer.REPOSITORY);
        if (folders.isEmpty() && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                || folders.filter(SettingsFile::broken).isPresent()) {
            throw new UserError(
                    "%s is not readable (not valid JSON, or a key is set twice)".formatted(path),
                    "correct it, or launch in another folder");
        }
        folders.ifPresent(file -> check(left, file, "remove it from the file, or launch in another folder"));
    }

    private static void check(Map<String, JsonNode> pins, SettingsFile file, String remedy) {
        pins.forEach((key, value) -> conflict(file.json(), key, value).ifPresent(found -> {
            throw new UserError("%s sets %s, which overrides the launch".formatted(file.path(), found), remedy);
        }));
    }

    /// Returns the key with a conflicting value, or the part of the key whose value is not an object; empty if
    /// there is no conflict.
    private static Optional<String> conflict(JsonNode settings, String key, JsonNode value) {
        var at = settings;
        var sofar = new ArrayList<String>();
        for (var part : key.split("\\.")) {
            if (at.isMissingNode()) return Optional.empty();
            if (!at.isObject()) return Optional.of(String.join(".", sofar));
            sofar.add(part);
            at = at.path(part);
        }
        return at.isMissingNode() || at.equals(value) ? Optional.empty() : Optional.of(key);
    }

    private static Optional<String> route(String path, JsonNode node) {
        for (var field : node.properties()) {
            var key = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (key.endsWith("httpOptions") && field.getValue().has(BASE_URL)) return Optional.of(key + "." + BASE_URL);
            if (key.equals("experimental.gemmaModelRouter")
                    && field.getValue().at("/classifier/host").isTextual())
                return Optional.of(key + ".classifier.host");
            var below = route(key, field.getValue());
            if (below.isPresent()) return below;
        }
        if (!node.isArray()) return Optional.empty();
        for (int i = 0; i < node.size(); i++) {
            var below = route(path + "[" + i + "]", node.get(i));
            if (below.isPresent()) return below;
        }
        return Optional.empty();
    }
}
