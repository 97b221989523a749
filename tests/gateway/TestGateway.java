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
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.EmbeddedGateway;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.access.MissingRole;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.demo.DemoScript;
import lib.gateway.upstream.Upstream;
import tests.support.OwnCertificate;

/// A gateway on a free port and a client of it, for tests.
public final class TestGateway implements AutoCloseable {
    public static final String TOKEN = "gateway-token-of-the-user";
    public static final String INVOKER_TOKEN = "gateway-token-that-may-only-invoke";
    public static final String ADMIN_TOKEN = "gateway-token-of-an-admin";
    public static final String NO_ROLE_TOKEN = "gateway-token-that-gives-no-role";
    public static final String KEY = "sk-ant-stored-key";
    public static final ObjectMapper JSON = new ObjectMapper();

    private static final Authenticator CALLERS = token -> switch (token) {
        case TOKEN -> Optional.of(new Caller("user", Caller.Role.USER));
        case ADMIN_TOKEN -> Optional.of(new Caller("admin", Caller.Role.ADMIN));
        case NO_ROLE_TOKEN -> throw new MissingRole("ada has no role at this gateway");
        case INVOKER_TOKEN -> Optional.of(new Caller("invoker", Caller.Role.INVOKER));
        default -> Optional.empty();
    };

    private final EmbeddedGateway gateway;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestGateway(GatewayConfig config) {
        gateway = EmbeddedGateway.start(config);
    }

    public static TestGateway serving(HostedProvider... providers) {
        return with(config -> config, providers);
    }

    public static TestGateway with(UnaryOperator<GatewayConfig> change, HostedProvider... providers) {
        var config = GatewayConfig.local(List.of(providers), CALLERS).withDemoScript(DemoScript.standard(), () -> {});
        return new TestGateway(change.apply(config));
    }

    /// Returns the configuration of a gateway that trusts only that certificate of its upstreams.
    ///
    /// @param answer how long an upstream may take until its answer begins
    public static GatewayConfig trusting(GatewayConfig config, OwnCertificate own, Duration answer) {
        return config.withUpstreams(
                key -> {
                    try {
                        return HttpClient.newBuilder()
                                .sslContext(own.trusting(key))
                                .build();
                    } catch (IOException | GeneralSecurityException e) {
                        throw new IllegalStateException(e);
                    }
                },
                answer);
    }

    public static HostedProvider demo(String... models) {
        return new HostedProvider(provider("demo", true, models), new Upstream.Demo());
    }

    public static HostedProvider anthropic(URI upstream, String... models) {
        return new HostedProvider(
                provider("anthropic", true, models), Upstream.keyed(ProviderType.ANTHROPIC, upstream, new Secret(KEY)));
    }

    public static HostedProvider openAi(URI upstream, String... models) {
        return new HostedProvider(
                provider("openai", ProviderType.OPENAI, models),
                Upstream.keyed(ProviderType.OPENAI, upstream, new Secret(KEY)));
    }

    public static Provider provider(String name, boolean enabled, String... models) {
        return Provider.of(name, ProviderType.ANTHROPIC)
                .withModels(List.of(models))
                .withOption(Provider.Option.ENABLED, enabled);
    }

    public static Provider provider(String name, ProviderType type, String... models) {
        return Provider.of(name, type).withModels(List.of(models));
    }

    /// The demo model on a wire.
    public static HostedProvider demo(ProviderType type, String... models) {
        return new HostedProvider(provider("demo", type, models), new Upstream.Demo());
    }

    /// The same under another name.
    static HostedProvider demoNamed(String name, ProviderType type) {
        return new HostedProvider(provider(name, type), new Upstream.Demo());
    }

    public URI url() {
        return gateway.baseUrl();
    }

    /// A request below a provider, with the user's token.
    public HttpRequest.Builder request(String path) {
        return anonymous("/llm/v1/providers/" + path).header("Authorization", "Bearer " + TOKEN);
    }

    public HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(URI.create(gateway.baseUrl() + path)).timeout(Duration.ofMinutes(2));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /// The same, to be read while it arrives.
    public HttpResponse<InputStream> stream(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /// A connection on which `request` was sent, line for line, `|` standing for the end of one.
    public Socket sent(String request) throws IOException {
        var socket = new Socket(gateway.baseUrl().getHost(), gateway.baseUrl().getPort());
        socket.setSoTimeout(120_000);
        sendOn(socket, request);
        return socket;
    }

    public static void sendOn(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /// A request for a raw target, complete but for its last line.
    public static String raw(String method, String target) {
        return method + " " + target + " HTTP/1.1|Host: test|x-api-key: " + TOKEN + "|";
    }

    /// The status that a raw request target is answered with.
    public String statusOfTarget(String target) throws IOException {
        try (var socket = sent(raw("GET", target) + "|")) {
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1).substring(9);
        }
    }

    public static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    public static String errorType(HttpResponse<String> response) throws IOException {
        return json(response.body()).path("error").path("type").asText();
    }

    public static String errorMessage(HttpResponse<String> response) throws IOException {
        return json(response.body()).path("error").path("message").asText();
    }

    @Override
    public void close() {
        gateway.close();
        client.shutdownNow();
    }
}
