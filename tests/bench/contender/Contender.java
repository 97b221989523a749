package tests.bench.contender;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// One way to the upstream: none in between, or a process that is.
///
///     try (var nginx = Proxies.nginx(setting, false)) { nginx.request(nginx.calls(), "{}"); }
///
/// @param url the address it listens at
/// @param calls where requests are sent that get one answer
/// @param streams where requests are sent that get events
public record Contender(String name, URI url, Route calls, Route streams, Optional<Process> process)
        implements AutoCloseable {
    public static final String CHAT = "/v1/chat/completions";
    private static final long BEAT = 10_000_000;
    private static final int BEATS = 6_000;

    /// @param path below the contender's address
    /// @param headers all but those that every request has
    /// @param model how the contender calls the model
    public record Route(String path, Map<String, String> headers, String model) {
        static Route to(String path) {
            return with(path, Map.of());
        }

        static Route with(String path, Map<String, String> more) {
            var headers = new LinkedHashMap<String, String>();
            headers.put("Content-Type", "application/json");
            headers.put("Authorization", "Bearer sk-bench");
            headers.putAll(more);
            return new Route(path, headers, Bodies.MODEL);
        }

        Route withModel(String other) {
            return new Route(path, headers, other);
        }

        /// Returns the body with the model as the contender calls it.
        public String body(String body) {
            return model.equals(Bodies.MODEL) ? body : body.replace(Bodies.MODEL, model);
        }
    }

    /// Whether a program that was started takes requests.
    public interface Readiness {
        boolean isReady(URI url) throws IOException;
    }

    /// Why one cannot be measured.
    public static final class Missing extends IOException {
        Missing(String message) {
            super(message);
        }
    }

    public static Contender direct(Setting setting) {
        return new Contender(
                "direct", setting.upstream(), Route.to(CHAT), Route.to(OriginServer.EVENTS + CHAT), Optional.empty());
    }

    public byte[] request(Route route, String common) {
        var body = route.body(common);
        var head = new StringBuilder("POST ")
                .append(route.path())
                .append(" HTTP/1.1\r\nHost: ")
                .append(url.getAuthority())
                .append("\r\n");
        route.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
        return head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// 0 for direct requests.
    public double residentMiB() {
        return process.map(ProcessUse::residentMiB).orElse(0.0);
    }

    /// 0 for direct requests.
    public double processorMicros() {
        return process.map(ProcessUse::processorMicros).orElse(0.0);
    }

    /// Starts the command and waits until it is ready.
    ///
    /// @param at this contender without its process
    /// @param home its folder, where its output is kept
    public static Contender started(
            Contender at, Path home, Map<String, String> environment, List<String> command, Readiness readiness)
            throws IOException {
        var log = home.resolve("output.log").toFile();
        var builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(log);
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().putAll(environment);
        var contender = new Contender(at.name, at.url, at.calls, at.streams, Optional.of(Programs.start(builder)));
        for (int i = 0; i < BEATS && contender.process.get().isAlive(); i++) {
            try {
                if (readiness.isReady(at.url)) return contender;
            } catch (IOException notYet) {
                // Nothing listens yet.
            }
            LockSupport.parkNanos(BEAT);
        }
        contender.close();
        throw new Missing("%s does not start: %s".formatted(at.name, Files.readString(log.toPath())));
    }

    @Override
    public void close() {
        process.ifPresent(running -> {
            var all = Stream.concat(running.descendants(), Stream.of(running.toHandle()))
                    .toList();
            all.forEach(ProcessHandle::destroy);
            // A server may wait for connections that a client keeps open.
            for (var each : all) {
                try {
                    each.onExit().get(5, TimeUnit.SECONDS);
                } catch (TimeoutException | ExecutionException stays) {
                    each.destroyForcibly();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
    }
}
