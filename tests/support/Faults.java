package tests.support;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import tests.support.upstream.Reply;

/// Which faults are still to come, for each endpoint of a fixture: the counted ones first, then the lasting one.
public final class Faults<E extends Enum<E>> {

    private final Map<E, Deque<Fault>> counted = new ConcurrentHashMap<>();
    private final Map<E, Fault> lasting = new ConcurrentHashMap<>();

    public synchronized void next(E endpoint, int calls, Fault fault) {
        counted.computeIfAbsent(endpoint, _ -> new ArrayDeque<>()).addAll(Collections.nCopies(calls, fault));
    }

    public synchronized void always(E endpoint, Fault fault) {
        lasting.put(endpoint, fault);
    }

    public synchronized void clear() {
        counted.clear();
        lasting.clear();
    }

    public Reply around(E endpoint, Supplier<Reply> right) {
        // The lock is for choosing only: a held answer must not hold up the others.
        return choose(endpoint).map(fault -> fault.answer(right)).orElseGet(right);
    }

    private synchronized Optional<Fault> choose(E endpoint) {
        return Optional.ofNullable(
                        counted.getOrDefault(endpoint, new ArrayDeque<>()).poll())
                .or(() -> Optional.ofNullable(lasting.get(endpoint)));
    }
}
