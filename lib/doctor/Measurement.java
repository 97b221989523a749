package lib.doctor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Something that is looked up once, on a thread of its own and within a time limit, whoever asks for it.
///
///     new Measurement<>(() -> ask(gateway), "no answer", Duration.ofSeconds(10)).get()
final class Measurement<T> {
    private final Supplier<T> work;
    private final T late;
    private final Duration limit;
    private CompletableFuture<T> answer;

    /// @param late the value when the time is over
    Measurement(Supplier<T> work, T late, Duration limit) {
        this.work = work;
        this.late = late;
        this.limit = limit;
    }

    /// Starts the work, if it has not been started. It is not interrupted when the time is over: a refreshed token
    /// must still reach the disk.
    synchronized Measurement<T> start() {
        if (answer == null) {
            var started = new CompletableFuture<T>();
            started.completeOnTimeout(late, limit.toMillis(), TimeUnit.MILLISECONDS);
            Thread.ofVirtual().start(() -> {
                try {
                    started.complete(work.get());
                } catch (RuntimeException e) {
                    started.completeExceptionally(e);
                }
            });
            answer = started;
        }
        return this;
    }

    /// Waits for the value.
    T get() {
        start();
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException bug ? bug : e;
        }
    }
}
