package lib.agents;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import lib.agents.process.Exec;
import lib.agents.process.ForegroundChild;
import lib.agents.process.OwnMemory;
import lib.base.Host;
import lib.base.UserError;
import sun.misc.Signal;

/// Carries out a [LaunchPlan]. It replaces this process if nothing remains to be done after the agent ends;
/// otherwise it waits for a child process.
///
///     System.exit(new Launcher(host, inheritedFiles).launch(plan, program, Launcher.After.NOTHING));
public final class Launcher {
    private final Host host;
    private final Set<Integer> inheritedFiles;

    /// @param inheritedFiles the result of [Exec#openFiles] when this process began
    public Launcher(Host host, Set<Integer> inheritedFiles) {
        this.host = host;
        this.inheritedFiles = inheritedFiles;
    }

    /// The work that remains once the agent has ended.
    public enum After {
        /// Nothing remains: the agent replaces this process, on platforms that allow it.
        NOTHING,
        /// This process holds or must tidy up something, so it waits.
        CLEAN_UP
    }

    /// Prints the plan's warnings and starts the agent.
    ///
    /// @return the agent's exit code, or 128+n when signal n ended it; does not return where the process is
    ///     replaced
    public int launch(LaunchPlan plan, Path program, After after) {
        plan.warnings().forEach(host::warn);
        if (!Exec.isSupported()) return waitFor(plan, program);
        var environment = plan.environment(host.env());
        if (after == After.NOTHING) Exec.replace(program, plan.argv(), environment, inheritedFiles);
        return ForegroundChild.run(program, plan.argv(), environment, inheritedFiles);
    }

    /// The result of an agent that ran unattended.
    ///
    /// @param exitCode the agent's exit code
    /// @param out the text on standard output
    /// @param err the text on standard error
    public record Answer(int exitCode, String out, String err) {}

    /// Prints the plan's warnings, starts the agent with the input on standard input, and waits for its output.
    public Answer ask(LaunchPlan plan, Path program, String input) {
        plan.warnings().forEach(host::warn);
        var builder = process(plan, program);
        OwnMemory.seal();
        try {
            var agent = builder.start();
            // Three pipes at once, each with its own thread: a thread pool might have only one thread free.
            var err = new FutureTask<>(() -> read(agent.getErrorStream()));
            Thread.ofPlatform().daemon().start(err);
            Thread.ofPlatform().daemon().start(() -> write(input, agent.getOutputStream()));
            var out = read(agent.getInputStream());
            return new Answer(agent.waitFor(), out, err.get());
        } catch (IOException | ExecutionException e) {
            throw new UserError(
                    "%s cannot be started".formatted(program), "check that it is a program for this machine");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(UserError.FAILED, "", "");
        }
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void write(String text, OutputStream out) {
        try (out) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The agent closed its input before it had read everything, which is not an error.
        }
    }

    private ProcessBuilder process(LaunchPlan plan, Path program) {
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(plan.argv().subList(1, plan.argv().size()));
        var builder = new ProcessBuilder(command).directory(host.cwd().toFile());
        builder.environment().clear();
        builder.environment().putAll(plan.environment(host.env()));
        return builder;
    }

    /// Waits for the agent on Windows, which has neither exec nor job control; there a Ctrl-C reaches every
    /// process at the console.
    private int waitFor(LaunchPlan plan, Path program) {
        try {
            var agent = process(plan, program).inheritIO().start();
            Signal.handle(new Signal("INT"), _ -> {});
            return agent.waitFor();
        } catch (IOException e) {
            throw new UserError(
                    "%s cannot be started".formatted(program), "check that it is a program for this machine");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UserError.FAILED;
        }
    }
}
