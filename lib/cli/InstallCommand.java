package lib.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.Host;
import lib.install.Installation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `rpkai install`.
@Command(name = "install", description = "Installs rpkai as a command that starts without JBang.", footer = {"", "Example:", "  jbang rpkai@org install --from rpkai@org"})
final class InstallCommand implements Runnable {
    @Option(names = "--dir", paramLabel = "DIR", description = "Where to put the command (default ~/.local/bin).")
    Path dir;

    @Option(names = "--force", description = "Replace a command of that name that something else wrote.")
    boolean force;

    @Option(names = "--from", paramLabel = "REF", description = "Where rpkai upgrade finds the newest, as JBang takes it: rpkai@org, a URL, a file (default: the checkout in this folder).")
    String from;

    private final Context context;

    InstallCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var host = context.host();
        var installation = Installation.of(host);
        var bin = Optional.ofNullable(dir).map(host.cwd()::resolve).map(Path::normalize)
                .or(() -> installation.state().map(state -> state.command().getParent())).orElse(host.home().resolve(".local/bin"));
        var state = installation.install(bin, force, Optional.ofNullable(from).or(() -> checkout(host)));
        host.out().println("rpkai %s is installed: %s".formatted(state.version(), state.command()));
        if (!isOnPath(bin, host)) host.err().println("%s is not on your PATH: add it in your shell's profile.".formatted(bin));
    }

    private static Optional<String> checkout(Host host) {
        var script = host.cwd().resolve("rpkai.java");
        return Files.exists(script) && Files.exists(host.cwd().resolve("lib/Rpkai.java")) ? Optional.of(script.toString()) : Optional.empty();
    }

    static boolean isOnPath(Path bin, Host host) {
        return Arrays.stream(host.variable("PATH").orElse("").split(Pattern.quote(File.pathSeparator))).filter(entry -> !entry.isEmpty()).map(Path::of).anyMatch(bin::equals);
    }
}
