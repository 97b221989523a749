package tests.bench.contender;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tests.support.OwnCertificate;

/// The upstream of all contenders: an nginx that reads each body to its end and answers a small JSON document,
/// over TLS and cleartext. Below [#EVENTS] it passes requests on to an [Upstream], which answers with events.
///
///     try (var origin = OriginServer.start(home, certificate)) { origin.tls(); }
///
/// @param tls its URL over TLS
/// @param cleartext its URL without
public record OriginServer(URI tls, URI cleartext, Process events, Contender nginx) implements AutoCloseable {
    public static final String EVENTS = "/events";

    private static final String ANSWER = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"%s","choices":[{"index":0,"message":\
            {"role":"assistant","content":"Hello there, how may I help you today?"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":12,"completion_tokens":9,"total_tokens":21}}""".formatted(Bodies.MODEL);

    public static OriginServer start(Path home, OwnCertificate certificate) throws IOException {
        var folder = Files.createDirectory(home.resolve("origin"));
        var events = Upstream.start();
        int tls = Programs.freePort(), cleartext = Programs.freePort();
        // Answers of `return` do not wait for the body, but `mirror` reads it first. A POST that finds no file is then
        // answered by the page for that error.
        var config = Proxies.NGINX_MAIN
                + """
                  client_max_body_size 64m; client_body_buffer_size 40m;
                  upstream events { server 127.0.0.1:%s; keepalive 64; }
                  server {
                    listen 127.0.0.1:%d backlog=4096;
                    listen 127.0.0.1:%d ssl backlog=4096;
                    ssl_certificate %s; ssl_certificate_key %s;
                    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:sessions:10m;
                    default_type application/json;
                    location / { root none; mirror /read; error_page 404 405 =200 /answer; }
                    location = /read { internal; return 204; }
                    location = /answer { internal; return 200 '%s'; }
                    location %s/ { proxy_pass http://events/; proxy_http_version 1.1; proxy_set_header Connection ""; \
                proxy_buffering off; proxy_read_timeout 600s; }
                  }
                }
                """.formatted(
                                events.inputReader().readLine(),
                                cleartext,
                                tls,
                                certificate.chain(),
                                certificate.key(),
                                ANSWER,
                                EVENTS);
        var url = URI.create("http://127.0.0.1:" + cleartext);
        var route = Contender.Route.to(Contender.CHAT);
        var nginx = Contender.started(
                new Contender("origin", url, route, route, Optional.empty()),
                folder,
                Map.of(),
                Proxies.nginxCommand(folder, config),
                BenchClient::listens);
        return new OriginServer(URI.create("https://localhost:" + tls), url, events, nginx);
    }

    @Override
    public void close() {
        nginx.close();
        events.destroy();
    }
}
