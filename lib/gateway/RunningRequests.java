package lib.gateway;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Counts the requests that are being served. A client may have its whole answer before the gateway has counted
/// the call; a gateway that closes waits for that.
///
///     running.during(() -> serve(request));
///     running.awaitEnd(Duration.ofSeconds(5));
final class RunningRequests {
    private static final int MOST = Integer.MAX_VALUE;

    /// Each running request holds one permit.
    private final Semaphore permits = new Semaphore(MOST);

    /// Serves a request.
    void during(Runnable request) {
        permits.acquireUninterruptibly();
        try {
            request.run();
        } finally {
            permits.release();
        }
    }

    /// Waits until no request is running, for at most `limit`.
    void awaitEnd(Duration limit) {
        try {
            if (permits.tryAcquire(MOST, limit.toMillis(), TimeUnit.MILLISECONDS)) permits.release(MOST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
