package lib.startup.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import lib.base.Secret;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.MachineProviders;
import lib.gateway.config.GatewayConfig;
import lib.gateway.demo.DemoScript;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.server.LoopbackCertificate;
import lib.startup.AotCache;
import lib.startup.Jdk;

/// Makes [AotCache]s: it runs the program once for each cache, in a temporary home with two gateways beside it.
/// Real gateways and upstreams are reached over TLS, and so is one of these.
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
        try {
            return new AotTrainer(jdk, classPath, folder).train(caches);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has elliptic curves", e);
        }
    }

    private boolean train(AotCache... caches) throws IOException, GeneralSecurityException {
        var complete = true;
        var token = TrainingHome.token();
        var certificate = LoopbackCertificate.make();
        var config = GatewayConfig.local(MachineProviders.from(Map.of()), Authenticator.bearer(new Secret(token)))
                .withDemoScript(DemoScript.standard(), () -> {});
        var endpoint = PublicEndpoint.plain().over(certificate.serving());
        try (var gateway = EmbeddedGateway.start(config);
                var secured = EmbeddedGateway.start(config.withPublicEndpoint(endpoint));
                var signedIn = TrainingHome.create("http://127.0.0.1:9", token);
                var atGateway = TrainingHome.create(gateway.baseUrl().toString(), token);
                var serving = TrainingHome.create(gateway.baseUrl().toString(), token)) {
            var tls = "https://" + LoopbackCertificate.HOST + ":"
                    + secured.baseUrl().getPort();
            var running = new ArrayList<Process>();
            for (var cache : caches) {
                var home = switch (cache) {
                    case QUICK -> signedIn;
                    case LAUNCHES, COMMANDS -> atGateway;
                    case SERVER -> serving;
                };
                var trusted = Files.writeString(home.folder().resolve("authority.pem"), certificate.pem());
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
