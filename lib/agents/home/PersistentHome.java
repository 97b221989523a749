package lib.agents.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import lib.base.Host;
import lib.base.PrivateFile;
import lib.base.UserError;

/// A home for Codex that the user chose and that stays, with `--codex-home`: sessions in it can be resumed.
///
///     PersistentHome.prepare("work-codex", host)   // /home/me/work-codex, now 0700
public final class PersistentHome {
    /// The first line of every config that rpkai writes.
    public static final String MADE_HERE = "# Written by rpkai at every launch: changes to this file are lost.";

    private PersistentHome() {}

    /// Creates the folder if it is missing, and makes it accessible to its owner alone.
    ///
    /// @return its path, absolute and without links
    /// @throws UserError when it is Codex's usual home, or can't be made
    public static Path prepare(String dir, Host host) {
        var path = checked(dir, host);
        try {
            PrivateFile.createFolder(path);
            if (Files.getFileStore(path).supportsFileAttributeView("posix"))
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            return path.toRealPath();
        } catch (IOException e) {
            throw new UserError(
                    "--codex-home %s cannot be prepared (%s)".formatted(path, e.getMessage()),
                    "check its owner or choose another folder");
        }
    }

    /// Returns the folder after checking that its config may be overwritten.
    ///
    /// @throws UserError when it may not; bad usage
    public static Path checked(String dir, Host host) {
        if (dir.isBlank()) throw UserError.usage("--codex-home needs a folder", "pass a folder");
        var path = host.cwd().resolve(dir).normalize();
        var own = Stream.concat(
                        Stream.of(host.home().resolve(".codex")),
                        host.variable("CODEX_HOME").map(host.cwd()::resolve).stream())
                .toList();
        if (own.stream().anyMatch(other -> real(other).equals(real(path)))) {
            throw UserError.usage(
                    "--codex-home %s is your own Codex home, whose config.toml would be replaced".formatted(path),
                    "choose another folder");
        }
        if (Stream.of(host.home(), host.root()).anyMatch(other -> real(other).equals(real(path)))) {
            throw UserError.usage(
                    "--codex-home %s is a shared folder, and rpkai would restrict it to you".formatted(path),
                    "choose a separate folder");
        }
        return path;
    }

    /// Writes a launch's config. An existing config that rpkai did not write, or that is a link to the user's
    /// own, is kept under another name.
    ///
    /// @return the path of the kept file
    public static Optional<Path> write(Path config, String text) {
        try {
            var foreign = Files.isSymbolicLink(config)
                    || Files.exists(config) && !Files.readString(config).startsWith(MADE_HERE);
            var kept = config.resolveSibling(config.getFileName() + ".before-rpkai");
            // Moving a link moves the link itself, not its target.
            if (foreign) Files.move(config, kept);
            PrivateFile.write(config, text.getBytes(StandardCharsets.UTF_8));
            return foreign ? Optional.of(kept) : Optional.empty();
        } catch (IOException e) {
            throw new UserError(
                    "%s cannot be written (%s)".formatted(config, e), "check its owner and the space on its disk");
        }
    }

    /// The path without links, as far as it exists.
    private static Path real(Path path) {
        var absolute = path.toAbsolutePath().normalize();
        for (var existing = absolute; existing != null; existing = existing.getParent()) {
            try {
                return existing.toRealPath()
                        .resolve(existing.relativize(absolute))
                        .normalize();
            } catch (IOException missing) {
                // The path does not exist yet, so resolve its parent.
            }
        }
        return absolute;
    }
}
