package lib.startup.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import lib.base.Secret;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.MachineProviders;
import lib.gateway.config.GatewayConfig;
import lib.startup.AotCache;
import lib.startup.Jdk;

/// Makes [AotCache]s: it runs the program once for each cache, in a temporary home with a gateway beside it.
///
///     AotTrainer.train(jdk, classPath, folder, AotCache.QUICK);
public final class AotTrainer {
    private AotTrainer() {}

    /// Trains all caches at the same time. Each gets its final name when it is complete.
    ///
    /// @return whether all succeeded; rpkai works without them, only slower
    public static boolean train(Jdk jdk, String classPath, Path folder, AotCache... caches) throws IOException {
        var complete = true;
        var token = TrainingHome.token();
        try (var gateway = EmbeddedGateway.start(
                        GatewayConfig.local(MachineProviders.from(Map.of()), Authenticator.bearer(new Secret(token))));
                var signedIn = TrainingHome.create("http://127.0.0.1:9", token);
                var atGateway = TrainingHome.create(gateway.baseUrl().toString(), token)) {
            var running = new ArrayList<Process>();
            for (var cache : caches)
                running.add(start(
                        cache, jdk, classPath, folder, (cache == AotCache.QUICK ? signedIn : atGateway).folder()));
            for (int i = 0; i < caches.length; i++) {
                // A failed run has recorded the wrong classes.
                complete &= ended(running.get(i)) && appear(caches[i], folder);
            }
        }
        return complete;
    }

    private static Process start(AotCache cache, Jdk jdk, String classPath, Path folder, Path home) throws IOException {
        var command = new ArrayList<>(List.of(jdk.java().toString()));
        command.addAll(Jdk.OPTIONS);
        command.addAll(List.of(
                "-XX:AOTCacheOutput=" + half(cache, folder),
                "-Drpkai.command=" + folder.resolve("training"),
                "-cp",
                classPath,
                "lib.startup.shortcut.AotTraining",
                cache.label));
        var builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // Variables that the user's shell sets for other programs must not affect the training.
        builder.environment().clear();
        builder.environment().putAll(Map.of("HOME", home.toString(), "PATH", "/usr/bin:/bin"));
        return builder.start();
    }

    private static boolean appear(AotCache cache, Path folder) throws IOException {
        if (!Files.exists(half(cache, folder))) return false;
        Files.move(
                half(cache, folder),
                cache.in(folder),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    private static Path half(AotCache cache, Path folder) {
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
