package lib.doctor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Something that is being looked at, on a thread of its own, and will be known soon: what was found, or what is
/// said when nobody waits any longer.
///
///     TimedResult.start(() -> ask(gateway), tooLate, Duration.ofSeconds(10)).get()
final class TimedResult<T> {
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    private TimedResult() {}

    /// Starts the work. It is left alone when its time is over: a token's renewal that has begun must reach the
    /// disk.
    static <T> TimedResult<T> start(Supplier<T> work, T late, Duration patience) {
        var soon = new TimedResult<T>();
        soon.answer.completeOnTimeout(late, patience.toMillis(), TimeUnit.MILLISECONDS);
        Thread.ofVirtual().start(() -> {
            try {
                soon.answer.complete(work.get());
            } catch (RuntimeException e) {
                soon.answer.completeExceptionally(e);
            }
        });
        return soon;
    }

    T get() {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException bug ? bug : e;
        }
    }
}
