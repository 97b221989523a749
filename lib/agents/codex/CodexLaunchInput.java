package lib.agents.codex;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.agents.variables.Inherited;
import lib.api.Provider;

/// The input from which a launch of Codex is planned.
///
///     Codex.plan(input).files()   // {/home/me/.cache/rpkai/codex/home-…/config.toml=model_provider = 'rpkai' …}
///
/// @param route the way to the model
/// @param model the model
/// @param home its `CODEX_HOME`
/// @param folder the trust in the working folder
/// @param args the user's own arguments
/// @param inherited the environment and folder that its process would inherit; the folder has no links in its
///     path
public record CodexLaunchInput(
        Route route, Model model, CodexHome home, Folder folder, List<String> args, Inherited inherited) {

    /// The way in which Codex reaches the model.
    ///
    /// @param proxyUrl the provider's proxy on the gateway
    /// @param provider the provider; empty if it can't be read
    /// @param token the way in which Codex gets the gateway token
    public record Route(URI proxyUrl, Optional<Provider> provider, CodexToken token) {}

    /// The model, and its reasoning effort.
    ///
    /// @param name the model's name, `--model`
    /// @param effort the reasoning effort, `--effort`
    public record Model(Optional<String> name, Optional<Effort> effort) {}

    /// The folder in which Codex keeps its configuration and its sessions.
    ///
    /// @param path an absolute path without links
    /// @param lasting whether it stays after the session
    public record CodexHome(Path path, boolean lasting) {}

    /// The trust in the folder in which Codex starts.
    ///
    /// @param trusted whether it is trusted without asking the user
    /// @param settings the folder's own settings for Codex: its `.codex`, if it has one
    public record Folder(boolean trusted, Optional<Path> settings) {}

    /// The folder that Codex starts in.
    Path cwd() {
        return inherited.cwd();
    }
}
