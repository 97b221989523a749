package lib.agents.claude;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import lib.agents.ConflictingSetting;
import lib.agents.SettingsFile;
import lib.agents.SettingsFile.Layer;
import lib.base.Host;
import lib.base.Json;
import lib.base.Remedy;
import lib.base.UserError;

/// A sign-in of Claude Code at a gateway of its own (`/login`), or an administrator's policy that demands one.
/// Either sends every model request to that gateway: it overrides the base URL, the token and the settings
/// overlay of a launch, in every mode. The only way around it is another config home.
///
///     GatewaySignIn.find(host, Optional.empty(), settingsFiles).map(GatewaySignIn::refusal)   // Optional.empty
///
/// @param gateway that gateway's host, with its port if the URL names one; contains no secret
/// @param where the file, or the keychain's entry, that holds the sign-in or the policy
/// @param forced whether this is the policy
/// @param configDir the config home for `claude auth logout`; empty for the user's usual one
public record GatewaySignIn(String gateway, String where, boolean forced, Optional<Path> configDir) {
    private static final String FIELD = "enterpriseGateway";
    /// The variable for a credentials folder apart from the config home; an empty value means the usual home.
    private static final String STORAGE = "CLAUDE_SECURESTORAGE_CONFIG_DIR";
    private static final long LONGEST = 1 << 20;

    /// Finds a sign-in or a policy.
    ///
    /// @param configDir the config home, `--claude-config-dir`
    /// @param files the settings files of the launch; the user's own can name another config home
    static Optional<GatewaySignIn> find(Host host, Optional<Path> configDir, List<SettingsFile> files) {
        return policy(files)
                .or(() -> homes(host, configDir, files).stream()
                        .flatMap(home -> inFile(home, configDir).stream())
                        .findFirst())
                .or(() -> ClaudeKeychain.read(host, configDir, STORAGE)
                        .flatMap(text -> read(text, ClaudeKeychain.NAME, configDir)));
    }

    /// The error with which a launch stops.
    public UserError refusal() {
        if (forced) {
            return new ConflictingSetting(
                            Path.of(where), "forceLoginMethod", "sends every request to the gateway " + gateway)
                    .refusal("ask the administrator to remove it");
        }
        var dir = configDir.map(path -> "CLAUDE_CONFIG_DIR=%s ".formatted(path)).orElse("");
        return new UserError(
                ("Claude Code is signed in to another gateway, %s (%s), and would send every " + "request there")
                        .formatted(gateway, where),
                Remedy.run("%sclaude auth logout".formatted(dir)).withRest(", then launch again"));
    }

    private static Optional<GatewaySignIn> policy(List<SettingsFile> files) {
        return files.stream()
                .filter(file -> file.layer() == Layer.MANAGED
                        && file.json().path("forceLoginMethod").asText("").equals("gateway"))
                .findFirst()
                .map(file -> new GatewaySignIn(
                        host(file.json().path("forceLoginGatewayUrl")),
                        file.path().toString(),
                        true,
                        Optional.empty()));
    }

    /// The folders that may contain a sign-in.
    private static LinkedHashSet<Path> homes(Host host, Optional<Path> configDir, List<SettingsFile> files) {
        var homes = new LinkedHashSet<Path>();
        var storage = host.env().get(STORAGE);
        if (storage == null) homes.add(ClaudeSettings.home(host, configDir));
        else
            homes.add(
                    storage.isEmpty()
                            ? ClaudeSettings.usualHome(host)
                            : host.cwd().resolve(storage));
        for (var file : files) {
            if (file.layer() != Layer.USER) continue;
            for (var name : List.of("CLAUDE_CONFIG_DIR", STORAGE))
                file.variable(name).map(host.cwd()::resolve).ifPresent(homes::add);
        }
        return homes;
    }

    private static Optional<GatewaySignIn> inFile(Path home, Optional<Path> configDir) {
        var file = home.resolve(".credentials.json");
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) return Optional.empty();
            return read(Files.readString(file, StandardCharsets.UTF_8), file.toString(), configDir);
        } catch (IOException e) {
            // Claude Code can't read this file either, so it has no effect.
            return Optional.empty();
        }
    }

    /// Reads the text of Claude Code's credentials. The text is secret; only the gateway's host is kept.
    private static Optional<GatewaySignIn> read(String text, String where, Optional<Path> configDir) {
        // Most users have no such sign-in, and a parser would cost every launch some time.
        if (!text.contains(FIELD)) return Optional.empty();
        try {
            var signIn = Json.read(text).path(FIELD);
            return signIn.isObject()
                    ? Optional.of(new GatewaySignIn(host(signIn.path("url")), where, false, configDir))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String host(JsonNode url) {
        try {
            var uri = new URI(url.asText(""));
            if (uri.getHost() != null) return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        } catch (URISyntaxException e) {
            // An invalid URL is not repeated: it could contain a secret.
        }
        return "of its own";
    }
}
