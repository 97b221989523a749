package lib.agents.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.agents.Links;
import lib.agents.SettingsFile;
import lib.agents.SettingsFile.Layer;
import lib.base.Host;
import lib.base.UserError;

/// The home of a session of Gemini CLI that does not accept the launch's settings as an administrator's. It has
/// the user's settings with the launch's pins in them, and links to everything else in the user's own home.
///
///     new GeminiHome(host).links(Path.of("/home/me/.cache/rpkai/gemini/home-1"))
///
/// @param host the machine
record GeminiHome(Host host) {
    /// The variable that names the folder in which Gemini CLI looks for its `.gemini`.
    static final String VARIABLE = "GEMINI_CLI_HOME";

    /// The settings that the launch pins in the copy of the user's settings. A repository's settings would
    /// outrank them. Worktrees are off because the settings of a folder that was not checked would apply in a
    /// worktree.
    static final Map<String, JsonNode> PINS = Map.of(
            "security.auth.selectedType",
            new TextNode(GeminiCli.SIGN_IN),
            "security.auth.enforcedType",
            new TextNode(GeminiCli.SIGN_IN),
            "security.auth.useExternal",
            BooleanNode.FALSE,
            "privacy.usageStatisticsEnabled",
            BooleanNode.FALSE,
            "experimental.worktrees",
            BooleanNode.FALSE);

    private static final String FOLDER = ".gemini";
    private static final String SETTINGS = "settings.json";
    /// Files without a link: those that belong to the session itself, or to the sign-in of an account.
    private static final Set<String> LEFT_OUT = Set.of(
            SETTINGS, "oauth_creds.json", "google_accounts.json", "gemini-credentials.json", "trustedFolders.json");
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(key|token|secret|passw|auth|credential|cookie).*");
    private static final Pattern SECRET_VALUE = Pattern.compile(".*://[^/]*@.*");

    /// Returns a copy of the user's settings for the session. Servers with a secret in them are left out, because
    /// it would be written to disk.
    ///
    /// @param warnings the list to which a line for each such server is added
    /// @throws UserError if the file can't be read: Gemini CLI does not start with it either
    ObjectNode settings(List<String> warnings) {
        var file = SettingsFile.withComments(own().resolve(SETTINGS), Layer.USER);
        if (file.isEmpty()) return JsonNodeFactory.instance.objectNode();
        if (!(file.get().json() instanceof ObjectNode settings)) {
            throw new UserError(
                    "%s is not readable (not valid JSON, or a key is set twice)"
                            .formatted(file.get().path()),
                    "correct it");
        }
        var copy = settings.deepCopy();
        if (copy.path("mcpServers") instanceof ObjectNode servers) {
            for (var server : List.copyOf(servers.properties())) {
                secretOf(server.getValue()).ifPresent(key -> {
                    servers.remove(server.getKey());
                    warnings.add(("%s contains a value in mcpServers.%s.%s, so the session goes without that "
                                    + "server: replace the value with $NAME and export NAME")
                            .formatted(file.get().path(), server.getKey(), key));
                });
            }
        }
        return copy;
    }

    /// Sets the pins in the settings.
    static void pin(ObjectNode settings) {
        PINS.forEach((key, value) -> {
            var dot = key.lastIndexOf('.');
            var at = settings;
            for (var part : key.substring(0, dot).split("\\.")) at = SystemSettings.object(at, part);
            at.set(key.substring(dot + 1), value);
        });
    }

    /// Returns the path of the settings file in a session's home.
    static Path settingsFile(Path home) {
        return home.resolve(FOLDER).resolve(SETTINGS);
    }

    /// Returns the variables that name the session's home and the file with the trusted folders, which stays the
    /// user's own.
    Map<String, String> variables(Path home) {
        var trusted = host.variable("GEMINI_CLI_TRUSTED_FOLDERS_PATH")
                .orElse(own().resolve("trustedFolders.json").toString());
        return Map.of(VARIABLE, home.toString(), "GEMINI_CLI_TRUSTED_FOLDERS_PATH", trusted);
    }

    /// Returns the links through which the session uses the user's own sessions, memory, commands and extensions.
    Links links(Path home) {
        var session = home.resolve(FOLDER);
        var targets = new TreeMap<Path, Path>();
        for (var name : names(own())) targets.put(session.resolve(name), own().resolve(name));
        // Gemini CLI creates these if they are missing: sessions, the files that they changed, and the memory.
        for (var name : List.of("tmp", "history", "GEMINI.md")) targets.put(session.resolve(name), own().resolve(name));
        for (var name : List.of(".env", ".agents")) {
            var path = own().resolveSibling(name);
            if (Files.exists(path)) targets.put(home.resolve(name), path);
        }
        return new Links(targets, new TreeSet<>(Set.of(own().resolve("tmp"), own().resolve("history"))));
    }

    private Path own() {
        return host.variable(VARIABLE)
                .map(host.cwd()::resolve)
                .orElse(host.home())
                .resolve(FOLDER);
    }

    private static List<String> names(Path folder) {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !LEFT_OUT.contains(name))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserError("%s is not readable".formatted(folder), "check its owner");
        }
    }

    /// Returns the key of a server's variable or header that contains a secret and not a reference to a variable;
    /// empty if there is none.
    private static Optional<String> secretOf(JsonNode server) {
        var found = new ArrayList<String>();
        for (var group : List.of("env", "headers")) {
            for (var entry : server.path(group).properties()) {
                var value = entry.getValue().asText("");
                var named = SECRET_NAME.matcher(entry.getKey()).matches()
                        && entry.getValue().isTextual();
                if (!value.contains("$")
                        && (named || SECRET_VALUE.matcher(value).matches())) found.add(group + "." + entry.getKey());
            }
        }
        if (server.at("/oauth/clientSecret").asText("$").indexOf('$') < 0) found.add("oauth.clientSecret");
        return found.stream().findFirst();
    }
}
