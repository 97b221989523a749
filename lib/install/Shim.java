package lib.install;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import lib.base.UserError;
import lib.startup.AotCache;
import lib.startup.CacheChoice;
import lib.startup.Jdk;

/// The command on the user's PATH: a script that becomes the JVM, and starts no other process on the way. It
/// names one version's folder, so replacing the script in one step switches to another version.
///
///     new Shim(Path.of("/home/ada/.local/bin/rpkai")).write(jdk, folder);
record Shim(Path file) {
    private static final String MARK = " rpkai: written by rpkai install";
    static final boolean WINDOWS = File.separatorChar != '/';

    static Shim in(Path folder) {
        return new Shim(folder.resolve(WINDOWS ? "rpkai.cmd" : "rpkai"));
    }

    /// Returns whether the file exists and was not written by rpkai.
    boolean isForeign() throws IOException {
        if (!Files.exists(file) && !Files.isSymbolicLink(file)) return false;
        return !isOurs();
    }

    boolean isOurs() throws IOException {
        if (!Files.isRegularFile(file)) return false;
        try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.limit(2).anyMatch(line -> line.contains(MARK));
        }
    }

    /// Writes the script, replacing an existing one.
    void write(Jdk jdk, Path folder) throws IOException {
        Files.createDirectories(file.getParent());
        var next = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(next, WINDOWS ? batch(jdk, folder) : script(jdk, folder));
        if (!WINDOWS) Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String script(Jdk jdk, Path folder) {
        return """
                #!/bin/sh
                #%s. rpkai upgrade replaces it, rpkai uninstall removes it.
                [ -x %s ] || {
                  printf 'rpkai: the JDK that runs it is gone, %%s: install a JDK 25 or newer there, or run rpkai \
                install again\\n' %s >&2
                  exit 1
                }
                %s""".formatted(
                MARK,
                quote(jdk.java().toString()),
                quote(jdk.home().toString()),
                CacheChoice.script(cache -> variables(cache) + "exec " + command(jdk, folder, cache) + " \"$@\""));
    }

    private static String variables(AotCache cache) {
        if (cache != AotCache.SERVER) return "";
        return RunningProgram.SERVER_VARIABLES.entrySet().stream()
                .map(each -> "export %s=\"${%1$s-%s}\"; ".formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining());
    }

    private String command(Jdk jdk, Path folder, AotCache cache) {
        var words = new ArrayList<>(List.of(jdk.java().toString()));
        words.addAll(cache.options(folder));
        words.addAll(List.of(
                "-Drpkai.command=" + file, "-cp", InstalledVersion.jar(folder).toString(), "lib.Rpkai"));
        return words.stream()
                .map(word -> word.matches("[\\w/.:=+-]+") ? word : quote(word))
                .collect(Collectors.joining(" "));
    }

    private String batch(Jdk jdk, Path folder) {
        return """
                @echo off
                rem%s. rpkai upgrade replaces it, rpkai uninstall removes it.
                if not exist "%s" (
                  echo rpkai: the JDK that runs it is gone, %s: install a JDK 25 or newer there, or run rpkai \
                install again 1>&2
                  exit /b 1
                )
                "%s" %s -XX:AOTCache="%s" -Drpkai.command="%s" -cp "%s" lib.Rpkai %%*
                """.formatted(
                        MARK,
                        percent(jdk.java()),
                        percent(jdk.home()),
                        percent(jdk.java()),
                        String.join(" ", Jdk.OPTIONS),
                        percent(AotCache.COMMANDS.in(folder)),
                        percent(file),
                        percent(InstalledVersion.jar(folder)))
                .replace("\n", "\r\n");
    }

    /// Refuses a path that a class path can't contain, before anything is written.
    static void check(Path folder) {
        if (folder.toString().contains(File.pathSeparator) || folder.toString().contains("\n")) {
            throw new UserError(
                    ("rpkai cannot be installed below %s (its name contains \"%s\", which separates "
                                    + "the entries of a class path)")
                            .formatted(folder, File.pathSeparator),
                    "set XDG_DATA_HOME to another folder");
        }
    }

    static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static String percent(Path path) {
        return path.toString().replace("%", "%%");
    }
}
