package lib.agents;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.base.Host;
import lib.base.UserError;

/// The program of an agent, and the package that installs it.
///
///     ClaudeCode.BINARY.find(host)   // Optional[/usr/local/bin/claude]
///
/// @param name the program's name on the PATH
/// @param title the agent's name in messages
/// @param npmPackage the npm package of the agent
/// @param version the version that the launch was measured with, and that `--install-agent` installs
public record AgentBinary(String name, String title, String npmPackage, String version) {

    /// The program on the PATH, else the one that rpkai installed.
    public Optional<Path> find(Host host) {
        return onPath(host, name).or(() -> Optional.of(installed(host)).filter(Files::isExecutable));
    }

    /// The same program, or an error that names the command to install it.
    public Path require(Host host) {
        return find(host)
                .orElseThrow(() -> new UserError(
                        "%s is not installed (no `%s` on the PATH)".formatted(title, name),
                        "run npm install -g %s@latest, or launch with --install-agent".formatted(npmPackage)));
    }

    /// The folder of rpkai's own installation of that version.
    Path folder(Host host) {
        return host.data().resolve("agents").resolve(name + "-" + version);
    }

    /// The path of the program in rpkai's own installation, which may not exist.
    Path installed(Host host) {
        return folder(host).resolve("node_modules/.bin").resolve(name + (isWindows() ? ".cmd" : ""));
    }

    /// The first executable of that name on the PATH.
    public static Optional<Path> onPath(Host host, String program) {
        var endings = isWindows() ? List.of(".exe", ".cmd", ".bat") : List.of("");
        return Stream.of(host.env().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> endings.stream()
                        .map(ending -> host.cwd().resolve(folder).resolve(program + ending)))
                .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
                .findFirst();
    }

    private static boolean isWindows() {
        return File.separatorChar == '\\';
    }
}
