package tests.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gateways from npm, installed once, in the cache folder. They serve no TLS themselves.
///
///     NpmGateways.portkey(setting)
public final class NpmGateways {
    private static final String PORTKEY = "@portkey-ai/gateway@1.15.2";

    /// Version 3 depends on packages that the public registry does not have.
    private static final String ROUTER = "@musistudio/claude-code-router@2.0.0";

    private NpmGateways() {}

    public static Contender portkey(Setting setting) throws IOException, InterruptedException {
        if (setting.clientsUseTls()) throw new Contender.Missing("portkey serves no TLS");
        // With the server that npm would choose today, every stream ends in "immutable": a 500.
        var folder = installed("portkey", PORTKEY, "{\"overrides\": {\"@hono/node-server\": \"1.13.8\"}}");
        int port = Programs.freePort();
        var home = setting.folder("portkey");
        return Contender.started(
                new Contender(
                        "portkey",
                        setting.at(port),
                        portkeyRoute(setting, ""),
                        portkeyRoute(setting, OriginServer.EVENTS),
                        Optional.empty()),
                home,
                environment(setting, home),
                List.of(
                        node(),
                        folder.resolve("node_modules/@portkey-ai/gateway/build/start-server.js")
                                .toString(),
                        "--port=" + port,
                        "--headless"),
                BenchClient::listens);
    }

    private static Contender.Route portkeyRoute(Setting setting, String path) {
        return Contender.Route.with(
                Contender.CHAT,
                Map.of("x-portkey-provider", "openai", "x-portkey-custom-host", setting.upstream() + path + "/v1"));
    }

    /// It takes requests in Anthropic's format, which those of the benchmark are as well, and sends them on in
    /// OpenAI's.
    static Contender router(Setting setting) throws IOException, InterruptedException {
        if (setting.clientsUseTls()) throw new Contender.Missing("ccr serves no TLS");
        var folder = installed("ccr", ROUTER, "{}");
        int port = Programs.freePort();
        var home = setting.folder("ccr");
        Files.writeString(
                Files.createDirectory(home.resolve(".claude-code-router")).resolve("config.json"), """
                {"HOST": "127.0.0.1", "PORT": %d, "APIKEY": "sk-bench", "LOG": false, "Providers": [%s, %s],
                 "Router": {"default": "bench,%s"}}
                """.formatted(
                                port,
                                routerProvider(setting, "bench", ""),
                                routerProvider(setting, "events", OriginServer.EVENTS),
                                Bodies.MODEL));
        return Contender.started(
                new Contender("ccr", setting.at(port), routerRoute("bench"), routerRoute("events"), Optional.empty()),
                home,
                environment(setting, home),
                List.of(
                        node(),
                        folder.resolve("node_modules/@musistudio/claude-code-router/dist/cli.js")
                                .toString(),
                        "start"),
                BenchClient::listens);
    }

    private static Contender.Route routerRoute(String provider) {
        return Contender.Route.to("/v1/messages").withModel(provider + "," + Bodies.MODEL);
    }

    private static String routerProvider(Setting setting, String name, String path) {
        var url = setting.upstream() + path + Contender.CHAT;
        return "{\"name\": \"%s\", \"api_base_url\": \"%s\", \"api_key\": \"sk-bench\", \"models\": [\"%s\"]}"
                .formatted(name, url, Bodies.MODEL);
    }

    private static Map<String, String> environment(Setting setting, Path home) {
        return Map.of(
                "HOME",
                home.toString(),
                "NODE_ENV",
                "production",
                "NODE_EXTRA_CA_CERTS",
                setting.certificate().chain().toString());
    }

    private static String node() throws Contender.Missing {
        return Programs.find("node").orElseThrow(() -> new Contender.Missing("no node on the PATH"));
    }

    /// Returns the folder in which the package is installed.
    ///
    /// @param manifest the `package.json` beside it
    private static Path installed(String name, String version, String manifest)
            throws IOException, InterruptedException {
        var caches = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        var folder = Path.of(caches, "rpkai/bench", name);
        if (Files.exists(folder.resolve("node_modules"))) return folder;
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("package.json"), manifest);
        var npm = Programs.find("npm").orElseThrow(() -> new Contender.Missing("no npm on the PATH"));
        System.err.println("installing " + version + " in " + folder);
        var install = new ProcessBuilder(npm, "install", "--ignore-scripts", "--no-fund", "--no-audit", version)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("npm.log").toFile());
        if (install.start().waitFor() != 0) throw new Contender.Missing("npm cannot install " + version);
        return folder;
    }
}
