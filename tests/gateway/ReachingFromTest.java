package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.KEY;
import static tests.gateway.TestGateway.anthropic;
import static tests.gateway.TestGateway.errorMessage;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.http.PrivateCa;
import tests.http.TinyProxy;
import tests.support.Machine;

/// The way to upstreams that a machine's variables ask for.
class ReachingFromTest {
    @TempDir
    Path temp;

    @Test
    void anUpstreamBehindTheCompanysProxyAndAuthorityIsReached() throws Exception {
        var authority = new PrivateCa(temp);
        try (var upstream = authority.serve("upstream.test");
                var proxy = new TinyProxy(upstream.port(), Optional.empty())) {
            var machine = new Machine(temp)
                    .with("HTTPS_PROXY", proxy.url())
                    .with("SSL_CERT_FILE", authority.pem().toString());
            try (var gateway = from(machine, "https://upstream.test")) {
                var answer = gateway.post("anthropic/v1/messages", "{}");

                assertEquals(200, answer.statusCode(), answer.body());
                assertEquals("{}", answer.body());
                assertTrue(
                        proxy.requests().stream().allMatch("CONNECT upstream.test:443 HTTP/1.1"::equals),
                        proxy.requests().toString());
            }
        }
    }

    @Test
    void anUpstreamWhoseAuthorityIsUnknownGetsNoKey() throws Exception {
        var authority = new PrivateCa(temp);
        try (var upstream = authority.serve("upstream.test");
                var proxy = new TinyProxy(upstream.port(), Optional.empty());
                var gateway = from(new Machine(temp).with("HTTPS_PROXY", proxy.url()), "https://upstream.test")) {
            var answer = gateway.post("anthropic/v1/messages", "{}");

            assertEquals(502, answer.statusCode());
            assertTrue(errorMessage(answer).contains("no secure connection"), answer.body());
        }
    }

    @Test
    void anExceptionFromTheProxyIsReachedWithoutIt() throws Exception {
        try (var proxy = new TinyProxy(1, Optional.empty());
                var gateway = from(
                        new Machine(temp).with("HTTP_PROXY", proxy.url()).with("NO_PROXY", "upstream.test"),
                        "http://upstream.test:1")) {

            assertEquals(502, gateway.post("anthropic/v1/messages", "{}").statusCode());
            assertEquals(List.of(), proxy.requests());
        }
    }

    @Test
    void aProxyThatWantsAPasswordIsNamedAsTheReason() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var proxy = new TinyProxy(upstream.url().getPort(), Optional.of("ada:pass"));
                var gateway = from(
                        new Machine(temp).with("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()),
                        "https://upstream.test")) {
            var answer = gateway.post("anthropic/v1/messages", "{}");

            assertEquals(502, answer.statusCode());
            assertTrue(errorMessage(answer).contains("HTTPS_PROXY"), answer.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://127.0.0.1:9", "http://ada:hunter2@ not a host"})
    void anInvalidProxyVariableIsNamedWhenACallNeedsIt(String variable) throws Exception {
        try (var gateway = from(new Machine(temp).with("ALL_PROXY", variable), "https://upstream.test")) {
            var answer = gateway.post("anthropic/v1/messages", "{}");

            assertEquals(502, answer.statusCode());
            assertTrue(errorMessage(answer).contains("not the URL of an HTTP proxy"), answer.body());
            assertFalse(answer.body().matches(".*(hunter2|" + KEY + ").*"), answer.body());
        }
    }

    private static TestGateway from(Machine machine, String upstream) {
        return TestGateway.with(config -> config.withUpstreamsOf(machine.host()), anthropic(URI.create(upstream)));
    }
}
