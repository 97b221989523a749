package lib.startup.shortcut;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.base.Host;
import lib.cli.Cli;

/// Runs the most frequent commands one after the other in one process, so that the JVM learns which classes
/// they need. Its home is temporary, with two gateways beside it, see [lib.startup.training.AotTrainer].
///
///     HOME=$THROWAWAY java -XX:AOTCacheOutput=launches.aot -cp "$CLASS_PATH" \
///             lib.startup.shortcut.AotTraining launches https://localhost:8443
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
                            "llm get demo",
                            "llm list -s TLS"),
            "server", List.of("gateway --help"));
    /// Writes its variables to a file and ends when the file is gone, or after a minute.
    private static final String AGENT = """
            #!/bin/sh
            printf '%s\\n%s\\n' "$ANTHROPIC_BASE_URL" "$ANTHROPIC_API_KEY" >started.new && mv started.new started
            i=0; while [ -e started ] && [ $i -lt 1200 ]; do sleep 0.05; i=$((i + 1)); done
            """;

    private final Host host;
    private final String tls;

    private AotTraining(Host host, String tls) {
        this.host = host;
        this.tls = tls;
    }

    /// @param args the name of the cache to train, and the URL of a gateway that is reached over TLS
    public static void main(String... args) throws Exception {
        // Every command begins with this class. If it were not in the cache, the JVM would open the jar.
        Class.forName("lib.Rpkai");
        if (args[0].equals("quick")) {
            learnShortcuts();
            return;
        }
        var training = new AotTraining(host(printing(OutputStream.nullOutputStream())), args[1]);
        training.learn(COMMANDS.get(args[0]));
        if (args[0].equals("launches")) training.learnRequestsOfALaunch();
        if (args[0].equals("server")) training.learnServer();
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

    private static Host host(PrintStream err) throws IOException {
        var real = Host.system();
        var bin = Files.createDirectories(real.home().resolve("bin"));
        // The kernel refuses to start these programs, so a launch runs to its end and returns.
        program(bin.resolve("claude"), "#!/nonexistent\n");
        program(bin.resolve("codex"), "#!/bin/sh\n/bin/chmod -x \"$0\"\necho codex-cli 99.0.0\n");
        program(bin.resolve("agent"), AGENT);
        var variables = new HashMap<>(real.env());
        variables.putAll(Map.of("HOME", real.home().toString(), "PATH", bin + ":/usr/bin:/bin"));
        var nowhere = printing(OutputStream.nullOutputStream());
        return new Host(
                variables,
                new Host.Folders(real.home(), real.home(), real.root()),
                new Host.Streams(new ByteArrayInputStream(new byte[0]), nowhere, err, false),
                real.clock());
    }

    private void learn(List<String> lines) {
        for (var line : lines) {
            var words = line.replace("TLS", tls).split(" ");
            // Every command line is first tried as a shortcut.
            if (!Shortcuts.take(words)) Cli.start(host, words);
        }
    }

    /// Sends requests through the gateway of a launch, as its agent would. Their upstream is reached over TLS.
    private void learnRequestsOfALaunch() throws Exception {
        var started = host.home().resolve("started");
        var launch = Thread.ofPlatform().start(() -> learn(List.of("run exec -s TLS -L demo -- agent")));
        while (launch.isAlive() && !Files.exists(started)) Thread.sleep(10);
        if (!Files.exists(started)) throw new IllegalStateException("the launch did not start its agent");
        var lines = Files.readAllLines(started);
        new TrainingRequests(URI.create(lines.get(0)), lines.get(1)).send();
        Files.delete(started);
        launch.join();
    }

    /// Runs a server until it is warm, and sends requests through it. Their upstream is reached over TLS.
    private void learnServer() throws Exception {
        var written = new PipedOutputStream();
        var log = new BufferedReader(new InputStreamReader(new PipedInputStream(written), StandardCharsets.UTF_8));
        var serving = new AotTraining(host(printing(written)), tls);
        var server = Thread.ofPlatform().start(() -> serving.learn(List.of("gateway --listen 127.0.0.1:0")));
        var url = log.lines()
                .filter(line -> line.contains(" listens on "))
                .map(line -> line.replaceAll(".* listens on ", ""))
                .findFirst()
                .orElseThrow();
        var requests = new TrainingRequests(URI.create(url + "/llm/v1/providers/anthropic"), "none");
        while (!requests.isOk("/readyz")) Thread.sleep(50);
        for (int i = 0; i < 20; i++) requests.send();
        server.interrupt();
        server.join();
    }

    private static PrintStream printing(OutputStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, script);
        file.toFile().setExecutable(true);
    }
}
