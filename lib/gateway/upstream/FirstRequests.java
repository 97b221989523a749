package lib.gateway.upstream;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Queues the first requests to a host that supports only HTTP/2. All requests share one connection there, but
/// the JDK's client makes a connection for each request that comes before the first one is ready: a burst would
/// cause as many handshakes. Therefore few requests go first, and the others follow when one of them was
/// answered.
///
///     new FirstRequests().send(client, request, Duration.ofMinutes(10)).passTo(out);
final class FirstRequests {
    private static final int MOST = 4;
    /// The longest wait of the other requests, in seconds. A model may think for a long time before it answers,
    /// and the connection is ready by then.
    private static final long WAIT_SECONDS = 2;

    private final Semaphore places = new Semaphore(MOST);
    private volatile boolean answered;

    /// @throws TimeoutException if no answer has begun within `patience`
    /// @throws IOException if there is no answer
    UpstreamAnswer send(HttpClient client, UpstreamRequest request, Duration patience)
            throws IOException, TimeoutException, InterruptedException {
        var upstream = new JdkUpstream(client);
        if (answered) return upstream.send(request, patience);
        boolean isPlaced = places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS);
        try {
            var answer = upstream.send(request, patience);
            allow();
            return answer;
        } finally {
            if (isPlaced) places.release();
        }
    }

    private synchronized void allow() {
        if (answered) return;
        answered = true;
        // More permits than requests will ever wait for.
        places.release(1 << 20);
    }
}
