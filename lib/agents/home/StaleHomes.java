package lib.agents.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.agents.process.Proc;

/// Deletes the temporary homes whose owner has ended.
///
///     StaleHomes.sweep(folder, now)
final class StaleHomes {
    static final String PREFIX = "home-";

    private static final Pattern HOME = Pattern.compile("home-(\\d+)-[0-9a-f]{16}");
    private static final Duration QUIET = Duration.ofDays(1);

    private StaleHomes() {}

    /// Deletes stale homes. A home counts as stale only if it is a real folder, has a name in rpkai's form, and
    /// has the lock file that its owner held. Homes that can't be deleted are left to the next launch.
    static void sweep(Path folder, Instant now) throws IOException {
        List<Path> homes;
        try (Stream<Path> entries = Files.list(folder)) {
            homes = entries.filter(StaleHomes::isHome).toList();
        }
        for (var home : homes) {
            try (var lock = FileChannel.open(lockOf(home), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                    var held = lock.tryLock()) {
                if (held == null || isUsed(home, now)) continue;
                Directories.delete(home);
                Files.delete(lockOf(home));
            } catch (NoSuchFileException e) {
                // The folder is not a home, or its owner has just deleted it.
            } catch (IOException e) {
                // The home belongs to another user, or the disk is full: neither must stop a launch.
            }
        }
    }

    static Path lockOf(Path home) {
        return home.resolveSibling(home.getFileName() + ".lock");
    }

    private static boolean isHome(Path path) {
        var name = HOME.matcher(path.getFileName().toString());
        // Opening and closing the lock file of this process's own home would release its lock.
        return name.matches()
                && !name.group(1).equals(String.valueOf(ProcessHandle.current().pid()))
                && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /// Returns whether the agent still runs in the home without the process that made it. Without `/proc`,
    /// returns whether the home was changed today.
    private static boolean isUsed(Path home, Instant now) throws IOException {
        if (Proc.text("self", "environ").isEmpty())
            return Directories.lastChange(home).isAfter(now.minus(QUIET));
        var variable = "=" + home;
        return ProcessHandle.allProcesses()
                .anyMatch(process -> Proc.words(process.pid(), "environ").stream()
                        .map(String::new)
                        .anyMatch(text -> text.contains(variable)));
    }
}
