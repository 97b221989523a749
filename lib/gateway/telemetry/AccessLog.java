package lib.gateway.telemetry;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Writes one line of JSON for each request, with a short delay so that no request waits for a disk. The log
/// contains nothing of the conversation: no body, no query, and no header except `User-Agent`.
///
///     try (var log = AccessLog.to(System.out)) { log.add(new AccessLog.Entry(…)); }
///     // {"time":"2026-11-22T05:30:00.123Z","method":"POST",
///     //  "path":"/llm/v1/providers/openai/v1/responses","status":200,…}
public final class AccessLog implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int LARGE = 64 * 1024;
    private static final int LONGEST = 300;

    private final OutputStream out;
    private final Thread writer;
    private StringBuilder lines = new StringBuilder();
    private boolean closed;

    /// A request whose answer has ended.
    ///
    /// @param time the time at which the request arrived
    /// @param peer the address of the client
    /// @param path the path without the query
    /// @param caller the name of the caller, if it was identified; may be empty
    /// @param provider the name of the provider; may be empty
    /// @param agent the `User-Agent` of the client; may be empty
    /// @param status the status of the answer
    /// @param bytes the length of the answer, including its head
    /// @param complete whether the answer was complete
    public record Entry(
            Instant time,
            String peer,
            String method,
            String path,
            String caller,
            String provider,
            String agent,
            int status,
            long bytes,
            Duration duration,
            boolean complete) {}

    private AccessLog(OutputStream out) {
        this.out = out;
        this.writer = Thread.ofVirtual().name("access log").unstarted(this::write);
    }

    /// @param out the stream that receives whole lines; it is not closed
    public static AccessLog to(OutputStream out) {
        var log = new AccessLog(out);
        log.writer.start();
        return log;
    }

    /// Adds a request to the log.
    public void add(Entry entry) {
        var line = line(entry);
        synchronized (this) {
            lines.append(line);
            if (lines.length() > LARGE) flush();
        }
    }

    private static StringBuilder line(Entry entry) {
        var line = new StringBuilder(384)
                .append("{\"time\":\"")
                .append(entry.time.truncatedTo(ChronoUnit.MILLIS))
                .append('"');
        text(line, "peer", entry.peer);
        text(line, "method", entry.method);
        text(line, "path", entry.path);
        text(line, "caller", entry.caller);
        text(line, "provider", entry.provider);
        text(line, "agent", entry.agent);
        line.append(",\"status\":")
                .append(entry.status)
                .append(",\"bytes\":")
                .append(entry.bytes)
                .append(",\"duration_ms\":")
                .append(entry.duration.toMillis());
        if (!entry.complete) line.append(",\"cut\":true");
        return line.append("}\n");
    }

    private static void text(StringBuilder line, String name, String value) {
        if (value.isEmpty()) return;
        var shown = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
        line.append(",\"").append(name).append("\":\"");
        if (isPlain(shown)) line.append(shown);
        else JsonStringEncoder.getInstance().quoteAsString(shown, line);
        line.append('"');
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') return false;
        }
        return true;
    }

    private void write() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                synchronized (this) {
                    if (closed) return;
                    flush();
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void flush() {
        if (lines.isEmpty()) return;
        try {
            out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            // A full disk or a reader that has ended must not stop requests.
        }
        if (lines.capacity() > 4 * LARGE) lines = new StringBuilder();
        else lines.setLength(0);
    }

    /// Writes the remaining lines.
    @Override
    public synchronized void close() {
        closed = true;
        flush();
        writer.interrupt();
    }
}
