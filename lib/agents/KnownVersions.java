package lib.agents;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;
import lib.base.Host;
import lib.base.PrivateFile;

/// A cache of the versions of agents' programs, kept in the cache folder, so that a launch need not run a
/// program to learn its version. A program is recognised by its path, size and times. Scripts are not cached: a
/// script starts another program, which can change while the script stays the same.
///
///     new KnownVersions(host).isRecent(program, new AgentVersion(2, 1, 257))   // true where it was seen before
final class KnownVersions {
    private static final int LONGEST = 5000;

    private final Host host;

    KnownVersions(Host host) {
        this.host = host;
    }

    /// Returns whether this exact program was seen before in that version or a later one.
    boolean isRecent(Path program, AgentVersion oldest) {
        try {
            var file = file(program);
            // A file that another user can write to is not trusted.
            if (!Files.isRegularFile(file) || Files.size(file) > LONGEST || PrivateFile.isOpen(file)) return false;
            var text = Files.readString(file);
            int end = text.indexOf('\n');
            return end > 0
                    && text.substring(end + 1).equals(identity(program).orElse(""))
                    && AgentVersion.in(text.substring(0, end))
                            .filter(version -> version.compareTo(oldest) >= 0)
                            .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /// Remembers the version of that program.
    void remember(Path program, AgentVersion version) {
        try {
            var identity = identity(program);
            if (identity.isEmpty()) return;
            PrivateFile.write(file(program), (version + "\n" + identity.get()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The cache is optional: without it the next launch runs the program again.
        }
    }

    private Path file(Path program) {
        var key = new CRC32C();
        key.update(program.toString().getBytes(StandardCharsets.UTF_8));
        return host.cache().resolve("versions").resolve("%s-%08x".formatted(program.getFileName(), key.getValue()));
    }

    /// A text that differs between any two programs; empty for a script. npm gives every file of a package the
    /// same date in 1985, so the text also contains the time at which the file's own record last changed, where
    /// the system has one.
    private static Optional<String> identity(Path program) throws IOException {
        var real = program.toRealPath();
        try (var in = Files.newInputStream(real)) {
            if (in.read() == '#' && in.read() == '!') return Optional.empty();
        }
        var posix = real.getFileSystem().supportedFileAttributeViews().contains("unix");
        var changed = posix ? Files.getAttribute(real, "unix:ctime").toString() : "";
        return Optional.of(
                "%s\n%d %s %s\n".formatted(real, Files.size(real), Files.getLastModifiedTime(real), changed));
    }
}
