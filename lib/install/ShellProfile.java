package lib.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.base.Host;
import lib.base.UserError;

/// The file that a shell reads when a terminal is opened, and rpkai's own lines in it. Each entry is one line,
/// and ends with a mark by which it is found again.
///
///     ShellProfile.of(Shell.ZSH, host).put("cc", "alias cc='rpkai run claude -L anthropic --'")
///
/// @param file the file, which may not exist
public record ShellProfile(Path file) {
    /// A supported shell.
    public enum Shell {
        BASH,
        ZSH,
        FISH;

        /// The shell with that name, or of that program.
        ///
        /// @throws UserError for any other
        public static Shell of(String name) {
            return switch (name.substring(name.lastIndexOf('/') + 1)) {
                case "bash", "sh" -> BASH;
                case "zsh" -> ZSH;
                case "fish" -> FISH;
                case String other ->
                    throw UserError.usage(
                            "aliases are not supported for the shell \"%s\"".formatted(other),
                            "use --shell bash, zsh or fish");
            };
        }
    }

    /// The profile of a shell.
    public static ShellProfile of(Shell shell, Host host) {
        return new ShellProfile(
                switch (shell) {
                    case BASH -> host.home().resolve(".bashrc");
                    case ZSH ->
                        host.variable("ZDOTDIR")
                                .map(Path::of)
                                .orElse(host.home())
                                .resolve(".zshrc");
                    case FISH ->
                        host.variable("XDG_CONFIG_HOME")
                                .map(Path::of)
                                .filter(Path::isAbsolute)
                                .orElse(host.home().resolve(".config"))
                                .resolve("fish/config.fish");
                });
    }

    /// Adds or replaces the line with that name. Everything else stays unchanged.
    ///
    /// @throws UserError when the file can't be written
    public void put(String name, String line) {
        write(name, Optional.of(line + mark(name)));
    }

    /// Removes the line with that name.
    ///
    /// @return whether it was there
    /// @throws UserError when the file can't be written
    public boolean remove(String name) {
        return write(name, Optional.empty());
    }

    private static String mark(String name) {
        return " # rpkai alias " + name;
    }

    private boolean write(String name, Optional<String> line) {
        try {
            // Many users keep the file elsewhere and have a link here.
            var real = Files.exists(file) ? file.toRealPath() : file;
            // This encoding keeps all bytes of the user's lines, whatever their real encoding is.
            var before = Files.exists(real) ? Files.readString(real, StandardCharsets.ISO_8859_1) : "";
            var lines = new ArrayList<>(List.of(before.split("(?<=\n)")));
            lines.removeIf(String::isEmpty);
            int at = lines.stream()
                    .map(String::stripTrailing)
                    .map(text -> text.endsWith(mark(name)))
                    .toList()
                    .indexOf(true);
            var ours = line.map(
                    text -> new String((text + "\n").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
            if (at < 0 && ours.isEmpty()) return false;
            if (at >= 0) lines.remove(at);
            if (at < 0 && !lines.isEmpty() && !lines.getLast().endsWith("\n"))
                lines.set(lines.size() - 1, lines.getLast() + "\n");
            ours.ifPresent(text -> lines.add(at < 0 ? lines.size() : at, text));
            replace(real, String.join("", lines).getBytes(StandardCharsets.ISO_8859_1));
            return true;
        } catch (IOException e) {
            throw new UserError(
                    "%s cannot be written (%s)".formatted(file, e),
                    "check its owner and mode, or add the line yourself");
        }
    }

    /// Replaces the file in one step and keeps its mode.
    private static void replace(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        var next = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".rpkai");
        try {
            Files.write(next, bytes);
            if (Files.getFileStore(next).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(
                        next,
                        Files.exists(file)
                                ? Files.getPosixFilePermissions(file)
                                : java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
