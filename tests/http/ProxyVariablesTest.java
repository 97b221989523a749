package tests.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.base.UserError;
import lib.http.ProxyVariables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;

class ProxyVariablesTest {
    @TempDir
    static Path certificates;

    private static PrivateCa ca;
    private static PrivateCa.Server server;

    @TempDir
    Path temp;

    private Machine machine;

    @BeforeAll
    static void aServer() throws Exception {
        ca = new PrivateCa(certificates);
        server = ca.serve("gateway.test");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void aMachine() {
        machine = new Machine(temp);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            nullValues = "-",
            value = {
                "HTTPS_PROXY=http://p:3128, https://a.example, p:3128",
                "HTTPS_PROXY=http://p:3128, http://a.example, -",
                "HTTP_PROXY=http://p:3128, http://a.example, p:3128",
                "HTTP_PROXY=http://p:3128, https://a.example, -",
                "ALL_PROXY=http://p:3128, https://a.example, p:3128",
                "ALL_PROXY=http://p:3128, http://a.example, p:3128",
                "ALL_PROXY=http://all:1 HTTPS_PROXY=http://p:2, https://a.example, p:2",
                "https_proxy=http://lower:1 HTTPS_PROXY=http://upper:2, https://a.example, lower:1",
                "https_proxy= HTTPS_PROXY=http://upper:2, https://a.example, upper:2",
                "HTTPS_PROXY=p:3128, https://a.example, p:3128",
                "HTTPS_PROXY=p, https://a.example, p:80",
                "HTTPS_PROXY=http://p, https://a.example, p:80",
                "HTTPS_PROXY=http://[::2]:3128, https://a.example, [::2]:3128",
                "HTTPS_PROXY=http://u:secret@p:3128, https://a.example, p:3128",
                "HTTPS_PROXY=http://p:1, https://localhost, -",
                "HTTPS_PROXY=http://p:1, https://127.0.0.1:8443, -",
                "HTTPS_PROXY=http://p:1, https://127.1.2.3, -",
                "HTTPS_PROXY=http://p:1, https://[::1]:8443, -",
                "HTTPS_PROXY=http://p:1, https://x.localhost, -",
                "HTTPS_PROXY=http://p:1, https://localhost.example, p:1",
                "HTTPS_PROXY=http://p:1, https://127.0.0.1.example, p:1",
                "HTTPS_PROXY=http://p:1 NO_PROXY=a.example, https://a.example, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=a.example, https://b.a.example, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=a.example, https://ba.example, p:1",
                "HTTPS_PROXY=http://p:1 NO_PROXY=.a.example, https://b.a.example, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=*.a.example, https://b.a.example, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=A.Example, https://a.EXAMPLE, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=*, https://a.example, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=x;y, https://a.example, p:1",
                "HTTPS_PROXY=http://p:1 NO_PROXY=a.example:8443, https://a.example:8443, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=a.example:8443, https://a.example:9443, p:1",
                "HTTPS_PROXY=http://p:1 NO_PROXY=a.example:443, https://a.example, -",
                "HTTP_PROXY=http://p:1 NO_PROXY=a.example:80, http://a.example, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=10.0.0.7, https://10.0.0.7, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=10.0.0.7, https://110.0.0.7, p:1",
                "HTTPS_PROXY=http://p:1 NO_PROXY=10.0.0.0/8, https://10.20.30.40, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=10.0.0.0/8, https://11.20.30.40, p:1",
                "HTTPS_PROXY=http://p:1 NO_PROXY=172.16.0.0/12, https://172.31.255.1, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=172.16.0.0/12, https://172.32.0.1, p:1",
                "HTTPS_PROXY=http://p:1 NO_PROXY=0.0.0.0/0, https://8.8.8.8, -",
                "HTTPS_PROXY=http://p:1 NO_PROXY=10.0.0.0/99, https://10.0.0.1, p:1",
                "HTTPS_PROXY=http://p:1 NO_PROXY=10.0.0.0/8, https://10.example, p:1",
                "NO_PROXY=a.example, https://a.example, -"
            })
    void theSameProxyIsChosenAsByCurl(String variables, String url, String proxy) {
        for (var variable : variables.split(" "))
            machine.with(
                    variable.substring(0, variable.indexOf('=')),
                    variable.substring(variable.indexOf('=') + 1).replace(';', ','));

        assertEquals(
                Optional.ofNullable(proxy), ProxyVariables.of(machine.host()).proxyFor(URI.create(url)));
    }

    @Test
    void severalExceptionsMayHaveSpaceAround() {
        machine.with("HTTPS_PROXY", "http://p:1").with("NO_PROXY", " a.example , ,b.example ");

        assertEquals(Optional.empty(), ProxyVariables.of(machine.host()).proxyFor(URI.create("https://b.example")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5://u:hunter2@p:1",
                "http://",
                "http://u:hunter2@",
                "::::hunter2",
                "http://p:hunter2",
                "file:///hunter2"
            })
    void aVariableThatIsNoHttpProxyIsRefusedWithoutShowingIt(String value) {
        machine.with("HTTPS_PROXY", value);

        var e = assertThrows(UserError.class, () -> ProxyVariables.of(machine.host()));

        assertTrue(e.line().contains("HTTPS_PROXY") && !e.line().contains("hunter2"), e.line());
    }

    @Test
    void aProxyVariableOfAnotherKindDoesNotAffectACommandWithoutCalls() {
        machine.with("ALL_PROXY", "socks5://p:1").with("RPAI_TOKEN", "t");

        assertEquals("t\n", machine.run("auth", "token").out());
    }

    @Test
    void aCallInTheClearGoesThroughTheProxy() {
        try (var gateway = gateway();
                var proxy = new TinyProxy(URI.create(gateway.url()).getPort(), Optional.empty())) {
            machine.profile("prod", "ai_gateway_url: http://gateway.test:8090\nauth_mode: none\n")
                    .with("HTTP_PROXY", proxy.url());

            var result = machine.run("llm", "list");

            assertEquals(0, result.exitCode(), result.err());
            assertTrue(result.out().contains("claude"), result.out());
            assertEquals(
                    List.of("POST http://gateway.test:8090/redpanda.api.adp.v1alpha1."
                            + "LLMProviderService/ListLLMProviders "
                            + "HTTP/1.1"),
                    proxy.requests());
        }
    }

    @Test
    void aCallByTlsGoesThroughTheProxysTunnel() {
        try (var proxy = new TinyProxy(server.port(), Optional.empty())) {
            machine.profile("prod", "ai_gateway_url: https://gateway.test\nauth_mode: none\n")
                    .with("HTTPS_PROXY", proxy.url())
                    .with("SSL_CERT_FILE", ca.pem().toString());

            var result = machine.run("llm", "list");

            assertEquals(0, result.exitCode(), result.err());
            assertEquals(List.of("CONNECT gateway.test:443 HTTP/1.1"), proxy.requests());
        }
    }

    @Test
    void anExceptionGoesRoundTheProxy() {
        try (var gateway = gateway();
                var proxy = new TinyProxy(1, Optional.empty())) {
            var port = URI.create(gateway.url()).getPort();
            machine.profile("prod", "ai_gateway_url: http://127.0.0.1:%d\nauth_mode: none\n".formatted(port))
                    .with("HTTP_PROXY", proxy.url())
                    .with("NO_PROXY", "127.0.0.1");

            assertEquals(0, machine.run("llm", "list").exitCode());
            assertEquals(List.of(), proxy.requests());
        }
    }

    /// Runs in separate processes: the JDK reads only once which schemes it may use with a proxy.
    @Test
    void aProxysPasswordIsGivenToTheProxyInTheClearAndInATunnel() throws Exception {
        try (var gateway = gateway();
                var plain = new TinyProxy(URI.create(gateway.url()).getPort(), Optional.of("ada:hunter2"));
                var tunnel = new TinyProxy(server.port(), Optional.of("bob:s3cret!"))) {
            machine.with("HTTP_PROXY", plain.url())
                    .with("HTTPS_PROXY", tunnel.url().replace("!", "%21"))
                    .with("SSL_CERT_FILE", ca.pem().toString());

            for (var url : new String[] {"http://gateway.test", "https://gateway.test"}) {
                machine.profile("prod", "ai_gateway_url: %s\nauth_mode: none\n".formatted(url));
                var process = machine.start("llm", "list", "-o", "json")
                        .redirectErrorStream(true)
                        .start();
                var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

                assertEquals(0, process.waitFor(), out);
            }
        }
    }

    @Test
    void aProxyThatRefusesIsNamedWithoutItsPassword() throws Exception {
        try (var proxy = new TinyProxy(1, Optional.of("ada:right"))) {
            machine.profile("prod", "ai_gateway_url: https://gateway.test\nauth_mode: none\n")
                    .with("HTTPS_PROXY", "http://ada:hunter2@127.0.0.1:" + proxy.port());

            var result = machine.run("-v", "llm", "list");

            assertEquals(1, result.exitCode());
            assertFalse(result.err().contains("hunter2"), result.err());
            assertTrue(
                    result.err().contains("through the proxy 127.0.0.1:" + proxy.port())
                            && result.err().contains("check HTTPS_PROXY and NO_PROXY"),
                    result.err());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://gateway.test", "https://gateway.test"})
    void aProxyThatRequiresAPasswordIsReported(String gateway) {
        try (var proxy = new TinyProxy(server.port(), Optional.of("ada:right"))) {
            var address = "127.0.0.1:" + proxy.port();
            machine.profile("prod", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway))
                    .with("ALL_PROXY", "http://" + address);

            var result = machine.run("llm", "list");

            assertEquals(
                    ("rpkai: the proxy %s refused to connect to the AI Gateway (HTTP 407): set its name and "
                                    + "password in HTTPS_PROXY, as http://name:password@host:port\n")
                            .formatted(address),
                    result.err());
        }
    }

    @Test
    void aProxyThatIsDownIsNamed() {
        var proxy = new TinyProxy(1, Optional.empty());
        proxy.close();
        machine.profile("prod", "ai_gateway_url: http://gateway.test\nauth_mode: none\n")
                .with("HTTP_PROXY", proxy.url());

        var result = machine.run("llm", "list");

        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().contains("through the proxy 127.0.0.1:" + proxy.port()), result.err());
    }

    private static FakeGateway gateway() {
        return FakeGateway.start().provider(ProviderJson.anthropic("claude")).tokens(_ -> true);
    }
}
