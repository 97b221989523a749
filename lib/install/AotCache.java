package lib.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import lib.Secret;
import lib.gateway.Callers;
import lib.gateway.EmbeddedGateway;
import lib.gateway.GatewayConfig;
import lib.gateway.MachineProviders;

/// An AOT cache: classes loaded, linked and partly initialised, as one run of the program left them.
///
///     AotCache.train(jdk, classPath, folder, AotCache.QUICK);
///
/// There are three, since the JVM takes in a whole cache at its start: what the shortest commands do not need would double
/// their time.
///
/// @see <a href="https://openjdk.org/jeps/514">JEP 514</a>
enum AotCache {
    /// For `auth token` with a good cached token, `version`, `--help`, and the names that a shell completes a word with. Five
    /// milliseconds of Java are over before a compiler could help, and to start one takes one of them.
    QUICK("quick", "-Xint"),
    /// For `run` and `explain`.
    LAUNCHES("launches"),
    /// For everything else.
    COMMANDS("commands");

    private final String label;
    private final List<String> options;

    AotCache(String label, String... options) {
        this.label = label;
        this.options = List.of(options);
    }

    /// What the JVM is told that starts from it.
    ///
    /// @param folder where it is; one that is not there (yet) does no harm
    List<String> options(Path folder) {
        var all = new ArrayList<>(Jdk.OPTIONS);
        all.addAll(options);
        all.add("-XX:AOTCache=" + in(folder));
        return all;
    }

    Path in(Path folder) {
        return folder.resolve(label + ".aot");
    }

    /// Trains all at the same time; each appears under its name when it is complete.
    ///
    /// @return whether they all did: rpkai works without, only slower
    static boolean train(Jdk jdk, String classPath, Path folder, AotCache... caches) throws IOException {
        var complete = true;
        var token = TrainingHome.token();
        try (var gateway = EmbeddedGateway.start(GatewayConfig.local(MachineProviders.from(Map.of()), Callers.bearer(new Secret(token))));
                var signedIn = TrainingHome.create("http://127.0.0.1:9", token);
                var atGateway = TrainingHome.create(gateway.baseUrl().toString(), token)) {
            var running = new ArrayList<Process>();
            for (var cache : caches) running.add(cache.start(jdk, classPath, folder, (cache == QUICK ? signedIn : atGateway).folder()));
            for (int i = 0; i < caches.length; i++) complete &= ended(running.get(i)) & caches[i].appear(folder);
        }
        return complete;
    }

    private Process start(Jdk jdk, String classPath, Path folder, Path home) throws IOException {
        var command = new ArrayList<>(List.of(jdk.java().toString()));
        command.addAll(Jdk.OPTIONS);
        command.addAll(List.of("-XX:AOTCacheOutput=" + half(folder), "-Drpkai.command=" + folder.resolve("training"), "-cp", classPath, "lib.cli.Training", label));
        var builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // What the user's shell sets for other programs is not to be learnt.
        builder.environment().clear();
        builder.environment().putAll(Map.of("HOME", home.toString(), "PATH", "/usr/bin:/bin"));
        return builder.start();
    }

    private boolean appear(Path folder) throws IOException {
        if (!Files.exists(half(folder))) return false;
        Files.move(half(folder), in(folder), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    private Path half(Path folder) {
        return folder.resolve(label + ".aot.new");
    }

    private static boolean ended(Process process) {
        try {
            if (process.waitFor(2, TimeUnit.MINUTES)) return process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return false;
    }
}
