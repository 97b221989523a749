package tests.gateway.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.gateway.EmbeddedGateway;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.config.GatewayConfig;
import lib.gateway.demo.DemoScript;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.exchange.TrustedProxies;
import lib.gateway.issuer.Issuer;
import lib.gateway.state.GatewayState;
import lib.gateway.upstream.Upstream;
import tests.support.Machine;

/// A gateway with its own issuer, its state in a folder, and a client of it.
final class TestTeam implements AutoCloseable {
    static final String CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    final GatewayState state;
    private final EmbeddedGateway gateway;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static volatile Instant now = Instant.parse("2026-11-22T10:00:00Z");

    TestTeam(Path folder) {
        this(GatewayState.open(
                folder.resolve("state"), new Machine(folder).at(() -> now).host()));
    }

    /// @param state closed with the gateway
    TestTeam(GatewayState state) {
        this.state = state;
        var front = PublicEndpoint.plain().trusting(TrustedProxies.of(List.of("127.0.0.1/32", "10.0.0.0/8")));
        var issuer = new Issuer(state, front);
        var demo = new HostedProvider(Provider.of("demo", ProviderType.ANTHROPIC), new Upstream.Demo());
        gateway = EmbeddedGateway.start(GatewayConfig.local(List.of(demo), issuer.callers())
                .withState(state)
                .withDemoScript(DemoScript.standard(), () -> {})
                .withPublicEndpoint(front.showing(issuer)));
    }

    HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(gateway.baseUrl() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, Map<String, String> form, String... headers) throws Exception {
        var body = form.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var request = HttpRequest.newBuilder(URI.create(gateway.baseUrl() + path))
                .header("Content-Type", "application/x-www-form-urlencoded");
        if (headers.length > 0) request.headers(headers);
        return client.send(
                request.POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    String url() {
        return gateway.baseUrl().toString();
    }

    JsonNode device() throws Exception {
        return json(
                post("/oauth/device/code", Map.of("client_id", "rpkai", "scope", "offline_access", "audience", "any")));
    }

    /// Starts a sign-in with these headers, as a proxy in front of the gateway sends them.
    JsonNode device(String... headers) throws Exception {
        return json(post("/oauth/device/code", Map.of("client_id", "rpkai"), headers));
    }

    JsonNode poll(JsonNode device) throws Exception {
        return json(post(
                "/oauth/token",
                Map.of(
                        "grant_type",
                        CODE_GRANT,
                        "device_code",
                        device.path("device_code").asText(),
                        "client_id",
                        "rpkai")));
    }

    /// Polls with a device code that does not exist, from that address.
    JsonNode guess(String address) throws Exception {
        return json(post(
                "/oauth/token",
                Map.of("grant_type", CODE_GRANT, "device_code", "guess", "client_id", "rpkai"),
                "X-Forwarded-For",
                address));
    }

    HttpResponse<String> decide(JsonNode device, String name, String key, String decision, String... headers)
            throws Exception {
        return post(
                "/device",
                Map.of("user_code", device.path("user_code").asText(), "name", name, "key", key, "decision", decision),
                headers);
    }

    /// Returns the tokens of a sign-in that the user approves.
    JsonNode signIn(String name, String key) throws Exception {
        var device = device();
        decide(device, name, key, "approve");
        return poll(device);
    }

    JsonNode refresh(String refreshToken) throws Exception {
        return json(post(
                "/oauth/token",
                Map.of("grant_type", "refresh_token", "refresh_token", refreshToken, "client_id", "rpkai")));
    }

    /// Returns the proxy's status for that token.
    int invoke(String token) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(url() + "/llm/v1/providers/demo"))
                                .header("Authorization", "Bearer " + token)
                                .HEAD()
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /// Returns the answer of a call of the management API, such as `SecretService/ListSecrets`.
    HttpResponse<String> manage(String token, String call, String message) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(url() + "/redpanda.api.adp.v1alpha1." + call))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(message))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /// Returns a token of a subject that has no account.
    static String unsigned(String subject) {
        return Stream.of("{\"alg\":\"ES256\",\"kid\":\"none\"}", "{\"sub\":\"%s\"}".formatted(subject), "signature")
                .map(part ->
                        Base64.getUrlEncoder().withoutPadding().encodeToString(part.getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.joining("."));
    }

    /// Returns the management API's status for that token.
    int list(String token) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(
                                        url() + "/redpanda.api.adp.v1alpha1.LLMProviderService/ListLLMProviders"))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }

    @Override
    public void close() {
        gateway.close();
        state.close();
        client.shutdownNow();
    }
}
