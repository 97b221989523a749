package lib.agents.codex;

import java.nio.file.Path;
import java.util.Map;
import lib.Host;
import lib.UserError;
import lib.agents.NpmInstall;

/// The Codex that a launch uses: the one on the PATH where it is new enough, rpkai's own where that is asked for.
///
///     new CodexProgram(path, false, host).require(plan.environment(host.env()))   // /usr/local/bin/codex
///
/// @param path the program
/// @param mayInstall whether `--install-agent` was given
/// @param host the machine
record CodexProgram(Path path, boolean mayInstall, Host host) {

    /// The program, once it is known to be new enough; a version that can't be read is a warning.
    ///
    /// @param environment the environment of the launch: its `CODEX_HOME` is where even the question leaves its traces
    /// @throws UserError when it is too old
    Path require(Map<String, String> environment) {
        var version = CodexVersion.of(path, environment);
        if (version.isEmpty()) {
            host.warn("the version of %s can't be read; Codex %s or later is needed".formatted(path, CodexVersion.NEEDED));
            return path;
        }
        if (version.get().compareTo(CodexVersion.NEEDED) >= 0) return path;
        if (!mayInstall) throw version.get().tooOld();
        return NpmInstall.ensureOwn(Codex.BINARY, host);
    }
}
