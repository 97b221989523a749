package lib.gateway.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.exchange.ApiFormat;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.ProxyPath;
import lib.gateway.formats.Formats;
import lib.gateway.management.ConnectError.Code;
import lib.gateway.upstream.AwsSignature;
import lib.gateway.upstream.HostLookup;
import lib.gateway.upstream.LazyHttpClient;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;
import lib.gateway.upstream.UpstreamTimeouts;

/// Checks whether an upstream accepts a provider's credentials. The upstream's message is not repeated: it may
/// quote the key.
public final class ConnectionCheck {
    private static final byte[] EMPTY = {'{', '}'};

    private final LazyHttpClient client;

    public ConnectionCheck(LazyHttpClient client) {
        this.client = client;
    }

    /// A canonical code of gRPC's, which a `google.rpc.Status` carries as a number.
    ///
    /// @see <a href="https://grpc.io/docs/guides/status-codes/">gRPC's codes</a>
    private record Verdict(int code, String message) {
        static final Verdict OK = new Verdict(0, "");
    }

    /// Returns `{latencyMs, status}`: the duration of the answer, absent if no request was sent, and the result.
    ///
    /// @throws ConnectError for a provider that has no credentials of its own
    JsonNode of(HostedProvider hosted) {
        if (hosted.provider().passthrough()) {
            throw new ConnectError(
                    Code.FAILED_PRECONDITION,
                    ("provider \"%s\" passes the caller's own credentials through: it has none to " + "check")
                            .formatted(hosted.provider().name()));
        }
        try {
            return switch (hosted.upstream()) {
                case Upstream.Demo _ -> answer(1, Verdict.OK);
                case Upstream.Remote remote -> ask(hosted, remote);
                case Upstream.Stored stored -> ask(hosted, stored.remote().get());
            };
        } catch (GatewayError refusal) {
            return answer(0, new Verdict(9, refusal.getMessage()));
        }
    }

    private JsonNode ask(HostedProvider hosted, Upstream.Remote remote) {
        var wire = Formats.of(hosted.provider().type());
        var request = request(hosted, remote, wire);
        var before = System.nanoTime();
        var verdict = verdict(request, probeBody(wire, hosted), remote, wire);
        return answer(Math.max(1, Duration.ofNanos(System.nanoTime() - before).toMillis()), verdict);
    }

    private static HttpRequest request(HostedProvider hosted, Upstream.Remote remote, ApiFormat wire) {
        var name = hosted.provider().name();
        var probe = wire.probe(hosted.provider().models());
        var body = probeBody(wire, hosted);
        var uri = wire.upstream(remote.baseUrl(), new ProxyPath(name, probe.path(), probe.query()));
        var builder = HttpRequest.newBuilder(uri)
                .timeout(UpstreamTimeouts.OWN_CALL)
                .version(HttpClient.Version.HTTP_1_1)
                .method(probe.method(), body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        probe.headers().forEach(builder::setHeader);
        switch (remote.access()) {
            case UpstreamAuth.Key(var header, var scheme, var secret) ->
                builder.setHeader(header, scheme + secret.reveal());
            case UpstreamAuth.Aws aws -> {
                builder.setHeader("Content-Type", "application/json");
                AwsSignature.add(
                        new AwsSignature.Signed(
                                probe.method(), uri, Map.of("Content-Type", List.of("application/json")), body),
                        "bedrock",
                        name,
                        aws,
                        builder::setHeader);
            }
            case UpstreamAuth.None _, UpstreamAuth.Passthrough _, UpstreamAuth.Gateway _ -> {}
        }
        return builder.build();
    }

    private static byte[] probeBody(ApiFormat wire, HostedProvider hosted) {
        return wire.probe(hosted.provider().models()).method().equals("POST") ? EMPTY : new byte[0];
    }

    private Verdict verdict(HttpRequest request, byte[] body, Upstream.Remote remote, ApiFormat wire) {
        try {
            var answer = client.send(request, body, remote.lookup(), remote.tls());
            var error = answer.headers()
                    .getOrDefault("x-amzn-errortype", List.of(""))
                    .getFirst();
            return wire.accepts(answer.status(), error) ? Verdict.OK : verdict(answer.status());
        } catch (HostLookup.Forbidden e) {
            return new Verdict(9, "the base URL " + HostLookup.Forbidden.WHY);
        } catch (HttpTimeoutException e) {
            return new Verdict(
                    4, "the upstream did not answer within %d s".formatted(UpstreamTimeouts.OWN_CALL.toSeconds()));
        } catch (IOException e) {
            // The exception's message quotes the request.
            return remote.tls()
                    .explain(e)
                    .map(why -> new Verdict(9, why))
                    .orElseGet(() -> new Verdict(
                            14,
                            "the upstream cannot be reached: check the base URL and the gateway's proxy "
                                    + "(HTTPS_PROXY)"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Verdict(1, "the gateway is stopping");
        }
    }

    private static Verdict verdict(int status) {
        var got = " (HTTP %d)".formatted(status);
        if (status >= 500) return new Verdict(14, "the upstream is not available" + got);
        return switch (status) {
            case 400, 422 ->
                new Verdict(3, "the upstream refused the request, which may mean that the key is wrong" + got);
            case 401 -> new Verdict(16, "the upstream refused the credentials" + got);
            case 403 -> new Verdict(7, "the credentials do not have the required permission" + got);
            case 404, 405 -> new Verdict(5, "the upstream answers, but not as this API: check the base URL" + got);
            case 407 -> new Verdict(9, "the proxy requires a name and password in HTTPS_PROXY" + got);
            case 429 -> new Verdict(8, "the upstream accepts no more requests at the moment" + got);
            default -> new Verdict(2, "the upstream answered unexpectedly" + got);
        };
    }

    private static JsonNode answer(long millis, Verdict verdict) {
        var json = JsonNodeFactory.instance.objectNode();
        if (millis > 0) json.put("latencyMs", Long.toString(millis));
        var status = json.putObject("status");
        if (verdict.code > 0) status.put("code", verdict.code).put("message", verdict.message);
        return json;
    }
}
