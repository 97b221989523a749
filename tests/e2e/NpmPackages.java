package tests.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.base.Host;
import org.junit.jupiter.api.Assumptions;

/// Packages from npm, installed once for all runs of the tests; where npm can't, the tests that need them are
/// left out.
final class NpmPackages {
    private NpmPackages() {}

    /// @param name of the folder
    /// @param packages with their versions
    /// @return the folder that `node_modules` is in
    static Path installed(String name, List<String> packages) throws IOException, InterruptedException {
        var folder = Host.system()
                .cache()
                .resolveSibling("rpkai-tests")
                .resolve(name + "-" + Integer.toHexString(packages.hashCode()));
        if (!Files.exists(folder.resolve("installed"))) {
            Files.createDirectories(folder);
            var command = new ArrayList<>(List.of(
                    "npm", "install", "--prefix", folder.toString(), "--no-audit", "--no-fund", "--loglevel=error"));
            command.addAll(packages);
            var npm = Agents.run(new ProcessBuilder(command));
            Assumptions.assumeTrue(npm.exitCode() == 0, "npm can't install %s: %s".formatted(packages, npm.err()));
            Files.createFile(folder.resolve("installed"));
        }
        return folder;
    }
}
