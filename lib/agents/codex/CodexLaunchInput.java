package lib.agents.codex;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.agents.variables.Inherited;
import lib.api.Provider;

/// What a launch of Codex is planned from.
///
///     Codex.plan(input).files()   // {/home/me/.cache/rpkai/codex/home-…/config.toml=model_provider = 'rpkai' …}
///
/// @param route how it reaches the model
/// @param model which model answers
/// @param home its `CODEX_HOME`
/// @param folder how far the folder that it starts in is trusted
/// @param args the user's own arguments
/// @param inherited what its process would inherit; its folder has no links in it
public record CodexLaunchInput(
        Route route, Model model, CodexHome home, Folder folder, List<String> args, Inherited inherited) {

    /// How Codex reaches the model.
    ///
    /// @param proxyUrl the provider's proxy on the gateway
    /// @param provider empty where it can't be read
    /// @param token how it comes by the gateway token
    public record Route(URI proxyUrl, Optional<Provider> provider, CodexToken token) {}

    /// Which model answers, and how.
    ///
    /// @param name `--model`
    /// @param effort `--effort`
    public record Model(Optional<String> name, Optional<Effort> effort) {}

    /// Where Codex keeps its configuration and its sessions.
    ///
    /// @param path an absolute path without links
    /// @param lasting whether it stays when the session is over
    public record CodexHome(Path path, boolean lasting) {}

    /// How far the folder that Codex starts in is trusted.
    ///
    /// @param trusted whether it is trusted without asking
    /// @param settings what the folder holds for Codex: its `.codex`, where it has one
    public record Folder(boolean trusted, Optional<Path> settings) {}

    /// The folder that Codex starts in.
    Path cwd() {
        return inherited.cwd();
    }
}
