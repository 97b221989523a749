package lib.gateway.exchange;

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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import lib.gateway.access.Caller;
import lib.usage.BillingHints;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.extract.ModelReader;
import lib.usage.extract.UsageReader;
import lib.usage.extract.UsageReading;
import lib.usage.extract.UsageReading.Background;

/// Meters one call. It observes the request and the answer as they pass and delays neither.
///
///     metered.begin(exchange, caller);
///     metered.asked(bytes, 0, count);   // the request
///     metered.answers(200, "text/event-stream", "");
///     metered.shown(bytes, 0, count);   // the answer
///     metered.end(true);
public final class CallMeter {
    /// The headers in which agents send a session: a conversation that the user named, Claude Code's and Codex's.
    private static final List<HeaderName> SESSIONS = Stream.of(
                    "x-redpanda-genai-conversation", "x-claude-code-session-id", "session-id", "session_id")
            .map(HeaderNames::create)
            .toList();
    private static final int LONGEST_NAME = 200;

    private final CallListener meter;
    private final Charging charging;
    private final Instant time;
    private final long begin = System.nanoTime();
    private final ModelReader model;
    private UsageReader usage = UsageReader.NONE;
    private int status;
    private long firstByte;
    private volatile String named = "";
    private boolean demo;
    private Exchange exchange;
    private Caller caller;
    /// The number of documents of a batch's results that have passed.
    private int documents;
    private Usage expected = Usage.NONE;

    /// @param encoding the content encoding of the request's body; empty if it is not encoded
    CallMeter(CallListener meter, Charging charging, String encoding) {
        this.meter = meter;
        this.model = new ModelReader(encoding);
        this.charging = charging;
        this.time = meter.clock().instant();
    }

    /// Records that the demo model answers the call.
    public void isDemo() {
        demo = true;
    }

    /// Sets the expected usage, which is charged if the answer reports none.
    public void expects(Usage usage) {
        expected = usage;
    }

    /// Observes a piece of the request's body.
    void asked(byte[] bytes, int from, int count) {
        model.accept(bytes, from, count);
    }

    /// Records the model of a request whose body this meter does not observe.
    public void asked(String model) {
        named = model;
    }

    /// Records that the request is allowed.
    public void begin(Exchange exchange, Caller caller) {
        this.exchange = exchange;
        this.caller = caller;
    }

    /// Records the head of the answer.
    public void answers(int status, String contentType, String contentEncoding) {
        answers(status, name -> switch (name) {
            case "content-type" -> contentType;
            case "content-encoding" -> contentEncoding;
            default -> "";
        });
    }

    /// Records the head of the answer with its headers.
    ///
    /// @param header a function that returns a header's value by name, empty if it is absent
    public void answers(int status, UnaryOperator<String> header) {
        this.status = status;
        usage.close();
        var isResults = charging == Charging.RESULTS && status == 200;
        usage = isResults ? UsageReader.ofLines(header, this::document) : UsageReader.of(header);
    }

    /// Observes a piece of the answer's body.
    public void shown(byte[] bytes, int from, int count) {
        if (firstByte == 0 && count > 0) firstByte = System.nanoTime();
        usage.accept(bytes, from, count);
    }

    /// Returns a stream to the client that observes each piece after it was written.
    public OutputStream on(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                try {
                    out.write(bytes, from, count);
                } finally {
                    // Output that a disconnected client did not receive has been used all the same.
                    shown(bytes, from, count);
                }
            }
        };
    }

    /// Records the end of the call.
    ///
    /// @param complete whether the answer arrived in full
    public void end(boolean complete) {
        var read = usage.reading(complete);
        usage.close();
        model.close();
        switch (charging) {
            case RESULT -> {
                if (isToBeCounted(read)) tell(read, read.measured(), complete);
            }
            case RESULTS -> {
                // For a partial answer it is unknown which documents were counted before.
                if (status == 206) tell(read, Measured.UNMEASURED, complete);
            }
            case CALL, OTHER, FREE -> {
                if (read.background() == Background.PENDING) meter.fetched().expect(result(read.id()));
                else if (read.background() == Background.ENDED && read.measured() != Measured.UNMEASURED)
                    meter.fetched().count(result(read.id()), 0);
                tell(
                        read,
                        isKnown(read) && read.measured() == Measured.UNMEASURED ? Measured.MEASURED : read.measured(),
                        complete);
            }
        }
    }

    /// Returns whether a call without reported usage is known to have cost nothing.
    private boolean isKnown(UsageReading read) {
        return demo
                || status >= 300
                || read.background() == Background.PENDING
                || charging == Charging.FREE
                || charging == Charging.OTHER && model(read, false).isEmpty();
    }

    /// Returns whether a fetched result is a response that ran in the background and has not been counted yet.
    private boolean isToBeCounted(UsageReading read) {
        var id = result(exchange.target().segments().getLast());
        return read.measured() != Measured.UNMEASURED
                && (read.background() != Background.NONE || meter.fetched().knows(id))
                && meter.fetched().count(id, 0);
    }

    /// Counts one document of a batch's results.
    private void document(UsageReading read) {
        int index = documents++;
        if (read.measured() == Measured.UNMEASURED
                || !meter.fetched().count(result(exchange.target().path()), index)) return;
        var terms = read.terms();
        var ofBatch = new BillingHints(
                terms.answeredModel(), terms.serviceTier(), terms.speed(), terms.region(), true, terms.mediaTokens());
        tell(
                new UsageReading(read.usage(), read.measured(), ofBatch, read.id(), Background.NONE),
                read.measured(),
                true);
    }

    private String result(String id) {
        return exchange.provider().name() + "/" + shortened(id);
    }

    private void tell(UsageReading read, Measured measured, boolean complete) {
        var headers = exchange.request().headers();
        meter.calls()
                .accept(new Call(
                        time,
                        new Call.Origin(caller.name(), agent(headers), shortened(session(headers))),
                        new Call.Destination(
                                exchange.provider().name(),
                                demo ? Call.DEMO : exchange.provider().type().label(),
                                shortened(model(read, true))),
                        new Call.Outcome(
                                status,
                                Duration.ofNanos(System.nanoTime() - begin),
                                firstByte == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstByte - begin)),
                                complete),
                        new Call.Consumption(read.usage(), measured, read.terms(), expected)));
    }

    /// Returns the model that the path or the body names; for a fetched result, the model that answered.
    private String model(UsageReading read, boolean orAnswered) {
        var named = exchange.wire()
                .modelInPath(exchange.target())
                .orElseGet(() -> this.named.isEmpty() ? model.model() : this.named);
        return named.isEmpty() && orAnswered && (charging == Charging.RESULT || charging == Charging.RESULTS)
                ? read.terms().answeredModel()
                : named;
    }

    /// Returns the name of the client: `claude-code`, `codex`, or the name that another client gives itself.
    public static String agent(Headers headers) {
        return switch (ClientAgent.of(headers)) {
            case CLAUDE_CODE -> "claude-code";
            case CODEX -> "codex";
            case OTHER ->
                shortened(firstWord(
                        headers.all(HeaderNames.USER_AGENT, () -> List.of("")).getFirst()));
        };
    }

    /// Returns `openai` for `openai/3.1.0 node/24`.
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
