package lib.gateway.upstream;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import lib.base.UserError;
import lib.gateway.certificate.ClientCertificate;
import lib.gateway.certificate.ClientTls;
import lib.gateway.certificate.UpstreamClients;
import lib.gateway.demo.DemoModel;
import lib.gateway.exchange.BodyStore;
import lib.gateway.exchange.CallMeter;
import lib.gateway.exchange.CallerCredentials;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.HopByHop;
import lib.gateway.exchange.StreamUsage;

/// Forwards a request to an upstream and its answer to the client, unchanged and piece by piece. Arrived bytes
/// are flushed before the relay waits for more, and the upstream is read no faster than the client reads.
public final class Relay implements AutoCloseable {
    private final UpstreamClients clients;
    private final ClientOnce client;
    private final Duration patience;
    private final Map<Host, Way> ways = new ConcurrentHashMap<>();
    private final BodyStore bodies;

    /// A host, its lookup and the secrets of the client certificate. Connections that were made with a less strict
    /// lookup or another certificate are not reused.
    private record Host(String authority, HostLookup lookup, Optional<ClientCertificate.Source> certificate) {
        static Host of(URI uri, Upstream.Remote upstream) {
            return new Host(
                    uri.getScheme() + "://" + uri.getRawAuthority(),
                    upstream.lookup(),
                    upstream.tls().certificate().map(ClientCertificate::source));
        }
    }

    public Relay(UpstreamClients clients, Duration patience, BodyStore bodies) {
        this.clients = clients;
        this.client = new ClientOnce(clients);
        this.patience = patience;
        this.bodies = bodies;
    }

    /// Forwards a request and sends the upstream's answer to the client.
    ///
    /// @throws GatewayError if the upstream does not answer
    /// @throws RuntimeException if the answer broke off halfway; the client must see that as a cut connection
    public void relay(Exchange exchange, CallerCredentials credentials, Upstream.Remote upstream) {
        try (var answer = answer(exchange, credentials, upstream)) {
            // Only for gateways: no other upstream may declare the cost of a call.
            if (upstream.access() instanceof UpstreamAuth.Gateway
                    && answer.headers().containsKey(DemoModel.ANSWERED.name()))
                exchange.metered().ifPresent(CallMeter::isDemo);
            pass(answer, exchange);
        } catch (IOException cut) {
            throw new UncheckedIOException(cut);
        }
    }

    private UpstreamAnswer answer(Exchange exchange, CallerCredentials credentials, Upstream.Remote upstream) {
        var received = send(UpstreamRequest.of(exchange, credentials, upstream), upstream, exchange.subject());
        try {
            var answer = MaskedAnswer.of(received, upstream.access());
            exchange.body().releaseSmall();
            AnswerFilter.check(answer, exchange, upstream);
            return answer;
        } catch (RuntimeException refusal) {
            received.close();
            throw refusal;
        }
    }

    /// Returns the memory that holds request bodies.
    public BodyStore bodies() {
        return bodies;
    }

    /// Connects to an upstream in the background, so that the first request does not wait for the handshake. Sends
    /// no request.
    public void prepare(Upstream.Remote upstream) {
        Thread.ofVirtual().name("first connection").start(() -> {
            try {
                way(upstream.baseUrl(), upstream, client()).http1.ifPresent(Http1Pool::prepare);
            } catch (RuntimeException e) {
                // The first request gets the error.
            }
        });
    }

    /// Ends every upstream call.
    @Override
    public void close() {
        client.close();
        ways.values().forEach(Way::close);
    }

    /// Returns the client for upstream calls. It is created on first use, so that the demo starts without it.
    public HttpClient client() {
        return client.get();
    }

    private UpstreamAnswer send(UpstreamRequest request, Upstream.Remote upstream, String subject) {
        var client = reachable(subject);
        try {
            return sent(request, upstream, client);
        } catch (TimeoutException e) {
            throw GatewayError.late(subject, "no data within " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            throw new IllegalStateException("the client went away", e);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) throw new IllegalStateException("the client went away", e);
            if (request.body().refusal().isPresent())
                throw request.body().refusal().get();
            if (request.body().isBroken()) throw GatewayError.brokenBody();
            throw refusal(subject, upstream.tls(), e);
        }
    }

    private UpstreamAnswer sent(UpstreamRequest request, Upstream.Remote upstream, HttpClient client)
            throws IOException, TimeoutException, InterruptedException {
        var uri = request.uri();
        var way = way(uri, upstream, client);
        try {
            if (way.http1.isPresent()) return way.http1.get().send(request, patience);
        } catch (TlsUpstream.NoHttp1 other) {
            // No part of the request has been sent.
            way = ways.computeIfPresent(
                    Host.of(uri, upstream), (_, known) -> known.http1.isPresent() ? known.http2() : known);
        }
        return way.first.isPresent()
                ? way.first.get().send(way.client, request, patience)
                : new JdkUpstream(way.client).send(request, patience);
    }

    /// The way to a host: HTTP/1.1 on the gateway's own connections, or the JDK's client.
    ///
    /// @param client the JDK's client, of the relay or, with a certificate, of this way
    /// @param certificate the certificate that the client shows
    /// @param first the queue of first requests, used with the JDK's client for a host that supports only HTTP/2
    private record Way(
            HttpClient client,
            Optional<ClientCertificate> certificate,
            Optional<Http1Pool> http1,
            Optional<FirstRequests> first) {
        Way(HttpClient client, Optional<ClientCertificate> certificate, Optional<Http1Pool> http1) {
            this(client, certificate, http1, Optional.empty());
        }

        Way http2() {
            return new Way(client, certificate, Optional.empty(), Optional.of(new FirstRequests()));
        }

        void close() {
            http1.ifPresent(Http1Pool::close);
            if (certificate.isPresent()) client.shutdownNow();
        }
    }

