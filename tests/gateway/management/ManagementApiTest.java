package tests.gateway.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.INVOKER_TOKEN;
import static tests.gateway.TestGateway.KEY;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.anthropic;
import static tests.gateway.TestGateway.demo;
import static tests.gateway.TestGateway.json;
import static tests.gateway.TestGateway.provider;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import lib.api.Provider;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;

class ManagementApiTest {
    private static final String SERVICE = "/redpanda.api.adp.v1alpha1.LLMProviderService/";

    @Test
    void aProviderIsReadBackWithTheUrlOfItsProxy() throws Exception {
        try (var gateway = TestGateway.serving(demo("claude-a"))) {
            var answer = call(gateway, "GetLLMProvider", "{\"name\": \"demo\"}");
            var provider = Provider.fromJson(json(answer.body()).path("llmProvider"));

            assertEquals(200, answer.statusCode());
            assertEquals(
                    "application/json",
                    answer.headers().firstValue("content-type").orElse(""));
            assertEquals(gateway.url() + "/llm/v1/providers/demo", provider.url());
            assertEquals(List.of("claude-a"), provider.models());
        }
    }

    @Test
    void noStoredKeyIsShown() throws Exception {
        try (var gateway = TestGateway.serving(anthropic(URI.create("http://127.0.0.1:1")))) {
            var listed = call(gateway, "ListLLMProviders", "{}").body();

            assertTrue(listed.contains("\"anthropic\""), listed);
            assertFalse(listed.contains(KEY), listed);
        }
    }

    @Test
    void pagesFollowOneAnotherUntilAllAreListed() throws Exception {
        try (var gateway = TestGateway.serving(hosted("c"), hosted("a"), hosted("b"), hosted("e"), hosted("d"))) {
            var names = new ArrayList<String>();
            var sizes = new ArrayList<Integer>();
            var token = "";
            do {
                var message = "{\"pageSize\": 2, \"pageToken\": \"" + token + "\"}";
                var page = json(call(gateway, "ListLLMProviders", message).body());
                page.path("llmProviders")
                        .forEach(provider -> names.add(provider.path("name").asText()));
                sizes.add(page.path("llmProviders").size());
                token = page.path("nextPageToken").asText();
            } while (!token.isEmpty());

            assertEquals(List.of("a", "b", "c", "d", "e"), names);
            assertEquals(List.of(2, 2, 1), sizes);
        }
    }

    @Test
    void aFilterNamesAPartOfTheName() throws Exception {
        try (var gateway = TestGateway.serving(hosted("prod-claude"), hosted("prod-gpt"), hosted("test-claude"))) {
            var page = json(call(gateway, "ListLLMProviders", "{\"filter\": {\"nameContains\": \"claude\"}}")
                    .body());

            assertEquals(
                    List.of("prod-claude", "test-claude"),
                    page.path("llmProviders").findValuesAsText("name"));
        }
    }

    @Test
    void anAbsentProviderIsNotShown() throws Exception {
        var asked = new AtomicInteger();
        var absent =
                new HostedProvider(provider("ollama", true), new Upstream.Demo(), () -> asked.incrementAndGet() > 2);
        try (var gateway = TestGateway.serving(demo(), absent)) {
            assertEquals(
                    200, call(gateway, "GetLLMProvider", "{\"name\": \"demo\"}").statusCode());
            assertEquals(0, asked.get());
            assertEquals(
                    404,
                    call(gateway, "GetLLMProvider", "{\"name\": \"ollama\"}").statusCode());
            assertFalse(call(gateway, "ListLLMProviders", "{}").body().contains("ollama"));
            assertEquals(
                    200,
                    call(gateway, "GetLLMProvider", "{\"name\": \"ollama\"}").statusCode());
        }
    }

    @Test
    void anEmptyListIsAnEmptyMessage() throws Exception {
        try (var gateway = TestGateway.serving()) {
            assertEquals("{}", call(gateway, "ListLLMProviders", "{}").body());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GetLLMProvider   | {\"name\": \"nobody\"}   | 404 | not_found",
                "GetLLMProvider   | {}                       | 400 | invalid_argument",
                "GetLLMProvider   | {\"name\": 1}            | 400 | invalid_argument",
                "GetLLMProvider   | {                        | 400 | invalid_argument",
                "GetLLMProvider   | []                       | 400 | invalid_argument",
                "ListLLMProviders | {\"pageSize\": -1}       | 400 | invalid_argument",
                "ListLLMProviders | {\"pageToken\": \"?\"}   | 400 | invalid_argument",
                "Nonsense         | {}                       | 501 | unimplemented"
            })
    void aFailureIsAConnectErrorWithItsStatus(String method, String message, int status, String code) throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = call(gateway, method, message);

            assertEquals(status, answer.statusCode());
            assertEquals(code, json(answer.body()).path("code").asText());
            assertFalse(json(answer.body()).path("message").asText().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong"})
    void withoutAGoodBearerACallIsUnauthenticated(String token) throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = call(gateway, "GetLLMProvider", "{\"name\": \"demo\"}", token);

            assertEquals(401, answer.statusCode());
            assertEquals("unauthenticated", json(answer.body()).path("code").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GetLLMProvider", "ListLLMProviders"})
    void aCallerThatMayOnlyInvokeIsDenied(String method) throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = call(gateway, method, "{\"name\": \"demo\"}", INVOKER_TOKEN);

            assertEquals(403, answer.statusCode());
            assertEquals("permission_denied", json(answer.body()).path("code").asText());
        }
    }

    @Test
    void anotherHttpMethodThanPostIsNotAllowed() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = gateway.send(gateway.anonymous(SERVICE + "GetLLMProvider"));

            assertEquals(405, answer.statusCode());
            assertEquals("POST", answer.headers().firstValue("allow").orElse(""));
        }
    }

    @Test
    void anotherEncodingThanJsonIsNotSupported() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = gateway.send(gateway.anonymous(SERVICE + "GetLLMProvider")
                    .header("Content-Type", "application/proto")
                    .POST(BodyPublishers.ofString("")));

            assertEquals(415, answer.statusCode());
        }
    }

    @Test
    void anUnknownServiceIsNotFound() throws Exception {
        try (var gateway = TestGateway.serving(demo())) {
            var answer = gateway.send(gateway.anonymous("/redpanda.api.adp.v1alpha1.Nonsense/Get")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(404, answer.statusCode());
        }
    }

    private static HostedProvider hosted(String name) {
        return new HostedProvider(provider(name, true), new Upstream.Demo());
    }

    private static HttpResponse<String> call(TestGateway gateway, String method, String message) throws Exception {
        return call(gateway, method, message, TOKEN);
    }

    private static HttpResponse<String> call(TestGateway gateway, String method, String message, String token)
            throws Exception {
        var request = gateway.anonymous(SERVICE + method)
                .header("Content-Type", "application/json")
                .header("Connect-Protocol-Version", "1")
                .POST(BodyPublishers.ofString(message));
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        return gateway.send(request);
    }
}
