package lib.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import lib.Host;
import lib.UserError;
import lib.gateway.Operations;
import lib.gateway.telemetry.AccessLog;
import lib.gateway.telemetry.Metrics;
import picocli.CommandLine.Option;

/// How a gateway is run, as flags: its access log, its limits, its end.
final class GatewayOperations {
    @Option(names = "--access-log", paramLabel = "FILE", defaultValue = "-", description = "Where each request is noted, a JSON object a line: a file, - for standard output (the default), none.")
    String log;

    @Option(names = "--max-connections", paramLabel = "N", defaultValue = "4096", description = "How many clients may be connected at a time (default ${DEFAULT-VALUE}); more wait.")
    int connections;

    @Option(names = "--drain-timeout", paramLabel = "DURATION", defaultValue = "25s", converter = Durations.class,
            description = "How long what is being answered may go on after SIGTERM or Ctrl-C (default ${DEFAULT-VALUE}); a second one ends it at once.")
    Duration drain;

    /// @param log where to; empty for none
    Operations operations(Host host, Metrics metrics, Optional<AccessLog> log, boolean verbose) {
        if (connections < 1) throw UserError.usage("--max-connections takes a number from 1 up, not " + connections, "leave it out for 4096");
        return new Operations(log, Optional.of(metrics), connections, Operations.SENDING, drain, (what, bug) -> {
            host.err().println("rpkai: internal error at " + what + ": " + bug.getClass().getName() + (verbose ? "" : " (-v says where)"));
            if (verbose) bug.printStackTrace(host.err());
        });
    }

    /// The access log, to be closed last.
    Log open(Host host) {
        if (log.equals("none")) return new Log(Optional.empty(), OutputStream.nullOutputStream());
        if (log.equals("-")) return new Log(Optional.of(AccessLog.to(host.out())), OutputStream.nullOutputStream());
        var file = host.cwd().resolve(log);
        try {
            var out = new FileOutputStream(file.toFile(), true);
            return new Log(Optional.of(AccessLog.to(out)), out);
        } catch (IOException e) {
            throw new UserError("cannot write the access log to " + file, "name a file in a folder that you may write to with --access-log");
        }
    }

    /// @param out what is to be closed with it
    record Log(Optional<AccessLog> log, OutputStream out) implements AutoCloseable {
        @Override
        public void close() {
            log.ifPresent(AccessLog::close);
            try {
                out.close();
            } catch (IOException e) {
                // What was not written by now is lost.
            }
        }
    }
}
