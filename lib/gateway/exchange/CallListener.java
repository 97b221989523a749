package lib.gateway.exchange;

import java.time.InstantSource;
import java.util.function.Consumer;
import lib.usage.Call;

/// Receives every relayed model call when its answer has ended.
///
///     config.withCallListener(new CallListener(calls::add, InstantSource.system()))
///
/// @param calls the consumer, called on the thread of the call, which waits for it: it must be quick
/// @param clock the clock that gives the start time of a call
/// @param fetched the results that were counted when a client fetched them earlier
public record CallListener(Consumer<Call> calls, InstantSource clock, FetchedResults fetched) {
    public CallListener(Consumer<Call> calls, InstantSource clock) {
        this(calls, clock, new FetchedResults());
    }

    /// Returns a listener that calls this one and then `other`.
    public CallListener and(CallListener other) {
        return new CallListener(calls.andThen(other.calls), clock, fetched);
    }
}
