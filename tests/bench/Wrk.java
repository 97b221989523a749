package tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tests.bench.contender.Contender;
import tests.bench.contender.Programs;

/// `wrk`, the load generator: one thread, the same request on each connection, one after the other.
///
///     Wrk.in(home).run(contender, body, 64, 2).perSecond()
///
/// @param program the path of `wrk`
/// @param folder where its script and its bodies are written
/// @see <a href="https://github.com/wg/wrk">wrk</a>
record Wrk(String program, Path folder) {
    private static final String MARK = "result: ";

    /// What is measured in one run.
    ///
    /// @param requests how many were answered with 2xx or 3xx
    /// @param failed how many were not
    /// @param p50 milliseconds, as `p99`
    record Result(long requests, double perSecond, long failed, double p50, double p99) {}

    static Wrk in(Path folder) throws IOException {
        var program = Programs.find("wrk").orElseThrow(() -> new IOException("no wrk on the PATH (Debian: wrk)"));
        return new Wrk(program, folder);
    }

    /// @param seconds a whole number, since wrk takes no other
    Result run(Contender contender, String body, int connections, int seconds)
            throws IOException, InterruptedException {
        var url = contender.url() + contender.calls().path();
        var script = script(contender.calls(), body);
        // Slower answers than the time-out allows would be missing from the percentiles.
        var command = List.of(
                program,
                "-t1",
                "-c" + connections,
                "-d" + seconds + "s",
                "--timeout",
                "60s",
                "-s",
                script.toString(),
                url);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int result = output.indexOf(MARK);
        if (process.waitFor() != 0 || result < 0) throw new IOException("wrk failed: " + output);
        var json = new ObjectMapper().readTree(output.substring(result + MARK.length()));
        long failed = json.path("failed").asLong(),
                requests = json.path("requests").asLong() - failed;
        return new Result(
                requests,
                requests / json.path("seconds").asDouble(),
                failed,
                json.path("p50").asDouble() / 1e3,
                json.path("p99").asDouble() / 1e3);
    }

    private Path script(Contender.Route route, String body) throws IOException {
        var data = Files.writeString(folder.resolve("wrk.body"), route.body(body), StandardCharsets.ISO_8859_1);
        var lines = new ArrayList<String>();
        lines.add("wrk.method = 'POST'");
        lines.add("wrk.body = io.open('%s', 'rb'):read('*a')".formatted(data));
        route.headers().forEach((name, value) -> lines.add("wrk.headers['%s'] = '%s'".formatted(name, value)));
        lines.add("""
                function done(summary, latency, requests)
                  local errors = summary.errors
                  io.write(string.format(
                    '\\n%s{"requests": %%d, "seconds": %%f, "failed": %%d, "p50": %%f, "p99": %%f}\\n',
                    summary.requests, summary.duration / 1e6,
                    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
                    latency:percentile(50), latency:percentile(99)))
                end""".formatted(MARK));
        return Files.write(folder.resolve("wrk.lua"), lines);
    }
}
