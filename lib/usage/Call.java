package lib.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One call that the gateway relayed, as it is recorded: who asked whom for what, what it used, and how it went.
/// Nothing of what was said.
///
///     calls.accept(call)   // the gateway does, when the answer is over
///
/// @param time when it came in
/// @param provider the provider's name
/// @param type the provider's type, as users read it: `anthropic`, `bedrock`; [#DEMO] where the demo model
///     answered, whatever model was asked for
/// @param model as it was called, Bedrock's region prefix kept; empty where the request named none
/// @param caller who, as the gateway's sign-in knows them
/// @param agent what with: `claude-code`, `codex`, or the first word of the `User-Agent`; empty where it says
///     nothing
/// @param session the agent's own session, or `X-Redpanda-Genai-Conversation`; empty where there is none
/// @param usage what the answer said it used; of a stream that was cut, what it had shown by then
/// @param status the HTTP status of the answer
/// @param latency from the request to the end of the answer
/// @param firstByte from the request to the first byte of the answer's body; empty where none came
/// @param complete whether the answer came to its end: neither cut by the upstream nor left by the client
/// @param measured how the counts in `usage` are known
/// @param terms what the answer says that changes the price
/// @param attribution who and what it is charged to, beside caller, agent and session
/// @param expected what it was expected to use when it was let in: what is assumed where `usage` says nothing
public record Call(
        Instant time,
        String provider,
        String type,
        String model,
        String caller,
        String agent,
        String session,
        Usage usage,
        int status,
        Duration latency,
        Optional<Duration> firstByte,
        boolean complete,
        Measured measured,
        PriceTerms terms,
        Attribution attribution,
        Usage expected) {
    /// The type of what costs nothing: the scripted model that every gateway has.
    public static final String DEMO = "demo";

    /// A call whose counts were measured, and whose answer says nothing that changes its price.
    public Call(
            Instant time,
            String provider,
            String type,
            String model,
            String caller,
            String agent,
            String session,
            Usage usage,
            int status,
            Duration latency,
            Optional<Duration> firstByte,
            boolean complete) {
        this(
                time,
                provider,
                type,
                model,
                caller,
                agent,
                session,
                usage,
                status,
                latency,
                firstByte,
                complete,
                Measured.MEASURED,
                PriceTerms.NONE);
    }

    /// A call that is charged to its caller alone, and of which nothing was expected.
    public Call(
            Instant time,
            String provider,
            String type,
            String model,
            String caller,
            String agent,
            String session,
            Usage usage,
            int status,
            Duration latency,
            Optional<Duration> firstByte,
            boolean complete,
            Measured measured,
            PriceTerms terms) {
        this(
                time,
                provider,
                type,
                model,
                caller,
                agent,
                session,
                usage,
                status,
                latency,
                firstByte,
                complete,
                measured,
                terms,
                Attribution.NONE,
                Usage.NONE);
    }

    /// The same call, charged to these.
    public Call withAttribution(Attribution attribution) {
        return new Call(
                time,
                provider,
                type,
                model,
                caller,
                agent,
                session,
                usage,
                status,
                latency,
                firstByte,
                complete,
                measured,
                terms,
                attribution,
                expected);
    }

    /// The same call, of which that was expected.
    public Call withExpected(Usage expected) {
        return new Call(
                time,
                provider,
                type,
                model,
                caller,
                agent,
                session,
                usage,
                status,
                latency,
                firstByte,
                complete,
                measured,
                terms,
                attribution,
                expected);
    }

    /// Whether nothing is known of what it used.
    public boolean isUnmeasured() {
        return measured == Measured.UNMEASURED;
    }

    /// Whether the demo model answered.
    public boolean isDemo() {
        return type.equals(DEMO);
    }
}
