package lib.install;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import lib.base.Host;

/// A hint, printed once, for users at a terminal who run rpkai through JBang: installed, it starts faster.
///
///     InstallHint.make(host, Optional.of("rpkai@org"));
public final class InstallHint {
    private InstallHint() {}

    /// Prints the hint, unless it was printed before or there is no terminal. The hint is not
    /// printed if a record of it can't be written.
    ///
    /// @param origin the reference that JBang was given; empty if that is not known
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
