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
import javax.net.ssl.SSLException;
import lib.base.Host;
import lib.base.UserError;
import lib.startup.NoTls;
import lib.terminal.Progress;

/// The client for control calls: the identity provider, the control plane, the management API. Small questions
/// and answers, with timeouts, a few tries where trying again is safe, and the proxy and trust that the machine
/// asks for.
///
///     var http = Http.of(host);
///     var answer = http.send(HttpRequest.newBuilder(uri).build(), Retry.SAFE, "the AI Gateway");
///     answer.status()   // 200
public final class Http implements AutoCloseable {
    private static final String TUNNELING = "jdk.http.auth.tunneling.disabledSchemes";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /// How long a call may take that says nothing else.
    public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);
    /// Someone waits at a terminal: a server that wants more patience than this gets its say instead.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);
    /// More than any answer to a control call has; a page or a dump beyond it is cut.
    private static final int MAX_BODY = 4 << 20;
    /// What no answer has that ends.
    private static final long ENDLESS_BODY = 64L << 20;
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    static {
        // The JDK gives no password to a proxy before a tunnel unless this is set when the first request is made.
        if (System.getProperty(TUNNELING) == null) System.setProperty(TUNNELING, "");
    }

    private final Made plain;
    private final Made secure;
    private final Progress progress;

    /// The client proper, and what its proxies are.
    private record Client(HttpClient http, ProxyVariables proxies) {}

    private Http(Made plain, Made secure, Progress progress) {
        this.plain = plain;
        this.secure = secure;
        this.progress = progress;
    }

    /// A client for that machine: its proxy variables, its extra certificate authorities. It is made for the
    /// first call: most commands make none, and TLS alone takes longer than they do.
    public static Http of(Host host) {
        return of(host, Progress.none());
    }

    /// The same, which says whom it waits for.
    public static Http of(Host host, Progress progress) {
        return new Http(new Made(host, false), new Made(host, true), progress);
    }

    /// Ends the client's threads where there are any. The JVM would wait for them at its end, 0.3 s long.
    @Override
    public void close() {
        plain.end();
        secure.end();
    }

    /// A client that is made when it is asked for, with TLS only where it is for an https address.
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
                // Answers are small and connections few: HTTP/2's upgrade dance would cost more than it saves.
                jdk = builder(host, proxies, tls)
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
                var methanol = Methanol.newBuilder(jdk)
                        .userAgent("rpkai")
                        .requestTimeout(REQUEST_TIMEOUT)
                        .readTimeout(REQUEST_TIMEOUT)
                        .interceptor(retries());
                // Behind the retries: each attempt passes.
                if (host.trace().isOn()) methanol.interceptor(new RequestTrace(host.trace(), proxies));
                client = new Client(methanol.build(), proxies);
            }
            return client;
        }

        synchronized void end() {
            if (jdk != null) jdk.shutdownNow();
        }
    }

    /// The JDK's own client with that machine's proxies and trust, for what is not a control call: nothing is
    /// retried, no redirect followed.
    ///
    /// @throws UserError when a proxy variable is not the URL of an HTTP proxy
    public static HttpClient.Builder plain(Host host) {
        return builder(host, ProxyVariables.of(host), true);
    }

    private static HttpClient.Builder builder(Host host, ProxyVariables proxies, boolean tls) {
        var client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(proxies.selector());
        proxies.authenticator().ifPresent(client::authenticator);
        if (tls) ExtraTrust.context(host).ifPresent(client::sslContext);
        else NoTls.of(client);
        return client;
    }

    /// Whether a call may be sent again when it went wrong for a passing reason.
    public enum Retry {
        /// It changes nothing, or changes the same thing again: up to three tries, with jitter.
        SAFE,
        /// It may not be done twice, but was not even begun: too many requests (429), not now (503 with
        /// `Retry-After`), no connection.
        UNBEGUN,
        /// A second try could do harm, as with a refresh token that rotates.
        NEVER
    }

    /// An answer, whatever its status.
    ///
    /// @param status the HTTP status
    /// @param contentType the media type without parameters, in lower case; empty where there was none
    /// @param body the text, cut at 4 MiB
    public record Answer(int status, String contentType, String body) {
        /// Whether trying later may help: the server is busy, restarting, or not reached by the proxy before it.
        public boolean isPassing() {
            return PASSING.contains(status);
        }

        /// Whether the body says that it is JSON.
        public boolean isJson() {
            return contentType.endsWith("json");
        }
    }

    /// Sends a request and reads its answer.
    ///
    /// @param what the other side's name in messages, such as `the AI Gateway`
    /// @throws Unreachable when there is no answer at all
    public Answer send(HttpRequest request, Retry retry, String what) {
        var response = exchange(request, retry, what);
        var contentType =
                response.headers().firstValue("content-type").orElse("").split(";")[0];
        return new Answer(response.statusCode(), contentType.strip().toLowerCase(Locale.ROOT), response.body());
    }

    /// The same with everything that came with the answer: its headers, its certificate. The body is cut at 4
    /// MiB.
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
            // The JDK hands out a proxy's own refusal as if it were the answer, without a body.
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

    /// The first 4 MiB of a body. The rest is read and dropped: Methanol logs a body that is given up, with its
    /// stack trace, to the user's terminal.
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

    /// The seconds of `Retry-After`. Its other form, a date, is for longer waits than ours; Methanol's reader
    /// would throw at a negative number, and log what it can't read to the user's terminal.
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

    /// Whether what went wrong may go well another time, and the call may be made another time.
    private static boolean isPassing(RetryInterceptor.Context<?> context) {
        var unbegun = TaggableRequest.tagOf(context.request(), Retry.class)
                .filter(Retry.UNBEGUN::equals)
                .isPresent();
        if (context.exception().isPresent()) {
            var e = context.exception().get();
            // What did not answer in time had its time.
            return unbegun
                    ? e instanceof ConnectException
                    : e instanceof IOException && !(e instanceof SSLException) && !(e instanceof HttpTimeoutException);
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
