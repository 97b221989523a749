package tests.e2e.scale;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tests.support.Eventually;
import tests.support.Machine;

/// One of several gateways on one state: a process on a machine of its own, which can be killed, drained and
/// started again.
final class Replica {
    private final Network network;
    private final int number;
    private final Machine machine;
    private final Path log;
    private final List<String> options;
    private Process process;

    Replica(Network network, int number, Path folder, List<String> options) {
        this.network = network;
        this.number = number;
        this.machine = new Machine(folder.resolve("gw" + number));
        this.log = folder.resolve("gw%d.log".formatted(number));
        this.options = options;
    }

    String authority() {
        return Network.address(number) + ":8090";
    }

    String url() {
        return "http://" + authority();
    }

    Machine machine() {
        return machine;
    }

    /// Starts it; when this returns, it serves requests.
    void start() throws IOException {
        var arguments = new ArrayList<>(List.of("gateway", "--listen", authority()));
        arguments.addAll(options);
        Files.writeString(log, "");
        process = machine.process(network.on(number, Machine.command(arguments.toArray(String[]::new))))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Eventually.holds(() -> said().contains("listens on ") || !process.isAlive(), Duration.ofMinutes(3), this::said);
        if (!process.isAlive()) throw new IOException(said());
    }

    /// Ends it as a crash would, with everything that it started.
    void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
    }

    /// Asks it to end, and waits until it has.
    void drain() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(2, TimeUnit.MINUTES)) throw new IOException("it does not end: " + said());
    }

    /// The last lines of its output.
    String end() {
        var lines = said().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }

    /// The output so far.
    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
