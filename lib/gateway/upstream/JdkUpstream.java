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

/// Upstreams as the JDK's client reaches them: over TLS, by HTTP/2 where they speak it, through proxies.
///
/// @param client what reaches them
record JdkUpstream(HttpClient client) {
    /// @throws TimeoutException where no answer has begun by then
    /// @throws IOException where there is none
    UpstreamAnswer send(UpstreamRequest request, Duration patience)
            throws IOException, TimeoutException, InterruptedException {
        // Not the request's own timeout: since JDK 26 that one would also end answers that stream for long.
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
            // A proxy's refusal has none at all.
            try (var _ = response.body()) {
                return;
            } catch (IOException e) {
                // It is over either way.
            }
        }
    }
}
