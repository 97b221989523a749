package lib.agents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lib.agents.variables.Withheld;
import lib.base.Host;
import lib.base.PrivateFile;
import lib.base.UserError;
import lib.terminal.Progress;

/// Installs an agent with npm into a folder of rpkai's own, so that the user's installations stay untouched.
///
///     NpmInstall.ensure(ClaudeCode.BINARY, host)
///     // /home/me/.local/share/rpkai/agents/claude-…/node_modules/.bin/claude
public final class NpmInstall {
    private static final Duration AT_MOST = Duration.ofMinutes(10);

    private NpmInstall() {}

    /// The agent's program: the existing one, else a new installation.
    ///
    /// @throws UserError without npm, or when npm fails; npm's own output has been shown by then
    public static Path ensure(AgentBinary agent, Host host) {
        return agent.find(host).orElseGet(() -> ensureOwn(agent, host));
    }

    /// rpkai's own installation, even if another one is on the PATH.
    public static Path ensureOwn(AgentBinary agent, Host host) {
        var program = agent.installed(host);
        if (Files.isExecutable(program)) return program;
        var npm = AgentBinary.onPath(host, "npm")
                .orElseThrow(() -> new UserError(
                        "%s cannot be installed: there is no npm on the PATH".formatted(agent.title()),
                        "install Node.js (https://nodejs.org), then run the command again"));
        try {
            return PrivateFile.locked(
                    host.data().resolve("agents/install.lock"),
                    () -> Files.isExecutable(program) ? program : install(agent, npm, host));
        } catch (IOException e) {
            throw new UserError(
                    "%s cannot be installed into %s (%s)".formatted(agent.title(), agent.folder(host), e.getMessage()),
                    "check the folder's owner and the space on its disk");
        }
    }

    private static Path install(AgentBinary agent, Path npm, Host host) throws IOException {
        var folder = agent.folder(host);
        // The folder gets its final name last, so that the next launch can't find a partial installation.
        var unfinished = folder.resolveSibling(folder.getFileName() + ".part");
        delete(unfinished);
        PrivateFile.createFolder(unfinished);
        var begin = host.clock().millis();
        host.err()
                .println("rpkai: installing %s %s with npm into %s ..."
                        .formatted(agent.title(), agent.version(), folder));
        var log = run(
                List.of(
                        npm.toString(),
                        "install",
                        "--prefix",
                        unfinished.toString(),
                        "--no-save",
                        "--no-audit",
                        "--no-fund",
                        "--loglevel=error",
                        agent.npmPackage() + "@" + agent.version()),
                unfinished,
                host);
        if (!log.isEmpty()) {
            delete(unfinished);
            throw new UserError(
                    "npm could not install %s: %s".formatted(agent.npmPackage(), log),
                    "check the network and npm's registry setting, then run the command again");
        }
        delete(folder);
        Files.move(unfinished, folder);
        host.err()
                .println("rpkai: installed %s %s in %d s"
                        .formatted(agent.title(), agent.version(), (host.clock().millis() - begin) / 1000));
        return agent.installed(host);
    }

    /// Runs npm.
    ///
    /// @return empty on success, else the end of npm's output in one line
    private static String run(List<String> command, Path folder, Host host) throws IOException {
        var output = folder.resolve("npm.log");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        // npm also runs the scripts of packages, which must not see any secrets.
        builder.environment().putAll(Withheld.secrets(host));
        var process = builder.start();
        process.getOutputStream().close();
        try (var _ = Progress.of(host).on("npm is running")) {
            if (!process.waitFor(AT_MOST.toSeconds(), TimeUnit.SECONDS)) {
                process.destroy();
                return "it took more than %d minutes".formatted(AT_MOST.toMinutes());
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            return "interrupted";
        }
        if (process.exitValue() == 0) return "";
        var lines = Files.readAllLines(output).stream()
                .filter(line -> line.contains("error") || line.contains("ERR"))
                .limit(3)
                .toList();
        return "exit code %d %s"
                .formatted(process.exitValue(), String.join("; ", lines))
                .strip();
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
