package tests.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import lib.agents.AgentBinary;
import lib.agents.NpmInstall;
import lib.base.Host;
import lib.base.UserError;
import org.junit.jupiter.api.Assumptions;
import tests.support.Machine;

/// The real agents, installed from npm by the test run itself, once, into a cache that later runs find again. The
/// version is the one that the agent's own file pins.
///
///     var claude = Agents.install(ClaudeCode.BINARY);
public final class Agents {
    private Agents() {}

    /// Puts the agent on that machine's PATH; the test is skipped where npm can't install it.
    public static void install(AgentBinary agent, Machine machine) {
        use(agent, program(agent), machine);
    }

    /// Puts that program on the machine's PATH under the agent's name.
    public static void use(AgentBinary agent, Path program, Machine machine) {
        // The machine's own tools come after it: agents need git, rg and a shell.
        machine.with(
                "PATH",
                machine.program(agent.name(), "exec '" + program + "' \"$@\"\n").getParent() + ":/usr/bin:/bin");
        // Claude Code refuses to skip permissions as root unless it is told that it runs in a sandbox.
        machine.with("IS_SANDBOX", "1");
    }

    /// The agent's program, installed when it is not there yet.
    public static synchronized Path program(AgentBinary agent) {
        var host = Host.system();
        var cache = host.cache().resolveSibling("rpkai-tests");
        var env = new TreeMap<>(host.env());
        env.put("XDG_DATA_HOME", cache.toString());
        try {
            var there = new Host(
                    env,
                    new Host.Folders(host.home(), host.cwd(), host.root()),
                    new Host.Streams(host.in(), host.out(), host.err(), false),
                    host.clock());
            // Not the one on the PATH: its version is not ours to choose.
            return NpmInstall.ensureOwn(agent, there);
        } catch (UserError e) {
            return Assumptions.abort(e.line());
        }
    }

    /// The exit code and output of a process.
    public record Ended(int exitCode, String out, String err) {}

    /// Starts a program with no terminal and waits for its end; one that hangs fails.
    public static Ended run(ProcessBuilder builder) {
        try {
            var out = Files.createTempFile("rpkai-out", ".txt");
            var err = Files.createTempFile("rpkai-err", ".txt");
            var process = builder.redirectInput(new File("/dev/null"))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(10, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("did not end: " + Files.readString(out) + Files.readString(err));
            }
            var ended = new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
            for (var file : List.of(out, err)) Files.delete(file);
            return ended;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
