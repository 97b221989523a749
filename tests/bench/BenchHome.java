package tests.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/// A throwaway home in which rpkai is installed, someone is signed in, and the agents are stand-ins that end at
/// once.
///
///     try (var home = BenchHome.create(gateway.url())) { home.command("version"); }
record BenchHome(Path folder) implements AutoCloseable {
    static BenchHome create(String gatewayUrl) throws IOException, InterruptedException {
        var home = new BenchHome(Files.createTempDirectory("rpkai-startup"));
        home.write(".rpai/config", """
                current: bench
                profiles:
                  bench:
                    organization: org_123
                    ai_gateway_url: %s
                    auth_mode: device
                """.formatted(gatewayUrl));
        home.write(
                ".rpai/credentials",
                ("{\"org_123\": {\"access_token\": \"%s\", \"refresh_token\": \"r\", \"issuer\": "
                                + "\"https://auth.prd.cloud.redpanda.com\", \"signed_in_at\": 1}}")
                        .formatted(token()));
        home.write(
                "gh/hosts.yml",
                "github.com:\n    user: ada\n    oauth_token: "
                        + "gho_0123456789012345678901234567890123456789\n    git_protocol: https\n");
        home.write("bin/claude", "#!/bin/sh\n").toFile().setExecutable(true);
        home.write("bin/codex", "#!/bin/sh\n[ \"$1\" != --version ] || echo 'codex-cli 99.0.0'\n")
                .toFile()
                .setExecutable(true);
        home.compile(
                "Hello", "class Hello { public static void main(String[] args) { System.out.println(\"hello\"); } }");
        home.install();
        return home;
    }

    /// The floor: what any program in this JVM takes, started as quickly as it can be without a cache of its own.
    List<String> hello() {
        return List.of(
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-cp",
                folder.resolve("hello").toString(),
                "Hello");
    }

    List<String> command(String... args) {
        var command = new ArrayList<>(List.of(folder.resolve(".local/bin/rpkai").toString()));
        command.addAll(Arrays.asList(args));
        return command;
    }

    Optional<String> gh() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator)))
                .map(entry -> Path.of(entry, "gh"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    Map<String, String> environment() {
        return Map.of(
                "HOME",
                folder.toString(),
                "PATH",
                folder.resolve("bin") + ":/usr/bin:/bin",
                "GH_CONFIG_DIR",
                folder.resolve("gh").toString(),
                "GH_NO_UPDATE_NOTIFIER",
                "1");
    }

    /// The file with the standard error of the latest command.
    Path errors() {
        return folder.resolve("errors");
    }

    private void install() throws IOException, InterruptedException {
        var builder = new ProcessBuilder(java(), "-cp", System.getProperty("java.class.path"), "lib.Rpkai", "install")
                .redirectErrorStream(true)
                .redirectOutput(errors().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment());
        if (builder.start().waitFor() != 0)
            throw new IllegalStateException("cannot install: " + Files.readString(errors()));
    }

    private void compile(String name, String source) throws IOException {
        var file = write("hello/" + name + ".java", source);
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, file.toString()) != 0)
            throw new IllegalStateException("cannot compile " + name);
    }

    private Path write(String path, String text) throws IOException {
        var file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static String token() {
        var now = Instant.now().getEpochSecond();
        return part("{\"alg\":\"none\"}") + "." + part("{\"iat\":%d,\"exp\":%d}".formatted(now, now + 86_400)) + "."
                + "A".repeat(342);
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin/java").toString();
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    @Override
    public void close() throws IOException {
        delete(folder);
    }
}
