package lib.gateway;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.usage.Call;
import lib.usage.ModelReader;
import lib.usage.UsageReader;

/// One call that is being metered: it looks on while the request and the answer pass, and holds nothing up.
///
///     metered.asked(bytes, 0, count);   // the request
///     metered.answers(200, "text/event-stream", "");
///     metered.shown(bytes, 0, count);   // the answer
///     metered.end(caller, true);
final class Metered {
    /// How agents name their sessions: a conversation that the user named, Claude Code's, Codex's.
    private static final List<HeaderName> SESSIONS = Stream.of("x-redpanda-genai-conversation", "x-claude-code-session-id", "session-id", "session_id").map(HeaderNames::create).toList();
    private static final int LONGEST_NAME = 200;

    private final Meter meter;
    private final Instant time;
    private final long begin = System.nanoTime();
    private final ModelReader model = new ModelReader();
    private UsageReader usage = UsageReader.NONE;
    private int status;
    private long firstByte;
    private boolean demo;

    Metered(Meter meter) {
        this.meter = meter;
        this.time = meter.clock().instant();
    }

    /// The demo model answers it.
    void isDemo() {
        demo = true;
    }

    /// A piece of the request's body passed.
    void asked(byte[] bytes, int from, int count) {
        model.accept(bytes, from, count);
    }

    /// The answer begins.
    void answers(int status, String contentType, String contentEncoding) {
        this.status = status;
        usage.close();
        usage = UsageReader.of(contentType, contentEncoding);
    }

    /// A piece of the answer's body passed.
    void shown(byte[] bytes, int from, int count) {
        if (firstByte == 0 && count > 0) firstByte = System.nanoTime();
        usage.accept(bytes, from, count);
    }

    /// The way to the client, looked at when it has been taken.
    OutputStream on(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                out.write(bytes, from, count);
                shown(bytes, from, count);
            }
        };
    }

    /// The call is over.
    ///
    /// @param complete whether the answer came to its end
    void end(Exchange exchange, Caller caller, boolean complete) {
        var headers = exchange.request().headers();
        var named = exchange.wire().modelInPath(exchange.target()).orElseGet(model::model);
        meter.calls().accept(new Call(
                time, exchange.provider().name(), demo ? Call.DEMO : exchange.provider().type().label(), shortened(named), caller.name(), agent(headers), shortened(session(headers)),
                usage.usage(), status, Duration.ofNanos(System.nanoTime() - begin),
                firstByte == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstByte - begin)), complete));
        usage.close();
    }

    /// `claude-code`, `codex`, or what another client calls itself.
    static String agent(Headers headers) {
        return switch (Agent.of(headers)) {
            case CLAUDE_CODE -> "claude-code";
            case CODEX -> "codex";
            case OTHER -> shortened(firstWord(headers.all(HeaderNames.USER_AGENT, () -> List.of("")).getFirst()));
        };
    }

    /// `openai` of `openai/3.1.0 node/24`.
    private static String firstWord(String userAgent) {
        int end = 0;
        while (end < userAgent.length() && userAgent.charAt(end) != '/' && userAgent.charAt(end) != ' ') end++;
        return userAgent.substring(0, end);
    }

    private static String session(Headers headers) {
        for (var name : SESSIONS) {
            for (var text : headers.all(name, List::of)) if (!text.isBlank()) return text;
        }
        return "";
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME);
    }
}
