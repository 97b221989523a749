package lib.http;

import com.github.mizosoft.methanol.Methanol.Interceptor;
import com.github.mizosoft.methanol.TaggableRequest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import lib.base.Trace;

/// Writes a line to the debug log for each control call: method, URL, status, milliseconds, attempt. Headers and
/// bodies are left out, because they contain tokens.
///
///     rpkai: debug: POST https://aigw.example/redpanda.…/ListLLMProviders: 200 in 12 ms (attempt 1)
final class RequestTrace implements Interceptor {
    private final Trace trace;
    private final ProxyVariables proxies;

    RequestTrace(Trace trace, ProxyVariables proxies) {
        this.trace = trace;
        this.proxies = proxies;
    }

    @Override
    public <T> HttpResponse<T> intercept(HttpRequest request, Chain<T> chain) throws IOException, InterruptedException {
        var attempt = attempt(request);
        var begin = System.nanoTime();
        try {
            var response = chain.forward(request);
            say(request, Integer.toString(response.statusCode()), begin, attempt);
            return response;
        } catch (IOException e) {
            // The message of the exception may quote the request.
            say(request, e.getClass().getSimpleName(), begin, attempt);
            throw e;
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> interceptAsync(HttpRequest request, Chain<T> chain) {
        var attempt = attempt(request);
        var begin = System.nanoTime();
        return chain.forwardAsync(request)
                .whenComplete((response, e) -> say(
                        request,
                        response == null ? e.getClass().getSimpleName() : Integer.toString(response.statusCode()),
                        begin,
                        attempt));
    }

    private static int attempt(HttpRequest request) {
        return TaggableRequest.tagOf(request, AtomicInteger.class)
                .map(AtomicInteger::incrementAndGet)
                .orElse(1);
    }

    private void say(HttpRequest request, String came, long begin, int attempt) {
        var proxy = proxies.proxyFor(request.uri())
                .map(name -> ", through the proxy " + name.replaceFirst(".*@", ""))
                .orElse("");
        trace.log(() -> "%s %s: %s in %d ms (attempt %d%s)"
                .formatted(
                        request.method(),
                        Trace.shown(request.uri()),
                        came,
                        Duration.ofNanos(System.nanoTime() - begin).toMillis(),
                        attempt,
                        proxy));
    }
}
