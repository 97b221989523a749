package lib.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One call that the gateway relayed, as it is recorded: who asked which model, what the answer used, and how the
/// call went. It holds nothing of what was said.
///
///     calls.accept(call)   // the gateway does, at the end of the answer
///
/// @param time when the request came in
/// @param origin who asked
/// @param destination which model was asked
/// @param outcome how the call went
/// @param consumption what the answer used
/// @param attribution who and what the call is charged to, besides its origin
public record Call(
        Instant time,
        Origin origin,
        Destination destination,
        Outcome outcome,
        Consumption consumption,
        Attribution attribution) {
    /// The type of calls that cost nothing: the scripted model that every gateway has answers them.
    public static final String DEMO = "demo";

    /// Who made a call.
    ///
    /// @param caller the user, as the gateway's sign-in knows them
    /// @param agent the program: `claude-code`, `codex`, or the first word of the `User-Agent`; empty if that says
    ///     nothing
    /// @param session the agent's own session, or `X-Redpanda-Genai-Conversation`; empty if there is none
    public record Origin(String caller, String agent, String session) {}

    /// Which model a call was for.
    ///
    /// @param provider the provider's name
    /// @param type the provider's type, as users read it: `anthropic`, `bedrock`; [#DEMO] if the demo model
    ///     answered, whatever model was asked for
    /// @param model the model as the request named it, including Bedrock's region prefix; empty if it named none
    public record Destination(String provider, String type, String model) {}

    /// How a call went.
    ///
    /// @param status the HTTP status of the answer
    /// @param latency the time from the request to the end of the answer
    /// @param firstByte the time from the request to the first byte of the answer's body; empty if none came
    /// @param complete whether the answer came to its end: neither cut by the upstream nor left by the client
    public record Outcome(int status, Duration latency, Optional<Duration> firstByte, boolean complete) {}

    /// What a call used.
    ///
    /// @param usage the counts of the answer; of a stream that was cut, those that it had shown by then
    /// @param measured how the counts in `usage` are known
    /// @param terms what the answer says that changes the price
    /// @param expected the counts expected when the request was let in; they are assumed if `usage` says nothing
    public record Consumption(Usage usage, Measured measured, BillingHints terms, Usage expected) {
        /// Measured counts of an answer that says nothing about its price.
        public static Consumption of(Usage usage) {
            return of(usage, Measured.MEASURED);
        }

        /// Counts of an answer that says nothing about its price.
        public static Consumption of(Usage usage, Measured measured) {
            return new Consumption(usage, measured, BillingHints.NONE, Usage.NONE);
        }
    }

    /// A call that is charged to its origin alone.
    public Call(Instant time, Origin origin, Destination destination, Outcome outcome, Consumption consumption) {
        this(time, origin, destination, outcome, consumption, Attribution.NONE);
    }

    /// The same call with another attribution.
    public Call withAttribution(Attribution attribution) {
        return new Call(time, origin, destination, outcome, consumption, attribution);
    }

    /// The same call with other expected counts.
    public Call withExpected(Usage expected) {
        var known = new Consumption(consumption.usage, consumption.measured, consumption.terms, expected);
        return new Call(time, origin, destination, outcome, known, attribution);
    }

    /// See [Origin#caller].
    public String caller() {
        return origin.caller;
    }

    /// See [Origin#agent].
    public String agent() {
        return origin.agent;
    }

    /// See [Origin#session].
    public String session() {
        return origin.session;
    }

    /// See [Destination#provider].
    public String provider() {
        return destination.provider;
    }

    /// See [Destination#type].
    public String type() {
        return destination.type;
    }

    /// See [Destination#model].
    public String model() {
        return destination.model;
    }

    /// See [Outcome#status].
    public int status() {
        return outcome.status;
    }

    /// See [Outcome#latency].
    public Duration latency() {
        return outcome.latency;
    }

    /// See [Outcome#firstByte].
    public Optional<Duration> firstByte() {
        return outcome.firstByte;
    }

    /// See [Outcome#complete].
    public boolean complete() {
        return outcome.complete;
    }

    /// See [Consumption#usage].
    public Usage usage() {
        return consumption.usage;
    }

    /// See [Consumption#measured].
    public Measured measured() {
        return consumption.measured;
    }

    /// See [Consumption#terms].
    public BillingHints terms() {
        return consumption.terms;
    }

    /// See [Consumption#expected].
    public Usage expected() {
        return consumption.expected;
    }

    /// Whether nothing is known of what the call used.
    public boolean isUnmeasured() {
        return measured() == Measured.UNMEASURED;
    }

    /// Whether the demo model answered.
    public boolean isDemo() {
        return type().equals(DEMO);
    }
}
