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

/// The input from which a launch of Claude Code is planned.
///
///     ClaudeCode.plan(new ClaudeLaunchInput(route, Optional.empty(), args, files, Inherited.from(host)))
///
/// @param route the way to the model
/// @param model the model's name, `--model`
/// @param args the user's own arguments
/// @param files the files that Claude Code reads besides the overlay
/// @param inherited the environment and folder that its process would inherit
public record ClaudeLaunchInput(
        Route route, Optional<String> model, List<String> args, Files files, Inherited inherited) {

    /// The way in which Claude Code reaches the model.
    ///
    /// @param proxyUrl the provider's proxy on the gateway
    /// @param mode the kind of credential, and the API
    /// @param provider the provider; empty if it can't be read
    /// @param token the way in which Claude Code gets the gateway token
    public record Route(URI proxyUrl, ClaudeMode mode, Optional<Provider> provider, AgentCredential token) {}

    /// The files that Claude Code reads besides the overlay.
    ///
    /// @param configDir the config home, `--claude-config-dir`
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
