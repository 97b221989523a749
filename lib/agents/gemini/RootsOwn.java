package lib.agents.gemini;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lib.UserError;

/// Gemini CLI's own condition for an administrator's settings: it ignores a file unless the file and every folder above it
/// are root's, and nobody else may write to them. A launch whose settings it ignored would be offered another sign-in.
///
///     RootsOwn.firstForeign(Path.of("/tmp/x"))   // Optional[/tmp]
final class RootsOwn {
    private static final int WRITABLE_BY_OTHERS = 0022;

    private RootsOwn() {}

    /// The first from `path` up that somebody else than root can change; empty where there is none, and on a machine without
    /// POSIX permissions.
    static Optional<Path> firstForeign(Path path) {
        for (var at = path; at != null; at = at.getParent()) {
            if (Files.exists(at) && isForeign(at)) return Optional.of(at);
        }
        return Optional.empty();
    }

    /// What to say of a folder in which Gemini CLI ignores the launch's settings.
    static UserError refusal(Path folder) {
        return new UserError(
                "Gemini CLI ignores the settings of a launch in %s, which others than root can change, and would offer a sign-in past the gateway".formatted(folder),
                "set XDG_CACHE_HOME to a folder that only root can change, or have root put {\"security\": {\"auth\": {\"enforcedType\": \"gemini-api-key\"}}} into /etc/gemini-cli/settings.json");
    }

    private static boolean isForeign(Path path) {
        try {
            var attributes = Files.readAttributes(path, "unix:uid,mode");
            return (int) attributes.get("uid") != 0 || ((int) attributes.get("mode") & WRITABLE_BY_OTHERS) != 0;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
