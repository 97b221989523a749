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
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.PriceTerms;
import lib.usage.Usage;
import lib.usage.extract.ModelReader;
import lib.usage.extract.UsageReader;
import lib.usage.extract.UsageReading;

/// One call that is being metered: it looks on while the request and the answer pass, and holds nothing up.
///
///     metered.begin(exchange, caller);
///     metered.asked(bytes, 0, count);   // the request
///     metered.answers(200, "text/event-stream", "");
///     metered.shown(bytes, 0, count);   // the answer
///     metered.end(true);
public final class CallMeter {
    /// How agents name their sessions: a conversation that the user named, Claude Code's, Codex's.
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
    private boolean demo;
    private Exchange exchange;
    private Caller caller;
    /// How many documents of a batch's results have passed.
    private int documents;
    private Usage expected = Usage.NONE;

    /// @param encoding how the request's body is packed; empty where it is not
    CallMeter(CallListener meter, Charging charging, String encoding) {
        this.meter = meter;
        this.model = new ModelReader(encoding);
        this.charging = charging;
        this.time = meter.clock().instant();
    }

    /// The demo model answers it.
    public void isDemo() {
        demo = true;
    }

    /// So much it is expected to use: what is assumed where its answer says nothing.
    public void expects(Usage usage) {
        expected = usage;
    }

    /// A piece of the request's body passed.
    void asked(byte[] bytes, int from, int count) {
        model.accept(bytes, from, count);
    }

    /// The request is let through.
    public void begin(Exchange exchange, Caller caller) {
        this.exchange = exchange;
        this.caller = caller;
    }

    /// The answer begins.
    public void answers(int status, String contentType, String contentEncoding) {
        answers(status, name -> switch (name) {
            case "content-type" -> contentType;
            case "content-encoding" -> contentEncoding;
            default -> "";
        });
    }

    /// The answer begins, with these headers.
    ///
    /// @param header the value of one by its name, empty where there is none
    public void answers(int status, UnaryOperator<String> header) {
        this.status = status;
        usage.close();
        var isResults = charging == Charging.RESULTS && status == 200;
        usage = isResults ? UsageReader.ofLines(header, this::document) : UsageReader.of(header);
    }

    /// A piece of the answer's body passed.
    public void shown(byte[] bytes, int from, int count) {
        if (firstByte == 0 && count > 0) firstByte = System.nanoTime();
        usage.accept(bytes, from, count);
    }

    /// The way to the client, looked at when it has been taken.
    public OutputStream on(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                try {
                    out.write(bytes, from, count);
                } finally {
                    // What a client that left did not take has been used all the same.
                    shown(bytes, from, count);
                }
            }
        };
    }

    /// The call is over.
    ///
    /// @param complete whether the answer came to its end
    public void end(boolean complete) {
        var read = usage.reading(complete);
        usage.close();
        model.close();
        switch (charging) {
            case RESULT -> {
                if (isToBeCounted(read)) tell(read, read.measured(), complete);
            }
            case RESULTS -> {
                // Of a part of them nobody can say which were counted before.
                if (status == 206) tell(read, Measured.UNMEASURED, complete);
            }
            case CALL, OTHER, FREE -> {
                if (read.pending()) meter.fetched().expect(result(read.id()));
                else if (read.background() && read.measured() != Measured.UNMEASURED)
                    meter.fetched().count(result(read.id()), 0);
                tell(
                        read,
                        isKnown(read) && read.measured() == Measured.UNMEASURED ? Measured.MEASURED : read.measured(),
                        complete);
            }
        }
    }

    /// Whether a call without usage is known to have cost nothing.
    private boolean isKnown(UsageReading read) {
        return demo
                || status >= 300
                || read.pending()
                || charging == Charging.FREE
                || charging == Charging.OTHER && model(read, false).isEmpty();
    }

    /// Whether what was fetched is a response that ran in the background, and is counted for the first time.
    private boolean isToBeCounted(UsageReading read) {
        var id = result(exchange.target().segments().getLast());
        return read.measured() != Measured.UNMEASURED
                && (read.background() || meter.fetched().knows(id))
                && meter.fetched().count(id, 0);
    }

    /// One document of a batch's results.
    private void document(UsageReading read) {
        int index = documents++;
        if (read.measured() == Measured.UNMEASURED
                || !meter.fetched().count(result(exchange.target().path()), index)) return;
        var terms = read.terms();
        var ofBatch = new PriceTerms(
                terms.answeredModel(), terms.serviceTier(), terms.speed(), terms.region(), true, terms.mediaTokens());
        tell(new UsageReading(read.usage(), read.measured(), ofBatch, read.id(), false, false), read.measured(), true);
    }

    private String result(String id) {
        return exchange.provider().name() + "/" + shortened(id);
    }

    private void tell(UsageReading read, Measured measured, boolean complete) {
        var headers = exchange.request().headers();
        meter.calls()
                .accept(new Call(
                                time,
                                exchange.provider().name(),
                                demo ? Call.DEMO : exchange.provider().type().label(),
                                shortened(model(read, true)),
                                caller.name(),
                                agent(headers),
                                shortened(session(headers)),
                                read.usage(),
                                status,
                                Duration.ofNanos(System.nanoTime() - begin),
                                firstByte == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstByte - begin)),
                                complete,
                                measured,
                                read.terms())
                        .withExpected(expected));
    }

    /// The model that the path or the body names; else, for a result that is fetched, the one that answered.
    private String model(UsageReading read, boolean orAnswered) {
        var named = exchange.wire().modelInPath(exchange.target()).orElseGet(model::model);
        return named.isEmpty() && orAnswered && (charging == Charging.RESULT || charging == Charging.RESULTS)
                ? read.terms().answeredModel()
                : named;
    }

    /// `claude-code`, `codex`, or what another client calls itself.
    public static String agent(Headers headers) {
        return switch (ClientAgent.of(headers)) {
            case CLAUDE_CODE -> "claude-code";
            case CODEX -> "codex";
            case OTHER ->
                shortened(firstWord(
                        headers.all(HeaderNames.USER_AGENT, () -> List.of("")).getFirst()));
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
