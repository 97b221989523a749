package tests.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.config.GatewayConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;

class DnsRebindingGuardTest {
    private static EmbeddedGateway gateway;

    @BeforeAll
    static void start() {
        gateway = EmbeddedGateway.start(GatewayConfig.local(List.of(TestGateway.demo()), Authenticator.ANYONE));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost:PORT",
                "Host: 127.0.0.1:PORT",
                "Host: [::1]:PORT",
                "Host: localhost",
                "Host: LocalHost:9999",
                "Host: localhost:PORT|Sec-Fetch-Site: none",
                "Host: localhost:PORT|Sec-Fetch-Site: same-origin|Origin: http://localhost:PORT"
            })
    void aProgramOfThisMachineIsServed(String headers) throws IOException {
        assertEquals("200", status(headers));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A name of the attacker's that now resolves to 127.0.0.1.
                "Host: evil.example:PORT",
                "Host: localhost.evil.example",
                "Host: 127.0.0.1.evil.example:PORT",
                "Host: evil.example",
                "Host: 10.0.0.1:PORT",
                "Host: localhost@evil.example:PORT",
                "Host: evil.example:1:127.0.0.1",
                "Host: 0.0.0.0:PORT",
                // A page of another site, or of another program on this machine.
                "Host: localhost:PORT|Origin: https://evil.example",
                "Host: localhost:PORT|Origin: null",
                "Host: localhost:PORT|Origin: http://localhost:3000",
                "Host: localhost:PORT|Origin: https://localhost:PORT",
                "Host: localhost:PORT|Origin: http://localhost:PORT|Origin: https://evil.example",
                "Host: localhost:PORT|Sec-Fetch-Site: cross-site",
                "Host: localhost:PORT|Sec-Fetch-Site: same-site"
            })
    void aWebPageIsNot(String headers) throws IOException {
        // 400: Helidon takes it for no host at all.
        assertTrue(Set.of("403", "400").contains(status(headers)), headers);
    }

    private static String status(String headers) throws IOException {
        var port = String.valueOf(gateway.baseUrl().getPort());
        try (var socket =
                new Socket(gateway.baseUrl().getHost(), gateway.baseUrl().getPort())) {
            socket.setSoTimeout(120_000);
            TestGateway.sendOn(
                    socket, "HEAD /llm/v1/providers/demo HTTP/1.1|%s||".formatted(headers.replace("PORT", port)));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1).substring(9);
        }
    }
}
