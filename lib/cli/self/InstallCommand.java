package lib.cli.self;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.base.Host;
import lib.cli.base.Context;
import lib.install.Changelog;
import lib.install.InstallSource;
import lib.install.Installation;
import lib.terminal.TerminalWidth;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `rpkai install`.
@Command(
        name = "install",
        description = "Installs rpkai as a command that starts without JBang.",
        footer = {"", "Example:", "  jbang rpkai@org install"})
public final class InstallCommand implements Runnable {
    @Option(names = "--dir", paramLabel = "DIR", description = "The folder for the command (default ~/.local/bin).")
    Path dir;

    @Option(names = "--force", description = "Replace a file of that name that rpkai did not write.")
    boolean force;

    @Option(
            names = "--from",
            paramLabel = "REF",
            description = "Where rpkai upgrade gets new versions, as a JBang reference: rpkai@org, a URL "
                    + "or a file (default: the checkout in this folder, or else the catalogue that " + "JBang used).")
    String from;

    private final Context context;

    public InstallCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var host = context.host();
        var installation = Installation.of(host);
        var bin = Optional.ofNullable(dir)
                .map(host.cwd()::resolve)
                .map(Path::normalize)
                .or(() -> installation.state().map(state -> state.command().getParent()))
                .orElse(host.home().resolve(".local/bin"));
        var before = installation.state().map(Installation.State::version);
        var state = install(installation, bin, Optional.ofNullable(from).or(() -> InstallSource.find(host)));
        host.out().println("rpkai %s is installed: %s".formatted(state.version(), state.command()));
        state.source()
                .ifPresent(source -> host.out().println("rpkai upgrade gets new versions from %s.".formatted(source)));
        before.ifPresent(old -> sayWhatChanged(old, state.version()));
        sayWhereItIs(state.command(), host);
    }

    /// Prints the changes. The new version does this, so that an upgrade from any older version shows them.
    private void sayWhatChanged(String before, String now) {
        var host = context.host();
        var lines = Changelog.ofThisVersion()
                .map(changes ->
                        changes.between(before, now, TerminalWidth.of(host).orElse(Changelog.USUAL_WIDTH)))
                .orElse(List.of());
        if (lines.isEmpty()) return;
        host.out().println();
        lines.forEach(host.out()::println);
    }

    private Installation.State install(Installation installation, Path bin, Optional<String> source) {
        try (var _ = context.progress().on("Installing rpkai and preparing the JVM's start-up cache")) {
            return installation.install(bin, force, source);
        }
    }

    /// Prints whether typing the command's name will start it.
    private static void sayWhereItIs(Path command, Host host) {
        var path = Arrays.stream(host.variable("PATH").orElse("").split(Pattern.quote(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toList();
        if (!path.contains(command.getParent())) {
            host.err()
                    .println("%s is not in your PATH: add it in your shell's profile.".formatted(command.getParent()));
            return;
        }
        path.stream()
                .map(folder -> folder.resolve(command.getFileName()))
                .filter(Files::isExecutable)
                .findFirst()
                .filter(first -> !first.equals(command))
                .ifPresent(other -> host.err()
                        .println("%s comes first in your PATH: remove it%s or change the order."
                                .formatted(
                                        other,
                                        other.toString().contains("/.jbang/bin/")
                                                ? " with jbang app uninstall rpkai"
                                                : "")));
    }
}
