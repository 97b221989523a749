package tests.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.startup.Jdk;

/// One way to the upstream: none in between, or a process that is.
///
///     try (var nginx = Contender.nginx(home, upstream)) { nginx.request("{}"); }
///
/// @param url the address it listens at
/// @param path the path of its chat completions
/// @param headers further headers it needs, each ended by a line end
record Contender(String name, URI url, String path, String headers, Optional<Process> process)
        implements AutoCloseable {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final String CHAT = "/v1/chat/completions";
    private static final String PORTKEY = "@portkey-ai/gateway@1.15.2";

    static Contender direct(URI upstream) {
        return new Contender("direct", upstream, CHAT, "", Optional.empty());
    }

    /// This project's, started as JBang and the installed command start everything: what a server wants is its
    /// own affair.
    static Contender rpkai(Path home, URI upstream) throws IOException, InterruptedException {
        return rpkai(home, upstream, Map.of());
    }

    /// The same for an upstream over TLS.
    ///
    /// @param trusted the upstream's certificate
    static Contender rpkai(Path home, URI upstream, Path trusted) throws IOException, InterruptedException {
        return rpkai(home, upstream, Map.of("SSL_CERT_FILE", trusted.toString()));
    }

    /// The same with other variables and flags.
    static Contender rpkai(Path home, URI upstream, Map<String, String> more, String... flags)
            throws IOException, InterruptedException {
        int port = freePort();
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
        command.addAll(List.of(flags));
        var environment = new HashMap<>(more);
        environment.putAll(
                Map.of("HOME", home.toString(), "OPENAI_API_KEY", "sk-bench", "OPENAI_BASE_URL", upstream + "/v1"));
        return started("rpkai gateway", home, port, "/llm/v1/providers/openai" + CHAT, "", environment, command);
    }

    /// A gateway that is no more than that, in the JVM that `rpkai gateway` would start for itself.
    ///
    /// @param main gets the port
    static Contender gateway(String name, Path home, URI upstream, String... main)
            throws IOException, InterruptedException {
        int port = freePort();
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
        return started(
                name,
                Files.createDirectories(home.resolve(name)),
                port,
                "/llm/v1/providers/openai" + CHAT,
                "",
                environment,
                command);
    }

    /// A plain reverse proxy, which looks at nothing: as good as it gets.
    static Contender nginx(Path home, URI upstream) throws IOException, InterruptedException {
        var program = program("nginx")
                .orElseThrow(() -> new Missing("no nginx on the PATH (Debian's package is nginx-light)"));
        int port = freePort();
        var config = Files.writeString(home.resolve("nginx.conf"), """
                daemon off; pid nginx.pid; error_log stderr crit; worker_processes auto; worker_rlimit_nofile 16384;
                events { worker_connections 8192; }
                http {
                  access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; \
                uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                  keepalive_requests 100000000;
                  upstream model { server %s; keepalive 256; keepalive_requests 100000000; }
                  server {
                    listen 127.0.0.1:%d backlog=4096;
                    location / { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; \
                proxy_buffering off; proxy_read_timeout 600s; }
                  }
                }
                """.formatted(upstream.getAuthority(), port));
        return started(
                "nginx",
                home,
                port,
                CHAT,
                "",
                Map.of(),
                List.of(program, "-p", home.toString(), "-e", "stderr", "-c", config.toString()));
    }

    /// The gateway from npm that this one is most often compared with.
    static Contender portkey(Path home, Path cache, URI upstream) throws IOException, InterruptedException {
        var node = program("node").orElseThrow(() -> new Missing("no node on the PATH"));
        var server = cache.resolve("node_modules/@portkey-ai/gateway/build/start-server.js");
        if (!Files.exists(server)) {
            Files.createDirectories(cache);
            // With the server that npm would choose today, every stream ends in "immutable": a 500.
            Files.writeString(cache.resolve("package.json"), "{\"overrides\": {\"@hono/node-server\": \"1.13.8\"}}");
            var npm = program("npm").orElseThrow(() -> new Missing("no npm on the PATH"));
            System.err.println("installing " + PORTKEY + " in " + cache);
            var install = new ProcessBuilder(npm, "install", "--ignore-scripts", "--no-fund", "--no-audit", PORTKEY)
                    .directory(cache.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("npm.log").toFile());
            if (install.start().waitFor() != 0) throw new Missing("npm cannot install " + PORTKEY);
        }
        int port = freePort();
        var headers = "x-portkey-provider: openai\r\nx-portkey-custom-host: " + upstream + "/v1\r\n";
        return started(
                "portkey",
                home,
                port,
                CHAT,
                headers,
                Map.of("NODE_ENV", "production"),
                List.of(node, server.toString(), "--port=" + port, "--headless"));
    }

    /// Why one cannot be measured.
    static final class Missing extends IOException {
        Missing(String message) {
            super(message);
        }
    }

    byte[] request(String body) {
        return ("POST " + path + " HTTP/1.1\r\nHost: " + url.getAuthority()
                        + "\r\nContent-Type: application/json\r\nAuthorization: Bearer sk-bench\r\n" + headers
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Resident memory of the process and its children; 0 for direct requests, or without `/proc`.
    double residentMiB() {
        return process.map(Process::toHandle).stream()
                .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
                .mapToDouble(handle -> {
                    try {
                        var found = RESIDENT.matcher(
                                Files.readString(Path.of("/proc", Long.toString(handle.pid()), "status")));
                        return found.find() ? Double.parseDouble(found.group(1)) / 1024 : 0;
                    } catch (IOException ended) {
                        return 0;
                    }
                })
                .sum();
    }

    @Override
    public void close() {
        process.ifPresent(running -> {
            running.descendants().forEach(ProcessHandle::destroy);
            running.destroy();
            try {
                running.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static Contender started(
            String name,
            Path home,
            int port,
            String path,
            String headers,
            Map<String, String> environment,
            List<String> command)
            throws IOException, InterruptedException {
        var log = home.resolve(name.replace(' ', '-') + ".log").toFile();
        var builder = new ProcessBuilder(new ArrayList<>(command))
                .directory(home.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(log);
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().putAll(environment);
        var contender = new Contender(
                name, URI.create("http://127.0.0.1:" + port), path, headers, Optional.of(builder.start()));
        for (int i = 0; i < 300; i++) {
            try (var _ = new Socket("127.0.0.1", port)) {
                return contender;
            } catch (IOException notYet) {
                Thread.sleep(50);
            }
        }
        contender.close();
        throw new Missing("it does not start: " + Files.readString(log.toPath()));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Optional<String> program(String name) {
        var folders = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Arrays.stream(folders.split(Pattern.quote(File.pathSeparator)))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
