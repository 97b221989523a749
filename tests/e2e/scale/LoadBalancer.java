package tests.e2e.scale;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import tests.support.Eventually;
import tests.support.OwnCertificate;
import tests.support.Repository;

/// A load balancer with the configuration of `docs/scale.md`, changed only in its addresses.
///
///     try (var nginx = LoadBalancer.nginx(folder, List.of("10.77.0.11:8090", "10.77.0.12:8090")))
///         client.send(nginx.url());
final class LoadBalancer implements AutoCloseable {
    private final Process process;
    private final int port;

    private LoadBalancer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// nginx without TLS, on a free port of loopback.
    static LoadBalancer nginx(Path folder, List<String> gateways) throws IOException {
        int port = freePort();
        return nginx(
                folder,
                port,
                inNginx(gateways, "listen 127.0.0.1:%d;".formatted(port)).replaceAll("(?m)^\\s*ssl_.*\\R", ""));
    }

    /// nginx with TLS on that port of loopback.
    static LoadBalancer nginx(Path folder, int port, List<String> gateways, OwnCertificate certificate)
            throws IOException {
        return nginx(
                folder,
                port,
                inNginx(gateways, "listen 127.0.0.1:%d ssl;".formatted(port))
                        .replace("/etc/nginx/aigw.pem", certificate.chain().toString())
                        .replace("/etc/nginx/aigw.key", certificate.key().toString()));
    }

    private static String inNginx(List<String> gateways, String listen) throws IOException {
        var servers = gateways.stream()
                .map("\n    server %s max_fails=1 fail_timeout=2s;"::formatted)
                .collect(Collectors.joining());
        return changed(changed(block("nginx"), "(?:\\s+server 10\\.[^;]*;)+", servers), "listen 443 ssl;", listen);
    }

    private static LoadBalancer nginx(Path folder, int port, String page) throws IOException {
        // As root, nginx would read and write its files as another user.
        var config = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off; pid nginx.pid; error_log stderr warn; %s
                events { worker_connections 1024; }
                http {
                access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                %s
                }
                """.formatted(
                        System.getProperty("user.name").equals("root") ? "user root;" : "", page));
        return start("nginx", List.of("-p", folder.toString(), "-e", "stderr", "-c", config.toString()), folder, port);
    }

    /// HAProxy with TLS on that port of loopback.
    static LoadBalancer haproxy(Path folder, int port, List<String> gateways, OwnCertificate certificate)
            throws IOException {
        var both = Files.writeString(
                folder.resolve("aigw.pem"),
                Files.readString(certificate.chain()) + Files.readString(certificate.key()));
        var servers = IntStream.range(0, gateways.size())
                .mapToObj(i -> "    server gw%d %s check inter 1s fall 2 rise 1\n".formatted(i + 1, gateways.get(i)))
                .collect(Collectors.joining());
        var page = changed(block("haproxy"), "(?m)(?:^    server gw.*\\R)+", servers);
        page = changed(page, "bind :443", "bind 127.0.0.1:%d".formatted(port));
        page = changed(page, "/etc/haproxy/aigw.pem", both.toString());
        var config = Files.writeString(folder.resolve("haproxy.cfg"), page);
        return start("haproxy", List.of("-db", "-f", config.toString()), folder, port);
    }

    private static String changed(String page, String pattern, String replacement) {
        var changed = page.replaceFirst(pattern, Matcher.quoteReplacement(replacement));
        if (changed.equals(page)) throw new AssertionError("docs/scale.md has no " + pattern);
        return changed;
    }

    private static LoadBalancer start(String program, List<String> arguments, Path folder, int port)
            throws IOException {
        var command = new ArrayList<>(List.of(program(program)));
        command.addAll(arguments);
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(program + ".log").toFile())
                .start();
        Eventually.holds(
                () -> answers(port) || !process.isAlive(), Duration.ofMinutes(1), () -> program + " does not listen");
        if (!process.isAlive()) throw new IOException(Files.readString(folder.resolve(program + ".log")));
        return new LoadBalancer(process, port);
    }

    private static String program(String name) {
        for (var folder : List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")) {
            var file = Path.of(folder, name);
            if (Files.isExecutable(file)) return file.toString();
        }
        return Assumptions.abort("this machine lacks " + name);
    }

    /// The first block of that language on the page.
    static String block(String language) throws IOException {
        var page = Files.readString(Repository.root().resolve("docs/scale.md"));
        var found = Pattern.compile("(?ms)^```" + language + "\\R(.*?)^```").matcher(page);
        if (!found.find()) throw new IOException("docs/scale.md has no block in " + language);
        return found.group(1);
    }

    private static boolean answers(int port) {
        try (var _ = new Socket("127.0.0.1", port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /// Ends it with its workers.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
