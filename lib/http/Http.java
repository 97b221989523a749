package lib.http;

import com.github.mizosoft.methanol.Methanol;
import com.github.mizosoft.methanol.MutableRequest;
import com.github.mizosoft.methanol.RetryInterceptor;
import com.github.mizosoft.methanol.RetryInterceptor.BackoffStrategy;
import com.github.mizosoft.methanol.TaggableRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
import lib.base.Host;
import lib.base.UserError;
import lib.startup.NoTls;
import lib.terminal.Progress;

/// The client for control calls: to the identity provider, the control plane and the management API. Requests and
/// answers are small. It has timeouts, repeats safe calls a few times, and uses the proxy and trust settings of
/// the machine.
///
///     var http = Http.of(host);
///     var answer = http.send(HttpRequest.newBuilder(uri).build(), Retry.SAFE, "the AI Gateway");
///     answer.status()   // 200
public final class Http implements AutoCloseable {
    private static final String TUNNELING = "jdk.http.auth.tunneling.disabledSchemes";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /// The timeout of a call that sets no other.
    public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);
    /// The longest wait that is accepted from `Retry-After`. A user is waiting at a terminal: if a server
    /// requires a longer wait, its answer is reported instead.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);
    /// The maximum size of an answer in bytes. The rest, of a web page for example, is cut off.
    private static final int MAX_BODY = 4 << 20;
    /// The size in bytes above which an answer is considered endless.
    private static final long ENDLESS_BODY = 64L << 20;
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    static {
        // The JDK sends no password to a proxy before a tunnel unless this property is set before the first
        // request.
        if (System.getProperty(TUNNELING) == null) System.setProperty(TUNNELING, "");
    }

    private final Made plain;
    private final Made secure;
    private final Progress progress;

    /// The client and its proxies.
    private record Client(HttpClient http, ProxyVariables proxies) {}

    private Http(Made plain, Made secure, Progress progress) {
        this.plain = plain;
        this.secure = secure;
        this.progress = progress;
    }

    /// Returns a client for a machine, with its proxy variables and extra certificate authorities. The underlying
    /// client is created for the first call: most commands make none, and creating one with TLS takes longer than
    /// they do.
    public static Http of(Host host) {
        return of(host, Progress.none());
    }

    /// Returns a client that shows which server it waits for.
    public static Http of(Host host, Progress progress) {
        return new Http(new Made(host, false), new Made(host, true), progress);
    }

    /// Ends the threads of the client, if there are any. Otherwise the JVM would wait 0.3 s for them when it
    /// ends.
    @Override
    public void close() {
        plain.end();
        secure.end();
    }

    /// A client that is created when it is needed, with TLS only for https addresses.
    private static final class Made {
        private final Host host;
        private final boolean tls;
        private HttpClient jdk;
        private Client client;

        Made(Host host, boolean tls) {
            this.host = host;
            this.tls = tls;
        }

        synchronized Client get() {
            if (client == null) {
                var proxies = ProxyVariables.of(host);
                // Answers are small and connections few, so upgrading to HTTP/2 would cost more than it saves.
                jdk = builder(host, proxies, tls, Optional.empty())
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
                var methanol = Methanol.newBuilder(jdk)
                        .userAgent("rpkai")
                        .requestTimeout(REQUEST_TIMEOUT)
                        .readTimeout(REQUEST_TIMEOUT)
                        .interceptor(retries());
                // After the retries in the chain, so that it sees each attempt.
                if (host.trace().isOn()) methanol.interceptor(new RequestTrace(host.trace(), proxies));
                client = new Client(methanol.build(), proxies);
            }
            return client;
        }

        synchronized void end() {
            if (jdk != null) jdk.shutdownNow();
        }
    }

    /// Returns a builder for the JDK's own client with the proxies and trust settings of a machine, for calls
    /// that are not control calls: it repeats nothing and follows no redirect.
    ///
    /// @throws UserError if a proxy variable is not the URL of an HTTP proxy
    public static HttpClient.Builder plain(Host host) {
        return plain(host, Optional.empty());
    }

    /// Returns a builder with the JVM's own settings for proxies and trust, for clients that show a certificate to
    /// servers that ask for one.
    public static HttpClient.Builder plain(Optional<KeyManager> key) {
        var client = HttpClient.newBuilder();
        key.ifPresent(own -> client.sslContext(ExtraTrust.context(own, null)));
        return client;
    }

    /// Returns a builder with the settings of a machine for clients that show a certificate.
    ///
    /// @param key the certificate and its key
    /// @throws UserError if a proxy variable is not the URL of an HTTP proxy
    public static HttpClient.Builder plain(Host host, Optional<KeyManager> key) {
        return builder(host, ProxyVariables.of(host), true, key);
    }

    private static HttpClient.Builder builder(
            Host host, ProxyVariables proxies, boolean tls, Optional<KeyManager> key) {
        var client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(proxies.selector());
        proxies.authenticator().ifPresent(client::authenticator);
        if (tls) ExtraTrust.context(host, key).ifPresent(client::sslContext);
        else NoTls.of(client);
        return client;
    }

    /// Whether a call may be repeated after a temporary failure.
    public enum Retry {
        /// The call changes nothing, or makes the same change again: up to three attempts, with jitter.
        SAFE,
        /// The call must not be made twice, and is repeated only if it was not started: too many requests (429),
        /// unavailable (503 with `Retry-After`), no connection.
        UNBEGUN,
        /// The call may be made again for a moment, and is repeated once if the connection broke before the answer.
        UNANSWERED,
        /// A second attempt could do harm, for example with a refresh token that is replaced on use.
        NEVER
    }

    /// An answer with any status.
    ///
    /// @param status the HTTP status
    /// @param contentType the media type without parameters, in lower case; empty if there is none
    /// @param body the text, cut at 4 MiB
    public record Answer(int status, String contentType, String body) {
        /// Returns whether a later attempt may succeed: the server is busy or restarting, or the proxy does not
        /// reach it.
        public boolean isPassing() {
            return PASSING.contains(status);
        }

        /// Returns whether the content type is JSON.
        public boolean isJson() {
            return contentType.endsWith("json");
        }
    }

    /// Sends a request and reads its answer.
    ///
    /// @param what the name of the server in messages, such as `the AI Gateway`
    /// @throws Unreachable when there is no answer at all
    public Answer send(HttpRequest request, Retry retry, String what) {
        var response = exchange(request, retry, what);
        var contentType =
                response.headers().firstValue("content-type").orElse("").split(";")[0];
        return new Answer(response.statusCode(), contentType.strip().toLowerCase(Locale.ROOT), response.body());
    }

    /// Sends a request and returns the answer with its headers and certificate. The body is cut at 4 MiB.
    ///
    /// @throws Unreachable when there is no answer at all
    public HttpResponse<String> exchange(HttpRequest request, Retry retry, String what) {
        var client = ("http".equalsIgnoreCase(request.uri().getScheme()) ? plain : secure).get();
        try (var wait = progress.on("Waiting for %s at %s".formatted(what, Unreachable.origin(request.uri())))) {
            var response = client.http()
                    .send(
                            MutableRequest.copyOf(request)
                                    .tag(Retry.class, retry)
                                    .tag(Progress.Wait.class, wait)
                                    .tag(AtomicInteger.class, new AtomicInteger()),
                            text());
            // The JDK returns a proxy's refusal as the answer, without a body.
            if (response.statusCode() == 407)
                throw Unreachable.refusedByProxy(what, client.proxies().proxyFor(request.uri()));
            return response;
        } catch (IOException e) {
            throw Unreachable.because(e, what, request.uri(), client.proxies().proxyFor(request.uri()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while asking " + what, "");
        }
    }

    /// Keeps the first 4 MiB of a body. The rest is read and discarded: if a body is abandoned, Methanol logs
    /// that with a stack trace to the user's terminal.
    private static BodyHandler<String> text() {
        return _ -> {
            var kept = new ByteArrayOutputStream();
            var seen = new AtomicLong();
            var all = BodySubscribers.ofByteArrayConsumer(chunk -> chunk.ifPresent(bytes -> {
                if (seen.addAndGet(bytes.length) > ENDLESS_BODY)
                    throw new UncheckedIOException(new IOException("an answer without end"));
                kept.write(bytes, 0, Math.min(bytes.length, MAX_BODY - kept.size()));
            }));
            return BodySubscribers.mapping(all, _ -> kept.toString(StandardCharsets.UTF_8));
        };
    }

    /// Returns the duration in `Retry-After`. Its other form, a date, means a longer wait than is accepted.
    /// Methanol's own reader would throw at a negative number, and log invalid values to the user's terminal.
    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .flatMap(value -> {
                    if (value.matches("\\d{1,9}")) return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
                    return value.matches("\\d+|.* GMT") ? Optional.of(LONGEST_WAIT.plusSeconds(1)) : Optional.empty();
                });
    }

    private static RetryInterceptor retries() {
        var exponential = BackoffStrategy.exponential(Duration.ofMillis(100), Duration.ofSeconds(1))
                .withJitter();
        BackoffStrategy asTold =
                context -> context.response().flatMap(Http::retryAfter).orElseGet(() -> exponential.backoff(context));
        return RetryInterceptor.newBuilder()
                .maxRetries(2)
                .retryNonIdempotent()
                .on(context -> isPassing(context) && asTold.backoff(context).compareTo(LONGEST_WAIT) <= 0)
                .backoff(asTold)
                .build(request -> TaggableRequest.tagOf(request, Retry.class)
                        .filter(retry -> retry != Retry.NEVER)
                        .isPresent());
    }

    private static boolean is(Retry retry, RetryInterceptor.Context<?> context) {
        return TaggableRequest.tagOf(context.request(), Retry.class)
                .filter(retry::equals)
                .isPresent();
    }

    /// Returns whether a connection broke. A call that timed out is not repeated.
    private static boolean isLost(Throwable e) {
        return e instanceof IOException && !(e instanceof SSLException) && !(e instanceof HttpTimeoutException);
    }

    /// Returns whether the failure may be temporary and the call may be repeated.
    private static boolean isPassing(RetryInterceptor.Context<?> context) {
        if (is(Retry.UNANSWERED, context))
            return context.retryCount() == 0
                    && context.exception().filter(Http::isLost).isPresent();
        var unbegun = is(Retry.UNBEGUN, context);
        if (context.exception().isPresent()) {
            var e = context.exception().get();
            return unbegun ? e instanceof ConnectException : isLost(e);
        }
        var response = context.response().orElseThrow();
        int status = response.statusCode();
        var again =
                unbegun ? status == 429 || status == 503 && retryAfter(response).isPresent() : PASSING.contains(status);
        if (again)
            TaggableRequest.tagOf(context.request(), Progress.Wait.class)
                    .ifPresent(wait -> wait.now("%s is busy (HTTP %d), trying again"
                            .formatted(Unreachable.origin(context.request().uri()), status)));
        return again;
    }
}
