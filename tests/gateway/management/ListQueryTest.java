package tests.gateway.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.ADMIN_TOKEN;
import static tests.gateway.TestGateway.JSON;
import static tests.gateway.TestGateway.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.gateway.TestGateway;
import tests.support.Machine;

/// Filters, orders and pages of the gateway's lists.
class ListQueryTest {
    @TempDir
    Path temp;

    private GatewayState state;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        state = GatewayState.open(temp.resolve("state"), new Machine(temp).host());
        gateway = TestGateway.with(config -> config.withState(state));
        for (var i = 0; i < 6; i++) {
            ok(
                    "LLMProviderService/CreateLLMProvider",
                    "{llmProvider: {name: p%d, displayName: D%d, enabled: %s, tags: {team: %s}, %s: {apiKeyRef: K}}}"
                            .formatted(
                                    i,
                                    5 - i / 2,
                                    i % 2 == 0,
                                    i < 3 ? "search" : "ads",
                                    i < 4 ? "openaiConfig" : "anthropicConfig"));
            ok(
                    "MCPServerService/CreateMCPServer",
                    "{mcpServer: {name: s%d, remote: {url: 'https://s.example/%d'}}}".formatted(i, 5 - i));
        }
    }

    @AfterEach
    void stop() {
        gateway.close();
        state.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | p0 p1 p2 p3 p4 p5",
                "{filter: {nameContains: p3}} | p3",
                "{filter: 'type = anthropic'} | p4 p5",
                "{filter: 'enabled = true AND tags.team = ads'} | p4",
                "{filter: 'enabled = true tags.team = ads OR name = p0'} | p0 p4",
                "{orderBy: name desc} | p5 p4 p3 p2 p1 p0",
                "{orderBy: 'display_name, name desc'} | p5 p4 p3 p2 p1 p0",
                "{orderBy: display_name} | p4 p5 p2 p3 p0 p1",
                "{filter: 'NOT enabled = true', orderBy: 'name desc'} | p5 p3 p1"
            })
    void aListIsFilteredAndOrderedAndHasATotal(String request, String names) throws Exception {
        var answer = ok("LLMProviderService/ListLLMProviders", request);

        assertEquals(List.of(names.split(" ")), names(answer, "llmProviders"));
        assertEquals(names.split(" ").length, answer.path("totalSize").asInt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{pageSize: 2, orderBy: 'display_name, name'}",
                "{pageSize: 1, orderBy: 'tags.team desc, enabled', filter: 'name != p2'}",
                "{pageSize: 4}"
            })
    void pagesContainEverythingOnceInOrderDespiteADeletionBetweenThem(String request) throws Exception {
        var whole = names(
                ok("LLMProviderService/ListLLMProviders", request.replaceAll("pageSize: \\d,?", "")), "llmProviders");
        var seen = new ArrayList<String>();
        var message = (ObjectNode) new YAMLMapper().readTree(request);
        for (var token = ""; seen.isEmpty() || !token.isEmpty(); ) {
            var page = ok(
                    "LLMProviderService/ListLLMProviders",
                    message.put("pageToken", token).toString());
            seen.addAll(names(page, "llmProviders"));
            if (token.isEmpty()) {
                assertEquals(whole.size(), page.path("totalSize").asInt());
                // The one after which the next page begins.
                ok("LLMProviderService/DeleteLLMProvider", "{name: %s}".formatted(seen.getLast()));
            }
            token = page.path("nextPageToken").asText();
        }
        assertEquals(whole, seen);
    }

    @Test
    void serversAndModelsAreListedAlike() throws Exception {
        assertEquals(
                List.of("s5", "s4"),
                names(
                        ok(
                                "MCPServerService/ListMCPServers",
                                "{pageSize: 2, orderBy: remote.url, filter: 'remote.url:example'}"),
                        "mcpServers"));
        var models = ok(
                "ModelService/ListModels",
                "{filter: 'provider_type = anthropic AND capabilities.reasoning = true', orderBy: "
                        + "'max_input_tokens desc, name'}");
        assertTrue(models.path("totalSize").asInt() > 0);
        models.path("models")
                .forEach(model -> assertEquals(
                        "LLM_PROVIDER_TYPE_ANTHROPIC",
                        model.path("providerType").asText()));
        assertEquals(
                "{}", ok("ModelService/ListModels", "{filter: name = nothing}").toString());
    }

    @Test
    void reasoningEffortsAreThereInBothSpellings() throws Exception {
        var capabilities = ok("ModelService/ListModels", "{filter: 'capabilities.reasoning_efforts:high', pageSize: 1}")
                .at("/models/0/capabilities");

        assertTrue(capabilities.path("reasoningEfforts").toString().contains("high"), capabilities.toString());
        assertEquals(capabilities.path("reasoningEfforts"), capabilities.path("supportedReasoningEfforts"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{filter: 'name = '} | filter: at position 8: a value",
                "{filter: 'nmae = x'} | filter: at position 1: lists of providers have no field \"nmae\"; "
                        + "did you mean name?",
                "{orderBy: 'name down'} | orderBy: at position 1:",
                "{pageSize: -1} | pageSize is negative",
                "{pageToken: e30} | pageToken is not valid at this gateway"
            })
    void aBadQuestionIsAnInvalidArgument(String request, String message) throws Exception {
        var refused = call("LLMProviderService/ListLLMProviders", request);

        assertEquals(400, refused.statusCode());
        assertEquals("invalid_argument", json(refused.body()).path("code").asText());
        assertTrue(json(refused.body()).path("message").asText().startsWith(message), refused.body());
    }

    @Test
    void aTokenOfAnotherOrderOrFilterIsRefused() throws Exception {
        var token = ok("LLMProviderService/ListLLMProviders", "{pageSize: 1, orderBy: name desc}")
                .path("nextPageToken")
                .asText();

        assertFalse(token.isEmpty());
        for (var other : List.of(
                "{pageToken: %s}",
                "{pageToken: %s, orderBy: name}", "{pageToken: %s, orderBy: name desc, filter: enabled = true}")) {
            assertTrue(call("LLMProviderService/ListLLMProviders", other.formatted(token))
                    .body()
                    .contains("pageToken belongs to another filter or orderBy"));
        }
    }

    private static List<String> names(JsonNode answer, String field) {
        return answer.path(field)
                .valueStream()
                .map(each -> each.path("name").asText())
                .toList();
    }

    private JsonNode ok(String method, String yaml) throws Exception {
        var answer = call(method, yaml);
        assertEquals(200, answer.statusCode(), answer.body());
        return json(answer.body());
    }

    private HttpResponse<String> call(String method, String yaml) throws Exception {
        var body = JSON.writeValueAsString(new YAMLMapper().readTree(yaml));
        return gateway.send(gateway.anonymous("/redpanda.api.adp.v1alpha1." + method)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + ADMIN_TOKEN)
                .POST(BodyPublishers.ofString(body)));
    }
}
