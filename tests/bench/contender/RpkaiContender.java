package tests.bench.contender;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.startup.Jdk;

/// `rpkai gateway`, started as JBang and the installed command start it, which leaves the choice of the
/// server's JVM to it. It meters calls into its SQLite database, as it does for users.
///
///     RpkaiContender.start(setting, clients, true);
public final class RpkaiContender {
    private static final String LLM = "/llm/v1/providers/";

    private RpkaiContender() {}

    /// @param listsModels whether its provider has a list of allowed models, so that the gateway must find the
    ///     model in each body
    public static Contender start(Setting setting, BenchClient clients, boolean listsModels) throws IOException {
        var home = setting.folder("rpkai");
        var manifest = Files.writeString(
                home.resolve("providers.yaml"),
                provider("bench", setting.upstream() + "/v1", listsModels) + "---\n"
                        + provider("events", setting.upstream() + OriginServer.EVENTS + "/v1", listsModels));
        var flags = new ArrayList<>(List.of("--file", manifest.toString()));
        if (setting.clientsUseTls())
            flags.addAll(List.of(
                    "--tls-cert",
                    setting.certificate().chain().toString(),
                    "--tls-key",
                    setting.certificate().key().toString()));
        int port = Programs.freePort();
        var at = new Contender(
                listsModels ? "rpkai" : "rpkai-any",
                setting.at(port),
                Contender.Route.to(LLM + "bench" + Contender.CHAT),
                Contender.Route.to(LLM + "events" + Contender.CHAT),
                Optional.empty());
        return Contender.started(
                at,
                home,
                Map.of(
                        "HOME",
                        home.toString(),
                        "OPENAI_API_KEY",
                        "sk-bench",
                        "SSL_CERT_FILE",
                        setting.certificate().chain().toString()),
                command(port, flags),
                clients::isServed);
    }

    /// One whose only provider is this machine's key, over cleartext.
    ///
    /// @param more further variables
    /// @param flags further flags
    public static Contender plain(Path home, URI upstream, Map<String, String> more, String... flags)
            throws IOException {
        int port = Programs.freePort();
        var environment = new HashMap<>(more);
        environment.putAll(
                Map.of("HOME", home.toString(), "OPENAI_API_KEY", "sk-bench", "OPENAI_BASE_URL", upstream + "/v1"));
        return Contender.started(
                at("rpkai", port), home, environment, command(port, List.of(flags)), BenchClient::listens);
    }

    /// A gateway that is no more than that, in the JVM that `rpkai gateway` would start for itself.
    ///
    /// @param main gets the port
    public static Contender embedded(String name, Path home, URI upstream, String... main) throws IOException {
        int port = Programs.freePort();
        var command = new ArrayList<>(List.of(Jdk.current().java().toString()));
        command.addAll(Jdk.SERVER_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(main));
        command.add(Integer.toString(port));
        var environment = Map.of(
                "HOME",
                home.toString(),
                "MALLOC_ARENA_MAX",
                "1",
                "OPENAI_API_KEY",
                "sk-bench",
                "OPENAI_BASE_URL",
                upstream + "/v1");
        return Contender.started(
                at(name, port),
                Files.createDirectories(home.resolve(name)),
                environment,
                command,
                BenchClient::listens);
    }

    private static Contender at(String name, int port) {
        var route = Contender.Route.to(LLM + "openai" + Contender.CHAT);
        return new Contender(name, URI.create("http://127.0.0.1:" + port), route, route, Optional.empty());
    }

    private static List<String> command(int port, List<String> flags) {
        var command = new ArrayList<>(List.of(
                Jdk.current().java().toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-MaxFDLimit",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "lib.Rpkai",
                "gateway",
                "--listen",
                "127.0.0.1:" + port));
        command.addAll(flags);
        return command;
    }

    private static String provider(String name, String url, boolean listsModels) {
        return """
                name: %s
                enabled: true
                openaiConfig:
                  apiKeyRef: OPENAI_API_KEY
                  baseUrl: %s
                """.formatted(name, url)
                + (listsModels ? "providerModels:\n- name: gpt-6.1-luna\n- name: %s\n".formatted(Bodies.MODEL) : "");
    }
}
