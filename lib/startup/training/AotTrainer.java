package lib.startup.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import lib.base.Host;
import lib.startup.AotCache;
import lib.startup.Jdk;

/// Makes [AotCache]s: it runs the program once for each cache, in a temporary home, with [TrainingGateways] beside it.
///
///     AotTrainer.train(jdk, classPath, folder, AotCache.QUICK);
public final class AotTrainer {
    private final Jdk jdk;
    private final String classPath;
    private final Path folder;

    private AotTrainer(Jdk jdk, String classPath, Path folder) {
        this.jdk = jdk;
        this.classPath = classPath;
        this.folder = folder;
    }

    /// Trains all caches at the same time. Each gets its final name when it is complete.
    ///
    /// @return whether all succeeded; rpkai works without them, only slower
    public static boolean train(Jdk jdk, String classPath, Path folder, AotCache... caches) throws IOException {
        var token = TrainingHome.token();
        // Without an installation only the first cache is made, whose commands call nothing; the gateway may not
        // even be compiled then.
        try (var gateways = List.of(caches).equals(List.of(AotCache.QUICK))
                ? TrainingGateways.none()
                : TrainingGateways.start(Host.unattended(), token)) {
            return new AotTrainer(jdk, classPath, folder).train(token, gateways, caches);
        }
    }

    private boolean train(String token, TrainingGateways gateways, AotCache... caches) throws IOException {
        var complete = true;
        var plain = gateways.plain().toString();
        var tls = gateways.secured().toString();
        try (var signedIn = TrainingHome.create("http://127.0.0.1:9", token);
                var atGateway = TrainingHome.create(plain, token);
                var serving = TrainingHome.create(plain, token)) {
            var running = new ArrayList<Process>();
            for (var cache : caches) {
                var home = switch (cache) {
                    case QUICK -> signedIn;
                    case LAUNCHES, COMMANDS -> atGateway;
                    case SERVER -> serving;
                };
                var trusted = Files.writeString(home.folder().resolve("authority.pem"), gateways.authority());
                var variables = new HashMap<>(Map.of("SSL_CERT_FILE", trusted.toString()));
                // The upstream of the server.
                if (cache == AotCache.SERVER)
                    variables.putAll(
                            Map.of("ANTHROPIC_API_KEY", token, "ANTHROPIC_BASE_URL", tls + "/llm/v1/providers/demo"));
                running.add(start(cache, home.folder(), tls, variables));
            }
            for (int i = 0; i < caches.length; i++) {
                // A failed run has recorded the wrong classes.
                complete &= ended(running.get(i)) && appear(caches[i]);
            }
        }
        return complete;
    }

    private Process start(AotCache cache, Path home, String tls, Map<String, String> variables) throws IOException {
        var command = new ArrayList<>(List.of(jdk.java().toString()));
        command.addAll(cache.training);
        command.addAll(List.of(
                "-XX:AOTCacheOutput=" + half(cache),
                "-Drpkai.command=" + folder.resolve("training"),
                "-cp",
                classPath,
                "lib.startup.shortcut.AotTraining",
                cache.label,
                tls));
        var builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // Variables that the user's shell sets for other programs must not affect the training.
        builder.environment().clear();
        builder.environment().putAll(Map.of("HOME", home.toString(), "PATH", "/usr/bin:/bin"));
        builder.environment().putAll(variables);
        return builder.start();
    }

    private boolean appear(AotCache cache) throws IOException {
        if (!Files.exists(half(cache))) return false;
        Files.move(half(cache), cache.in(folder), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    private Path half(AotCache cache) {
        return folder.resolve(cache.label + ".aot.new");
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
