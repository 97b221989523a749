package lib.install;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import lib.base.Host;

/// What is said, once, to someone at a terminal who runs rpkai through JBang.
///
///     InstallHint.make(host, Optional.of("rpkai@org"));
public final class InstallHint {
    private InstallHint() {}

    /// Says it, unless it was said before or there is nobody to read it. Where that can't be remembered, it is
    /// not said.
    ///
    /// @param origin what JBang was given; empty where that is not known
    public static void make(Host host, Optional<String> origin) {
        if (!host.interactive() || host.enabled("CI")) return;
        try {
            if (Installation.of(host).state().isPresent()) return;
            Files.createDirectories(host.data());
            Files.createFile(host.data().resolve("offered"));
        } catch (IOException e) {
            return;
        }
        host.err()
                .println("rpkai: tip: %s install makes rpkai start ten times faster (shown once)"
                        .formatted(origin.map(ref -> "jbang " + ref).orElse("jbang rpkai.java")));
    }
}
