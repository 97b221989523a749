package lib.gateway.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends requests with the JDK's client: over TLS, with HTTP/2 if the upstream supports it, and through proxies.
///
/// @param client the JDK's client
record JdkUpstream(HttpClient client) {
    /// @throws TimeoutException if no answer has begun within `patience`
    /// @throws IOException if there is no answer
    UpstreamAnswer send(UpstreamRequest request, Duration patience)
            throws IOException, TimeoutException, InterruptedException {
        // Not the request's own timeout: since JDK 26 that one would also end answers that stream for a long
        // time.
        var answer = client.sendAsync(request.forJdk(), HttpResponse.BodyHandlers.ofInputStream());
        try {
            return new Answer(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    private record Answer(HttpResponse<InputStream> response) implements UpstreamAnswer {
        @Override
        public int status() {
            return response.statusCode();
        }

        @Override
        public Map<String, List<String>> headers() {
            return response.headers().map();
        }

        @Override
        public Optional<byte[]> whole() {
            return Optional.empty();
        }

        @Override
        public void passTo(OutputStream out) throws IOException {
            var buffer = new byte[16 * 1024];
            for (int count; (count = response.body().read(buffer)) >= 0; ) {
                out.write(buffer, 0, count);
                out.flush();
            }
        }

        @Override
        public void close() {
            // The refusal of a proxy has no body at all.
            try (var _ = response.body()) {
                return;
            } catch (IOException e) {
                // The response has ended either way.
            }
        }
    }
}
