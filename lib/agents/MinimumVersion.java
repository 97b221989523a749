package lib.agents;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import lib.base.Host;
import lib.base.UserError;

/// The oldest version of an agent that can be launched.
///
///     ClaudeCode.MINIMUM.require(program, environment, request, host)   // /usr/local/bin/claude
///
/// @param binary the agent
/// @param version the oldest version
/// @param reason the ability that older versions lack, as the end of a sentence: `which can …`
public record MinimumVersion(AgentBinary binary, AgentVersion version, String reason) {

    /// Returns the program if it is new enough, or rpkai's own installation if `--install-agent` was given. A
    /// version that can't be read is only a warning, and so is an old one with `--allow-old-agent`.
    ///
    /// @param environment the environment of the launch; Codex writes to its `CODEX_HOME` even when it prints
    ///     its version
    /// @throws UserError when the program is too old; its hint is the command that updates
    public Path require(Path program, Map<String, String> environment, LaunchRequest request, Host host) {
        var known = new KnownVersions(host);
        if (known.isRecent(program, version)) return program;
        var found = AgentVersion.of(program, environment, AgentVersion.PATIENCE);
        if (found.isEmpty()) {
            host.warn("the version of %s is not readable; %s %s or later is required"
                    .formatted(program, binary.title(), version));
            return program;
        }
        if (found.get().compareTo(version) >= 0) {
            known.remember(program, found.get());
            return program;
        }
        if (request.has(LaunchOption.ALLOW_OLD_AGENT)) {
            host.warn("%s %s is older than %s, %s".formatted(binary.title(), found.get(), version, reason));
            return program;
        }
        if (request.has(LaunchOption.INSTALL_AGENT)) return NpmInstall.ensureOwn(binary, host);
        throw new UserError(
                "%s %s is too old: %s or later is required, %s".formatted(binary.title(), found.get(), version, reason),
                "run %s, or launch with --install-agent".formatted(update(program)));
    }

    /// The command that updates the program. It depends on the program's folder: Claude Code's own installer
    /// and Homebrew have folders of their own, and everything else comes from npm.
    ///
    /// @param program the path at which the program was found; a link is followed
    public String update(Path program) {
        var path = real(program).toString().replace('\\', '/');
        if (path.contains("/.local/share/%s/versions/".formatted(binary.name()))) return binary.name() + " update";
        if (path.contains("/Caskroom/"))
            return "brew upgrade --cask " + path.replaceFirst(".*/Caskroom/([^/]+)/.*", "$1");
        if (path.contains("/Cellar/")) return "brew upgrade " + path.replaceFirst(".*/Cellar/([^/]+)/.*", "$1");
        return "npm install -g %s@latest".formatted(binary.npmPackage());
    }

    private static Path real(Path program) {
        try {
            return program.toRealPath();
        } catch (IOException e) {
            return program;
        }
    }
}
