package tests.support;

import java.nio.file.Files;
import java.nio.file.Path;

/// The working tree that is being tested.
///
///     Repository.root().resolve("jbang-catalog.json")
public final class Repository {
    private Repository() {}

    /// Its top folder: the tests may be started from any folder below it.
    public static Path root() {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("lib/Rpkai.java"))) return folder;
        }
        throw new IllegalStateException("run the tests from the repository: ./jbang tests/RunTests.java");
    }
}
