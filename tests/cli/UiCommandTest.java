package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.config.GatewayConfig;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.ui.UsagePage;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageReports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;

class UiCommandTest {
    private static final Authenticator ADA = token -> token.equals("adas-token")
            ? Optional.of(new Caller("ada@example.com", Caller.Role.USER))
            : Optional.empty();

    @TempDir
    Path temp;

    @Test
    void theAddressSignsABrowserInAndHasNoTokenInIt() throws Exception {
        try (var reports = UsageReports.of(UsageDatabase.sqlite(temp.resolve("usage.db")));
                var gateway = gateway(ADA, reports)) {
            var result =
                    machine(gateway.baseUrl()).with("RPAI_TOKEN", "adas-token").run("ui", "--no-browser");

            assertEquals(0, result.exitCode(), result.err());
            assertTrue(result.out().startsWith(gateway.baseUrl() + "/ui#code="), result.out());
            assertFalse(result.out().contains("adas-token"), result.out());
            assertEquals(200, open(gateway.baseUrl(), result.out().strip().replaceFirst(".*#code=", "")));
        }
    }

    @Test
    void aGatewayWithoutSignInNeedsNoCode() throws Exception {
        try (var reports = UsageReports.of(UsageDatabase.sqlite(temp.resolve("usage.db")));
                var gateway = gateway(Authenticator.ANYONE, reports)) {
            var machine = new Machine(temp)
                    .profile("local", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.baseUrl()));

            assertEquals(
                    gateway.baseUrl() + "/ui\n",
                    machine.run("ui", "--no-browser").out());
        }
    }

    @Test
    void anInvalidTokenIsReported() throws Exception {
        try (var reports = UsageReports.of(UsageDatabase.sqlite(temp.resolve("usage.db")));
                var gateway = gateway(ADA, reports)) {
            var result =
                    machine(gateway.baseUrl()).with("RPAI_TOKEN", "another").run("ui", "--no-browser");

            assertEquals(1, result.exitCode());
            assertTrue(result.err().contains("rpkai auth login"), result.err());
        }
    }

    @Test
    void aGatewayWithoutThePageIsReported() {
        try (var gateway = FakeGateway.start()) {
            var result =
                    machine(URI.create(gateway.url())).with("RPAI_TOKEN", "t").run("ui", "--no-browser");

            assertEquals(1, result.exitCode());
            assertTrue(result.err().contains("has no Cost & Usage page at this address"), result.err());
        }
    }

    private static EmbeddedGateway gateway(Authenticator callers, UsageReports reports) {
        var page = new UsagePage(reports, callers, PublicEndpoint.plain(), InstantSource.system(), List.of());
        return EmbeddedGateway.start(GatewayConfig.local(List.of(), callers)
                .withPublicEndpoint(PublicEndpoint.plain().showing(page)));
    }

    private Machine machine(URI gateway) {
        return new Machine(temp).profile("team", "ai_gateway_url: %s\n".formatted(gateway));
    }

    private static int open(URI gateway, String code) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(gateway.resolve("/ui/session"))
                .header("X-Rpkai-Page", "usage")
                .POST(BodyPublishers.ofString(code));
        return HttpClient.newHttpClient()
                .send(request.build(), BodyHandlers.discarding())
                .statusCode();
    }
}
