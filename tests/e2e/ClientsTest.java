package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.demo.DemoScript;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Repository;

/// The SDKs from npm, unmodified, against the embedded gateway; one run of them all (clients/clients.mjs), and
/// what each saw.
@Tag("e2e")
class ClientsTest {
    private static final List<String> PACKAGES = List.of(
            "@anthropic-ai/sdk@1.12.0",
            "openai@7.57.0",
            "@google/genai@3.1.0",
            "@aws-sdk/client-bedrock-runtime@3.1163.0");
    private static final CountDownLatch CUT = new CountDownLatch(2);

    private static JsonNode seen;

    @BeforeAll
    static void runThemAll() throws Exception {
        var folder = installed();
        var token = Secret.random();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            upstream.setExecutor(executor);
            upstream.createContext("/failing", exchange -> {
                var body = "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(529, body.length);
                try (var out = exchange.getResponseBody()) {
                    out.write(body);
                }
            });
            upstream.createContext("/endless", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                try (var out = exchange.getResponseBody()) {
                    while (true) {
                        out.write("event: content_block_delta\ndata: {\"type\":\"content_block_delta\"}\n\n"
                                .getBytes(StandardCharsets.UTF_8));
                        out.flush();
                        TimeUnit.MILLISECONDS.sleep(5);
                    }
                } catch (IOException left) {
                    CUT.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            upstream.start();
            var at = URI.create("http://127.0.0.1:" + upstream.getAddress().getPort());
            var hosted = new ArrayList<HostedProvider>();
            for (var type : List.of("anthropic", "openai", "google", "bedrock")) {
                var wire = ProviderType.of("LLM_PROVIDER_TYPE_" + type.toUpperCase(Locale.ROOT));
                var suffix = type.equals("anthropic") ? "" : "-" + type;
                hosted.add(new HostedProvider(Provider.of("demo" + suffix, wire), new Upstream.Demo()));
                hosted.add(new HostedProvider(
                        Provider.of("few" + suffix, wire).withModels(List.of("model-a")), new Upstream.Demo()));
            }
            hosted.add(remote("failing", ProviderType.ANTHROPIC, at));
            hosted.add(remote("endless", ProviderType.ANTHROPIC, at));
            hosted.add(new HostedProvider(
                    Provider.of("endless-openai", ProviderType.OPENAI), Upstream.open(at.resolve("/endless"))));
            try (var gateway = EmbeddedGateway.start(GatewayConfig.local(hosted, Authenticator.bearer(token))
                    .withDemoScript(DemoScript.standard(), () -> {}))) {
                seen = run(folder, gateway.baseUrl(), token);
                assertTrue(CUT.await(2, TimeUnit.MINUTES), "an upstream went on for a client that had left");
            } finally {
                upstream.stop(0);
            }
        }
    }

    @AfterAll
    static void forget() {
        seen = null;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anthropic whole",
                "anthropic stream",
                "responses whole",
                "responses stream",
                "chat whole",
                "chat stream",
                "google whole",
                "google stream",
                "converse whole",
                "converse stream",
                "invoke stream"
            })
    void aPromptIsAnswered(String what) {
        assertEquals(
                "Hello! This is rpkai's demo model speaking.",
                seen.path(what).asText(),
                seen.path(what).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic tool", "google tool", "converse tool"})
    void aToolIsCalled(String what) {
        assertEquals(
                "echo hi",
                seen.path(what).path("command").asText(),
                seen.path(what).toString());
    }

    @Test
    void aFunctionIsCalledUnderItsOwnName() {
        assertEquals("shell", seen.path("responses tool").asText(), seen.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic count", "anthropic models"})
    void theSmallCallsAreAnswered(String what) {
        assertTrue(seen.path(what).asBoolean(), seen.path(what).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "anthropic refused, PermissionDeniedError",
        "openai refused, PermissionDeniedError",
        "google refused, ApiError",
        "converse refused, AccessDeniedException"
    })
    void anErrorBecomesTheSdksOwnErrorWithItsReason(String what, String type) {
        var error = seen.path(what);
        assertEquals(403, error.path("status").asInt(), error.toString());
        assertEquals(type, error.path("error").asText());
        assertTrue(error.path("message").asText().contains("it allows model-a"), error.toString());
    }

    @Test
    void anUpstreamsErrorIsPassedOnUnchanged() {
        var error = seen.path("anthropic upstream error");
        assertEquals(529, error.path("status").asInt(), error.toString());
        assertTrue(error.path("message").asText().contains("Overloaded"), error.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic left", "openai left"})
    void aClientMayLeave(String what) {
        assertEquals("left", seen.path(what).asText(), seen.path(what).toString());
    }

    private static HostedProvider remote(String name, ProviderType type, URI upstream) {
        return new HostedProvider(
                Provider.of(name, type),
                Upstream.keyed(ProviderType.ANTHROPIC, upstream.resolve("/" + name), new Secret("sk-ant-key")));
    }

    private static JsonNode run(Path folder, URI gateway, Secret token) throws IOException {
        var node = new ProcessBuilder("node", "clients.mjs").directory(folder.toFile());
        node.environment().put("GATEWAY", gateway.toString());
        node.environment().put("TOKEN", token.reveal());
        var ended = Agents.run(node);
        assertEquals(0, ended.exitCode(), ended.err());
        return new ObjectMapper().readTree(ended.out());
    }

    /// The packages, installed when they are not there yet.
    private static Path installed() throws IOException, InterruptedException {
        var folder = NpmPackages.installed("clients", PACKAGES);
        Files.copy(
                Repository.root().resolve("tests/e2e/clients/clients.mjs"),
                folder.resolve("clients.mjs"),
                StandardCopyOption.REPLACE_EXISTING);
        return folder;
    }
}
