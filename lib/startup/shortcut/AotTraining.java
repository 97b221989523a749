package lib.startup.shortcut;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lib.base.Host;
import lib.cli.Cli;

/// Runs the most frequent commands one after the other in one process, so that the JVM learns which classes
/// they need. Its home is temporary, with a gateway beside it, see [lib.install.Installation].
///
///     HOME=$THROWAWAY java -XX:AOTCacheOutput=launches.aot -cp "$CLASS_PATH" lib.startup.shortcut.AotTraining launches
final class AotTraining {
    private static final Map<String, List<String>> COMMANDS = Map.of(
            "launches",
                    List.of(
                            "nonsense",
                            "run --help",
                            "run claude",
                            "run claude -L demo --print-settings",
                            "explain claude -L demo",
                            "run codex -L demo-openai --print-config",
                            "run claude -L demo -- -p hello",
                            "run codex -L demo-openai -- exec hello"),
            "commands",
                    List.of(
                            "nonsense",
                            "auth status",
                            "auth status -o json",
                            "auth token -v",
                            "env list --local",
                            "env show",
                            "llm list",
                            "llm list -o json",
                            "llm get demo"));

    private AotTraining() {}

    /// @param args the name of the cache to train
    public static void main(String... args) throws IOException, ClassNotFoundException {
        // Every command begins with this class. If it were not in the cache, the JVM would open the jar.
        Class.forName("lib.Rpkai");
        if (args[0].equals("quick")) learnShortcuts();
        else learn(COMMANDS.get(args[0]));
    }

    /// Runs the shortcuts and nothing else: every class loaded here makes each of them slower.
    private static void learnShortcuts() {
        // A sign-in that the shortcut can't read would make `auth token` slow without any error.
        if (!Shortcuts.take("auth", "token"))
            throw new IllegalStateException("auth token does not take its shortcut in the training home");
        Shortcuts.take("version");
        Shortcuts.take("--help");
        Shortcuts.take("completion", "--names", "PROVIDER", "--for", "claude");
    }

    private static void learn(List<String> lines) throws IOException {
        var real = Host.system();
        var bin = Files.createDirectories(real.home().resolve("bin"));
        // The kernel refuses to start these programs, so a launch runs to its end and returns.
        program(bin.resolve("claude"), "#!/nonexistent\n");
        program(bin.resolve("codex"), "#!/bin/sh\n/bin/chmod -x \"$0\"\necho codex-cli 99.0.0\n");
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        var host = new Host(
                Map.of("HOME", real.home().toString(), "PATH", bin.toString()),
                new Host.Folders(real.home(), real.home(), real.root()),
                new Host.Streams(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false),
                real.clock());
        for (var line : lines) {
            var words = line.split(" ");
            // Every command line is first tried as a shortcut.
            if (!Shortcuts.take(words)) Cli.start(host, words);
        }
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, script);
        file.toFile().setExecutable(true);
    }
}
