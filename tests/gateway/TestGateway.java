package tests.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import lib.Secret;
import lib.gateway.Caller;
import lib.gateway.Callers;
import lib.gateway.DemoScript;
import lib.gateway.EmbeddedGateway;
import lib.gateway.GatewayConfig;
import lib.gateway.HostedProvider;
import lib.gateway.RoleMissing;
import lib.gateway.Upstream;
import lib.providers.Provider;
import lib.providers.ProviderType;

/// A gateway on a free port and a client of it, for tests.
final class TestGateway implements AutoCloseable {
    static final String TOKEN = "gateway-token-of-the-user";
    static final String INVOKER_TOKEN = "gateway-token-that-may-only-invoke";
    static final String ADMIN_TOKEN = "gateway-token-of-an-admin";
    static final String NO_ROLE_TOKEN = "gateway-token-that-gives-no-role";
    static final String KEY = "sk-ant-stored-key";
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Callers CALLERS = token -> switch (token) {
        case TOKEN -> Optional.of(new Caller("user", Caller.Role.USER));
        case ADMIN_TOKEN -> Optional.of(new Caller("admin", Caller.Role.ADMIN));
        case NO_ROLE_TOKEN -> throw new RoleMissing("ada has no role at this gateway");
        case INVOKER_TOKEN -> Optional.of(new Caller("invoker", Caller.Role.INVOKER));
        default -> Optional.empty();
    };

    private final EmbeddedGateway gateway;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestGateway(GatewayConfig config) {
        gateway = EmbeddedGateway.start(config);
    }

    static TestGateway serving(HostedProvider... providers) {
        return with(config -> config, providers);
    }

    static TestGateway with(UnaryOperator<GatewayConfig> change, HostedProvider... providers) {
        var config = GatewayConfig.local(List.of(providers), CALLERS).saying(DemoScript.standard(), () -> {});
        return new TestGateway(change.apply(config));
    }

    static HostedProvider demo(String... models) {
        return new HostedProvider(provider("demo", true, models), new Upstream.Demo());
    }

    static HostedProvider anthropic(URI upstream, String... models) {
        return new HostedProvider(
                provider("anthropic", true, models), Upstream.anthropic(upstream, new Secret(KEY)));
    }

    static HostedProvider openAi(URI upstream, String... models) {
        return new HostedProvider(
                provider("openai", ProviderType.OPENAI, models), Upstream.openAi(upstream, new Secret(KEY)));
    }

    static Provider provider(String name, boolean enabled, String... models) {
        return new Provider(name, "", ProviderType.ANTHROPIC, List.of(models), enabled, "", false);
    }

    static Provider provider(String name, ProviderType type, String... models) {
        return new Provider(name, "", type, List.of(models), true, "", false);
    }

    /// The demo model on a wire.
    static HostedProvider demo(ProviderType type, String... models) {
        return new HostedProvider(provider("demo", type, models), new Upstream.Demo());
    }

    /// The same under another name.
    static HostedProvider demoNamed(String name, ProviderType type) {
        return new HostedProvider(provider(name, type), new Upstream.Demo());
    }

    URI url() {
        return gateway.baseUrl();
    }

    /// A request below a provider, with the user's token.
    HttpRequest.Builder request(String path) {
        return anonymous("/llm/v1/providers/" + path).header("Authorization", "Bearer " + TOKEN);
    }

    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(URI.create(gateway.baseUrl() + path)).timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /// The same, to be read while it arrives.
    HttpResponse<InputStream> stream(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /// A connection on which `request` was sent, line for line, `|` standing for the end of one.
    Socket sent(String request) throws IOException {
        var socket = new Socket(gateway.baseUrl().getHost(), gateway.baseUrl().getPort());
        socket.setSoTimeout(10_000);
        sendOn(socket, request);
        return socket;
    }

    static void sendOn(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /// A request for a raw target, complete but for its last line.
    static String raw(String method, String target) {
        return method + " " + target + " HTTP/1.1|Host: test|x-api-key: " + TOKEN + "|";
    }

    /// The status that a raw request target is answered with.
    String statusOfTarget(String target) throws IOException {
        try (var socket = sent(raw("GET", target) + "|")) {
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1).substring(9);
        }
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    static String errorType(HttpResponse<String> response) throws IOException {
        return json(response.body()).path("error").path("type").asText();
    }

    static String errorMessage(HttpResponse<String> response) throws IOException {
        return json(response.body()).path("error").path("message").asText();
    }

    @Override
    public void close() {
        gateway.close();
        client.shutdownNow();
    }
}
