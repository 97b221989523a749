package tests.gateway.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.INVOKER_TOKEN;
import static tests.gateway.TestGateway.json;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.gateway.TestGateway;

class ModelServiceTest {
    @Test
    void everySignedInCallerReadsTheWholeCatalogueInPages() throws Exception {
        try (var gateway = TestGateway.serving()) {
            var all = json(call(gateway, "ListModels", "{\"pageSize\": 1000}").body())
                    .path("models")
                    .findValuesAsText("name");
            var names = new ArrayList<String>();
            var token = "";
            do {
                var page = json(call(gateway, "ListModels", "{\"pageSize\": 7, \"pageToken\": \"" + token + "\"}")
                        .body());
                names.addAll(page.path("models").findValuesAsText("name"));
                token = page.path("nextPageToken").asText();
            } while (!token.isEmpty());

            assertEquals(all, names);
            assertTrue(all.size() > 20, all.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ListModels | {\"providerType\": \"LLM_PROVIDER_TYPE_FROM_THE_FUTURE\"}  | 200 | ''",
                "ListModels | {\"providerType\": 4}                                      | 400 | invalid_argument",
                "GetModel   | {}                                                         | 400 | invalid_argument",
                "GetModel   | {\"name\": \"nobody\"}                                     | 404 | not_found",
                "GetModel   | {\"name\": \"gpt-5.6-sol\", \"providerType\": "
                        + "\"LLM_PROVIDER_TYPE_GOOGLE\"} | 404 | not_found",
                "GetModel   | {\"name\": \"gpt-5.6-sol\"}                                | 200 | ''",
                "PutModel   | {}                                                         | 501 | unimplemented"
            })
    void callsAreAnsweredAsConnectHasIt(String method, String message, int status, String code) throws Exception {
        try (var gateway = TestGateway.serving()) {
            var answer = call(gateway, method, message);

            assertEquals(status, answer.statusCode(), answer.body());
            assertEquals(code, json(answer.body()).path("code").asText());
        }
    }

    private static HttpResponse<String> call(TestGateway gateway, String method, String message) throws Exception {
        return gateway.send(gateway.anonymous("/redpanda.api.adp.v1alpha1.ModelService/" + method)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + INVOKER_TOKEN)
                .POST(BodyPublishers.ofString(message)));
    }
}
