package lib.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The record of one call that the gateway relayed: who called which model, what the answer used, and how the
/// call went. It contains nothing of the request's or the answer's content.
///
///     calls.accept(call)   // the gateway does, at the end of the answer
///
/// @param time when the request came in
/// @param origin who made the call
/// @param destination the model that was called
/// @param outcome how the call went
/// @param consumption what the answer used
/// @param attribution what the call is charged to besides its origin
public record Call(
        Instant time,
        Origin origin,
        Destination destination,
        Outcome outcome,
        Consumption consumption,
        Attribution attribution) {
    /// The type of calls that the demo model answered, which cost nothing.
    public static final String DEMO = "demo";

    /// Who made a call.
    ///
    /// @param caller the user, as the gateway's sign-in knows them
    /// @param agent the program: `claude-code`, `codex`, or the first word of the `User-Agent`; empty if that says
    ///     nothing
    /// @param session the agent's own session, or `X-Redpanda-Genai-Conversation`; empty if there is none
    public record Origin(String caller, String agent, String session) {}

    /// The model that a call was for.
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
    /// @param complete whether the answer was relayed to its end: neither the upstream nor the client broke it
    ///     off
    public record Outcome(int status, Duration latency, Optional<Duration> firstByte, boolean complete) {}

    /// What a call used.
    ///
    /// @param usage the token counts of the answer; if a stream was broken off, those that it had reported by
    ///     then
    /// @param measured how the counts in `usage` are known
    /// @param terms the fields of the answer that change its price
    /// @param expected the token counts that were expected when the request was let in; they are assumed if the
    ///     call is not measured
    public record Consumption(Usage usage, Measured measured, BillingHints terms, Usage expected) {
        /// Creates the consumption of an answer with measured counts and no billing hints.
        public static Consumption of(Usage usage) {
            return of(usage, Measured.MEASURED);
        }

        /// Creates the consumption of an answer without billing hints.
        public static Consumption of(Usage usage, Measured measured) {
            return new Consumption(usage, measured, BillingHints.NONE, Usage.NONE);
        }
    }

    /// Creates a call that is charged to its origin alone.
    public Call(Instant time, Origin origin, Destination destination, Outcome outcome, Consumption consumption) {
        this(time, origin, destination, outcome, consumption, Attribution.NONE);
    }

    /// Returns this call with another attribution.
    public Call withAttribution(Attribution attribution) {
        return new Call(time, origin, destination, outcome, consumption, attribution);
    }

    /// Returns this call with other expected counts.
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

    /// Tells whether nothing is known about what the call used.
    public boolean isUnmeasured() {
        return measured() == Measured.UNMEASURED;
    }

    /// Tells whether the demo model answered.
    public boolean isDemo() {
        return type().equals(DEMO);
    }
}
