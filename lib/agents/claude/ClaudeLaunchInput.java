package lib.agents.claude;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.agents.SettingsFile;
import lib.agents.credential.AgentCredential;
import lib.agents.variables.Inherited;
import lib.api.Provider;

/// What a launch of Claude Code is planned from.
///
///     ClaudeCode.plan(new ClaudeLaunchInput(route, Optional.empty(), args, files, Inherited.from(host)))
///
/// @param route how it reaches the model
/// @param model `--model`
/// @param args the user's own arguments
/// @param files what it reads besides the overlay
/// @param inherited what its process would inherit
public record ClaudeLaunchInput(
        Route route, Optional<String> model, List<String> args, Files files, Inherited inherited) {

    /// How Claude Code reaches the model.
    ///
    /// @param proxyUrl the provider's proxy on the gateway
    /// @param mode whose credential the upstream takes, by which API
    /// @param provider empty where it can't be read
    /// @param token how it comes by the gateway token
    public record Route(URI proxyUrl, ClaudeMode mode, Optional<Provider> provider, AgentCredential token) {}

    /// What Claude Code reads besides the overlay.
    ///
    /// @param configDir `--claude-config-dir`
    /// @param settings its settings files
    /// @param signIn its sign-in at another gateway, if it has one
    public record Files(Optional<Path> configDir, List<SettingsFile> settings, Optional<GatewaySignIn> signIn) {}

    URI proxyUrl() {
        return route.proxyUrl();
    }

    ClaudeMode mode() {
        return route.mode();
    }

    Optional<Provider> provider() {
        return route.provider();
    }

    List<SettingsFile> settingsFiles() {
        return files.settings();
    }

    Map<String, String> variables() {
        return inherited.variables();
    }
}
