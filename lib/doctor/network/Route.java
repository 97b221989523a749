package lib.doctor.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import lib.base.Host;
import lib.base.UserError;
import lib.http.Http;
import lib.http.Http.Retry;
import lib.http.ProxyVariables;
import lib.http.Unreachable;
import lib.http.Unreachable.Reason;

/// The way to a gateway, tried once and without a token: the proxy, the address, and the outcome of the call.
///
///     Route.to(gateway, host, http, Duration.ofSeconds(10)).outcome()   // Answered[status=401, …]
///
/// @param gateway the gateway's URL
/// @param proxy `host:port` of the proxy; empty for a direct connection
/// @param addresses the addresses of the host; empty where a proxy looks them up, or where there are none
/// @param outcome the outcome of the call
public record Route(URI gateway, Optional<String> proxy, List<String> addresses, Outcome outcome) {
    /// A call that every gateway answers, if only by refusing it.
    private static final String PATH = "/redpanda.api.adp.v1alpha1.LLMProviderService/GetLLMProvider";

    /// The times of a call.
    ///
    /// @param date the server's time, from the answer's `Date` header
    /// @param receivedAt this machine's time when the answer came
    /// @param took the length of the call
    public record Timing(Optional<Instant> date, Instant receivedAt, Duration took) {}

    /// The outcome of the call.
    public sealed interface Outcome {
        /// An answer came.
        ///
        /// @param status the HTTP status
        /// @param contentType the media type; empty where there was none
        /// @param isGateway whether it is an answer as an AI Gateway gives it
        /// @param timing the times of the call
        /// @param certificate the TLS version and who signed the certificate; empty without TLS
        record Answered(int status, String contentType, boolean isGateway, Timing timing, Optional<String> certificate)
                implements Outcome {}

        /// No answer came.
        ///
        /// @param reason what went wrong, for code
        /// @param why what went wrong, for people
        record Unreached(FailurePoint at, Reason reason, String why) implements Outcome {}
    }

    /// Tries the way.
    ///
    /// @param patience the time limit of the answer
    public static Route to(URI gateway, Host host, Http http, Duration patience) {
        Optional<String> proxy;
        try {
            proxy = ProxyVariables.of(host).proxyFor(gateway);
        } catch (UserError malformed) {
            return new Route(
                    gateway,
                    Optional.empty(),
                    List.of(),
                    new Outcome.Unreached(FailurePoint.PROXY, Reason.OTHER, malformed.getMessage()));
        }
        if (proxy.isPresent()) return new Route(gateway, proxy, List.of(), call(gateway, true, host, http, patience));
        try {
            var addresses = Arrays.stream(InetAddress.getAllByName(gateway.getHost()))
                    .map(InetAddress::getHostAddress)
                    .toList();
            return new Route(gateway, proxy, addresses, call(gateway, false, host, http, patience));
        } catch (UnknownHostException e) {
            return new Route(
                    gateway,
                    proxy,
                    List.of(),
                    new Outcome.Unreached(
                            FailurePoint.DNS, Reason.HOST_NOT_FOUND, "there is no host named " + gateway.getHost()));
        }
    }

    /// A route on which no answer came in time.
    public static Route unanswered(URI gateway, String why) {
        return new Route(
                gateway,
                Optional.empty(),
                List.of(),
                new Outcome.Unreached(FailurePoint.SERVER, Reason.NO_ANSWER, why));
    }

    /// Whether the server's certificate was signed by an authority that is not trusted.
    public boolean isUntrusted() {
        return outcome instanceof Outcome.Unreached unreached && unreached.reason() == Reason.UNTRUSTED_CERTIFICATE;
    }

    private static Outcome call(URI gateway, boolean proxied, Host host, Http http, Duration patience) {
        var request = HttpRequest.newBuilder(URI.create(gateway + PATH))
                .timeout(patience)
                .header("Content-Type", "application/json")
                .header("Connect-Protocol-Version", "1")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"doctor\"}"));
        var begin = System.nanoTime();
        try {
            var response = http.exchange(request.build(), Retry.SAFE, "the AI Gateway");
            var type = response.headers()
                    .firstValue("content-type")
                    .orElse("")
                    .split(";")[0]
                    .strip();
            return new Outcome.Answered(
                    response.statusCode(),
                    type,
                    isGateway(response),
                    timing(date(response), begin, host),
                    response.sslSession().flatMap(Route::certificate));
        } catch (Unreachable e) {
            if (e.reason() == Reason.BARE_401) {
                return new Outcome.Answered(401, "", true, timing(Optional.empty(), begin, host), Optional.empty());
            }
            return new Outcome.Unreached(FailurePoint.of(e.reason(), proxied), e.reason(), e.getMessage());
        }
    }

    private static Timing timing(Optional<Instant> date, long begin, Host host) {
        return new Timing(date, host.clock().instant(), Duration.ofNanos(System.nanoTime() - begin));
    }

    /// A gateway of the Connect protocol answers in JSON: the result, or an object with an error code.
    private static boolean isGateway(HttpResponse<String> response) {
        try {
            var json = new ObjectMapper().readTree(response.body());
            return json.isObject() && (json.path("code").isTextual() || response.statusCode() == 200);
        } catch (JsonProcessingException e) {
            // An ingress that demands a token may refuse in a format of its own.
            return response.statusCode() == 401 || response.statusCode() == 403;
        }
    }

    private static Optional<Instant> date(HttpResponse<?> response) {
        try {
            return response.headers()
                    .firstValue("date")
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> certificate(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate own
                    ? Optional.of("%s, certificate issued by %s"
                            .formatted(session.getProtocol(), CertificateIssuer.nameOf(own)))
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }
}
