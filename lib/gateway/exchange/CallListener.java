package lib.gateway.exchange;

import java.time.InstantSource;
import java.util.function.Consumer;
import lib.usage.Call;

/// Who is told of every call of a model that was relayed, when its answer is over.
///
///     config.metered(new CallListener(calls::add, InstantSource.system()))
///
/// @param calls told on the thread of the call, which waits: it must be quick
/// @param clock when a call came in
/// @param fetched what was counted when its result was fetched
public record CallListener(Consumer<Call> calls, InstantSource clock, FetchedResults fetched) {
    public CallListener(Consumer<Call> calls, InstantSource clock) {
        this(calls, clock, new FetchedResults());
    }

    /// Both, this one first.
    public CallListener and(CallListener other) {
        return new CallListener(calls.andThen(other.calls), clock, fetched);
    }
}