    private Way way(URI uri, Upstream.Remote upstream, HttpClient client) {
        var certificate = upstream.tls().certificate();
        if (certificate.isEmpty())
            return ways.computeIfAbsent(Host.of(uri, upstream), _ -> newWay(uri, upstream, client));
        // After one of its secrets was replaced, requests under way keep their connections, and idle ones end.
        return ways.compute(
                Host.of(uri, upstream),
                (_, known) -> known != null && known.certificate.equals(certificate)
                        ? known
                        : newWay(uri, upstream, clients.create(certificate.map(ClientCertificate::keyManager))));
    }

    private static Way newWay(URI uri, Upstream.Remote upstream, HttpClient client) {
        var pool = Optional.<Http1Pool>empty();
        if (uri.getScheme().equalsIgnoreCase("https"))
            pool = Optional.of(new Http1Pool(new TlsUpstream(uri, client, upstream.lookup())));
        else if (isDirect(client, uri)) pool = Optional.of(new Http1Pool(CleartextUpstream.at(uri, upstream.lookup())));
        return new Way(client, upstream.tls().certificate(), pool);
    }

    /// Returns whether no proxy is used for a URI.
    static boolean isDirect(HttpClient client, URI uri) {
        return client.proxy().orElseGet(ProxySelector::getDefault).select(uri).stream()
                .allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT);
    }

    private HttpClient reachable(String subject) {
        try {
            return client();
        } catch (UserError wrong) {
            // For example an unusable proxy variable. Its message explains the problem and quotes no value.
            throw GatewayError.cannotReach(subject, wrong.line());
        }
    }

    private static GatewayError refusal(String subject, ClientTls tls, IOException cause) {
        var certificate = tls.explain(cause);
        if (certificate.isPresent()) return GatewayError.cannotReach(subject, certificate.get());
        // Messages of exceptions are not forwarded: they quote the request.
        return switch (cause) {
            case ProxyTunnel.Refused refused when refused.status() == 407 -> proxyWantsPassword(subject);
            case ProxyTunnel.Refused refused ->
                GatewayError.unreachable(
                        subject, "the proxy refused to connect to it (HTTP %d)".formatted(refused.status()));
            case HttpConnectTimeoutException _ -> GatewayError.late(subject, "no connection to its upstream");
            case HostLookup.Forbidden _ -> GatewayError.cannotReach(subject, "its URL " + HostLookup.Forbidden.WHY);
            case ConnectException _ -> GatewayError.unreachable(subject, "no connection to its upstream");
            case SSLException _ -> GatewayError.unreachable(subject, "no secure connection to its upstream");
            default -> GatewayError.unreachable(subject, "its upstream closed the connection without an answer");
        };
    }

    static GatewayError proxyWantsPassword(String subject) {
        return GatewayError.cannotReach(
                subject,
                "the proxy refused to connect to it (HTTP 407): set its name and password in " + "HTTPS_PROXY");
    }

    private static void pass(UpstreamAnswer answer, Exchange exchange) throws IOException {
        var response = exchange.response();
        var metered = exchange.metered();
        metered.ifPresent(looks -> looks.answers(answer.status(), name -> first(answer, name)));
        AnswerFilter.copyHeaders(answer, exchange);
        var isShortened = StreamUsage.isIn(answer.headers(), exchange);
        // Helidon accepts no such status while there is a length.
        if (isShortened || HopByHop.hasNoBody(answer.status()))
            response.headers().remove(HeaderNames.CONTENT_LENGTH);
        response.status(Status.create(answer.status()));
        if (HopByHop.hasNoBody(answer.status())) {
            response.send();
            return;
        }
        var whole = answer.whole();
        if (whole.isPresent()) {
            try {
                response.send(isShortened ? StreamUsage.without(whole.get()) : whole.get());
            } finally {
                // Output that a disconnected client did not receive has been used all the same.
                metered.ifPresent(looks -> looks.shown(whole.get(), 0, whole.get().length));
            }
            return;
        }
        var out = response.outputStream();
        // With a known length this sends the head at once; otherwise Helidon delays the head until the first
        // byte.
        if (response.headers().contains(HeaderNames.CONTENT_LENGTH)) out.write(new byte[0]);
        else open(out, exchange.wire().opening(exchange, first(answer, "content-type")));
        try {
            if (isShortened) passWithoutUsage(answer, out, metered);
            else answer.passTo(metered.<OutputStream>map(looks -> looks.on(out)).orElse(out));
        } catch (IOException cut) {
            var closing = exchange.wire().closing(exchange, first(answer, "content-type"));
            if (closing.length == 0
                    || response.headers().contains(HeaderNames.CONTENT_LENGTH)
                    || Thread.currentThread().isInterrupted()) throw cut;
            out.write(closing);
            out.flush();
        }
        response.commit();
    }

    private static void passWithoutUsage(UpstreamAnswer answer, OutputStream out, Optional<CallMeter> metered)
            throws IOException {
        var client = new StreamUsage.Without(out);
        answer.passTo(metered.<OutputStream>map(looks -> looks.on(client)).orElse(client));
        client.end();
    }

    private static void open(OutputStream out, byte[] opening) throws IOException {
        if (opening.length == 0) return;
        out.write(opening);
        out.flush();
    }

    private static String first(UpstreamAnswer answer, String header) {
        return answer.headers().getOrDefault(header, List.of("")).getFirst();
    }
}
