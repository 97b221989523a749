package lib.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lib.Host;
import lib.Rpkai;

/// The commands that people run all day, one after the other in one process, for the JVM to learn which classes they take.
/// Its home is a throwaway one with a gateway beside it, see [lib.install.Installation].
///
///     HOME=$THROWAWAY java -XX:AOTCacheOutput=commands.aot -cp "$CLASS_PATH" lib.cli.Training
///     HOME=$THROWAWAY java -XX:AOTCacheOutput=quick.aot -cp "$CLASS_PATH" lib.cli.Training "auth token" version --help
final class Training {
    private static final List<String> COMMANDS = List.of(
            "auth status", "auth status -o json", "auth token -v", "env list --local", "env show", "nonsense", "run --help", "run claude",
            "llm list", "llm list -o json", "llm get demo -o yaml", "run claude -L demo --print-settings", "explain claude -L demo",
            "run codex -L demo --print-config", "run claude -L demo -- -p hello", "run codex -L demo -- exec hello");

    private Training() {}

    /// @param args the command lines of [Shortcut] to learn, each in one word; the others where there are none
    public static void main(String... args) throws IOException {
        for (var line : args) Shortcut.take(line.split(" "));
        if (args.length == 0) learnCommands();
    }

    private static void learnCommands() throws IOException {
        var real = Host.system();
        var bin = Files.createDirectories(real.home().resolve("bin"));
        for (var agent : List.of("claude", "codex")) standIn(bin.resolve(agent));
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        var host = new Host(
                Map.of("HOME", real.home().toString(), "PATH", bin.toString()), real.home(), real.home(), real.root(), new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false, real.clock());
        for (var command : COMMANDS) {
            // Every command is taken for one of those first.
            Shortcut.take(command.split(" "));
            Rpkai.run(host, command.split(" "));
        }
    }

    /// An agent that the kernel refuses to start: a launch goes all the way, and comes back.
    private static void standIn(Path program) throws IOException {
        Files.writeString(program, "#!/nonexistent\n");
        program.toFile().setExecutable(true);
    }
}
