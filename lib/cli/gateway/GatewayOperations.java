package lib.cli.gateway;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;
import lib.cli.base.Durations;
import lib.gateway.config.MetricsAccess;
import lib.gateway.config.MetricsAccess.Mode;
import lib.gateway.config.Operations;
import lib.gateway.telemetry.AccessLog;
import lib.gateway.telemetry.Metrics;
import picocli.CommandLine.Option;

/// The flags for the operation of a gateway: its access log, its limits, its shutdown.
final class GatewayOperations {
    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "Where to write the access log, one JSON object per line: a file, - for "
                    + "standard output (the default), or none.")
    String log;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "4096",
            description = "The maximum number of connected clients (default ${DEFAULT-VALUE}). If it is reached, an "
                    + "idle connection is closed to accept a new client; if none is idle, the client waits.")
    int connections;

    @Option(
            names = "--drain-timeout",
            paramLabel = "DURATION",
            defaultValue = "25s",
            converter = Durations.class,
            description = "How long calls in flight may continue after SIGTERM or Ctrl-C (default "
                    + "${DEFAULT-VALUE}); a second one stops the gateway immediately.")
    Duration drain;

    @Option(
            names = "--metrics",
            paramLabel = "local|token|public|off",
            description = "Who may read /metrics without a token: local (programs on this machine; the "
                    + "default with --auth none), token (no caller; the default if callers sign in), "
                    + "or public (every caller). off disables metrics. An administrator's token is "
                    + "always accepted.")
    String who;

    @Option(
            names = "--metrics-token-file",
            paramLabel = "FILE",
            description = "A file with only a token, which lets a scraper read /metrics; read for each " + "request.")
    Path tokenFile;

    /// @param log the access log; empty for none
    /// @param signIn whether callers have to sign in
    Operations operations(Host host, Metrics metrics, Optional<AccessLog> log, boolean signIn, boolean verbose) {
        if (connections < 1)
            throw UserError.usage(
                    "--max-connections must be a number from 1 up, not " + connections, "omit it for 4096");
        var mode = mode(signIn);
        if (tokenFile != null) {
            var _ = metricsToken(host)
                    .orElseThrow(() -> UserError.usage(
                            "--metrics-token-file %s contains no token of at least 16 characters".formatted(tokenFile),
                            "write a token into it, for example with openssl rand -hex 32"));
        }
        return new Operations(
                log,
                mode.map(_ -> metrics),
                connections,
                Operations.SENDING,
                drain,
                (what, bug) -> {
                    host.err()
                            .println("rpkai: internal error at " + what + ": "
                                    + bug.getClass().getName() + (verbose ? "" : " (-v shows the stack trace)"));
                    if (verbose) bug.printStackTrace(host.err());
                },
                new MetricsAccess(
                        mode.orElse(Mode.TOKEN), () -> tokenFile == null ? Optional.empty() : metricsToken(host)));
    }

    private Optional<Mode> mode(boolean signIn) {
        return switch (who) {
            case null -> Optional.of(signIn || tokenFile != null ? Mode.TOKEN : Mode.LOCAL);
            case "local" -> Optional.of(Mode.LOCAL);
            case "token" -> Optional.of(Mode.TOKEN);
            case "public" -> Optional.of(Mode.PUBLIC);
            case "off" -> Optional.empty();
            default ->
                throw UserError.usage(
                        "--metrics must be local, token, public or off, not \"%s\"".formatted(who),
                        "omit it for the default");
        };
    }

    /// The token in the file; empty if the file holds no token that is hard to guess.
    private Optional<Secret> metricsToken(Host host) {
        try {
            var text = Files.readString(host.cwd().resolve(tokenFile)).strip();
            return text.matches("[\\x21-\\x7e]{16,4096}") ? Optional.of(new Secret(text)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Opens the access log, which must be closed last.
    Log open(Host host) {
        if (log.equals("none")) return new Log(Optional.empty(), OutputStream.nullOutputStream());
        if (log.equals("-")) return new Log(Optional.of(AccessLog.to(host.out())), OutputStream.nullOutputStream());
        var file = host.cwd().resolve(log);
        try {
            var out = new FileOutputStream(file.toFile(), true);
            return new Log(Optional.of(AccessLog.to(out)), out);
        } catch (IOException e) {
            throw new UserError(
                    "cannot write the access log to " + file, "choose a file in a writable folder with --access-log");
        }
    }

    /// @param out the stream to close with it
    record Log(Optional<AccessLog> log, OutputStream out) implements AutoCloseable {
        @Override
        public void close() {
            log.ifPresent(AccessLog::close);
            try {
                out.close();
            } catch (IOException e) {
                // Lines that were not written by now are lost.
            }
        }
    }
}
