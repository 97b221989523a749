package lib.gateway.upstream;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The way to a host that speaks HTTP/2 alone. All requests share one connection there, but the JDK's client
/// makes one for each request that comes before the first is made: a burst would mean as many handshakes. So few
/// requests go first, and the others follow when one of them was answered.
///
///     new FirstRequests().send(client, request, Duration.ofMinutes(10)).passTo(out);
final class FirstRequests {
    private static final int MOST = 4;
    /// How long the others wait: a model may think for long before it answers, and the connection is made by
    /// then.
    private static final long WAIT_SECONDS = 2;

    private final Semaphore places = new Semaphore(MOST);
    private volatile boolean answered;

    /// @throws TimeoutException where no answer has begun by then
    /// @throws IOException where there is none
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
        // More than ever wait.
        places.release(1 << 20);
    }
}
