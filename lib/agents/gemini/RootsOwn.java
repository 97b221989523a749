package lib.agents.gemini;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Checks whether Gemini CLI would accept a file of administrator's settings: it ignores a file unless root owns
/// the file and every folder above it, and no other user may write to them.
///
///     RootsOwn.firstForeign(Path.of("/tmp/x"))   // Optional[/tmp]
final class RootsOwn {
    private static final int WRITABLE_BY_OTHERS = 0022;

    private RootsOwn() {}

    /// Returns the first path, from `path` upwards, that a user other than root can change; empty if there is
    /// none, and on a machine without POSIX permissions.
    static Optional<Path> firstForeign(Path path) {
        for (var at = path; at != null; at = at.getParent()) {
            if (Files.exists(at) && isForeign(at)) return Optional.of(at);
        }
        return Optional.empty();
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
