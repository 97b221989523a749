package tests.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Plain reverse proxies, which look at nothing: as good as it gets. They keep connections to the upstream open,
/// resume its TLS sessions and verify its certificate.
///
///     Proxies.nginx(setting, false)
public final class Proxies {
    /// The beginning of a configuration, up to what is inside of `http`. Processes that root started must be
    /// root's to reach their files.
    public static final String NGINX_MAIN =
            (System.getProperty("user.name").equals("root") ? "user root;\n" : "") + """
            daemon off; pid nginx.pid; error_log stderr crit; worker_processes auto; worker_rlimit_nofile 16384;
            events { worker_connections 8192; }
            http {
              access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi; scgi_temp_path scgi;
              keepalive_requests 100000000; keepalive_timeout 600s;
            """;

    private Proxies() {}

    /// @param buffersRequests whether it reads a body to its end before it connects, which is nginx's default;
    ///     large bodies then go through a file. Agents send large bodies, so that one would switch it off for
    ///     them.
    public static Contender nginx(Setting setting, boolean buffersRequests) throws IOException {
        var home = setting.folder("nginx");
        var certificate = setting.certificate();
        int port = Programs.freePort();
        var listen = setting.clientsUseTls()
                ? "listen 127.0.0.1:%d ssl backlog=4096; ssl_certificate %s; ssl_certificate_key %s; %s"
                        .formatted(
                                port,
                                certificate.chain(),
                                certificate.key(),
                                "ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:sessions:10m;")
                : "listen 127.0.0.1:%d backlog=4096;".formatted(port);
        var tls = setting.upstreamUsesTls() ? """
                    proxy_ssl_protocols TLSv1.2 TLSv1.3; proxy_ssl_session_reuse on; proxy_ssl_verify on;
                    proxy_ssl_trusted_certificate %s; proxy_ssl_name localhost; proxy_ssl_server_name on;
                """.formatted(certificate.chain()) : "";
        var config = NGINX_MAIN
                + """
                  client_max_body_size 64m;
                  upstream model { server 127.0.0.1:%d; keepalive 256; keepalive_requests 100000000; }
                  server {
                    %s
                %s    location / { proxy_pass %s://model; proxy_http_version 1.1; proxy_set_header Connection ""; \
                proxy_buffering off; proxy_request_buffering %s; proxy_read_timeout 600s; }
                  }
                }
                """.formatted(
                                setting.upstream().getPort(),
                                listen,
                                tls,
                                setting.upstream().getScheme(),
                                buffersRequests ? "on" : "off");
        return Contender.started(
                at(buffersRequests ? "nginx-buffering" : "nginx", setting, port),
                home,
                Map.of(),
                nginxCommand(home, config),
                BenchClient::listens);
    }

    public static List<String> nginxCommand(Path home, String config) throws IOException {
        var program = Programs.find("nginx")
                .orElseThrow(() -> new Contender.Missing("no nginx on the PATH (Debian: nginx-light)"));
        var file = Files.writeString(home.resolve("nginx.conf"), config);
        return List.of(program, "-p", home.toString(), "-e", "stderr", "-c", file.toString());
    }

    /// HAProxy streams bodies, and keeps connections to the upstream for all of its threads.
    public static Contender haproxy(Setting setting) throws IOException {
        var program = Programs.find("haproxy")
                .orElseThrow(() -> new Contender.Missing("no haproxy on the PATH (Debian: haproxy)"));
        var home = setting.folder("haproxy");
        var chain = setting.certificate().chain();
        int port = Programs.freePort();
        var own = Files.writeString(
                home.resolve("own.pem"),
                Files.readString(chain) + Files.readString(setting.certificate().key()));
        var config = Files.writeString(home.resolve("haproxy.cfg"), """
                global
                  maxconn 8000
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 600s
                  timeout server 600s
                  http-reuse always
                listen model
                  bind 127.0.0.1:%d backlog 4096%s
                  server upstream 127.0.0.1:%d%s
                """.formatted(
                        port,
                        setting.clientsUseTls() ? " ssl crt " + own : "",
                        setting.upstream().getPort(),
                        setting.upstreamUsesTls()
                                ? " ssl verify required verifyhost localhost sni str(localhost) ca-file " + chain
                                : ""));
        return Contender.started(
                at("haproxy", setting, port),
                home,
                Map.of(),
                List.of(program, "-db", "-f", config.toString()),
                BenchClient::listens);
    }

    private static Contender at(String name, Setting setting, int port) {
        return new Contender(
                name,
                setting.at(port),
                Contender.Route.to(Contender.CHAT),
                Contender.Route.to(OriginServer.EVENTS + Contender.CHAT),
                Optional.empty());
    }
}
