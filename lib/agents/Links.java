package lib.agents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import lib.base.PrivateFile;
import lib.base.UserError;

/// The symbolic links through which a session's home reaches files that outlive it, such as the user's
/// sessions.
///
///     new Links(Map.of(home.resolve("tmp"), Path.of("/home/me/.agent/tmp")),
///             Set.of(Path.of("/home/me/.agent/tmp"))).make()
///
/// @param targets the target of each link, by the link's own path
/// @param folders the user's folders that the links need; missing ones are made
public record Links(SortedMap<Path, Path> targets, SortedSet<Path> folders) {
    /// No links.
    public static final Links NONE = new Links(new TreeMap<>(), new TreeSet<>());

    public Links {
        targets = new TreeMap<>(targets);
        folders = new TreeSet<>(folders);
    }

    /// Makes the folders, readable by the user alone, and then the links. Existing links stay as they are.
    ///
    /// @throws UserError when a folder or a link can't be made
    public void make() {
        folders.forEach(Links::makeFolder);
        for (Map.Entry<Path, Path> link : targets.entrySet()) {
            makeFolder(link.getKey().getParent());
            try {
                if (!Files.isSymbolicLink(link.getKey())) Files.createSymbolicLink(link.getKey(), link.getValue());
            } catch (IOException e) {
                throw failure(link.getKey(), e);
            }
        }
    }

    private static void makeFolder(Path folder) {
        try {
            if (!Files.isDirectory(folder)) PrivateFile.createFolder(folder);
        } catch (IOException e) {
            throw failure(folder, e);
        }
    }

    private static UserError failure(Path path, IOException e) {
        return new UserError(
                "%s cannot be created (%s)".formatted(path, e.getMessage()),
                "check the owner of its folder and the space on its disk");
    }
}
