package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.FakeGateway.Endpoint;

class ModelCommandTest {
    @TempDir
    Path temp;

    private final FakeGateway gateway = FakeGateway.start();
    private Machine machine;

    @BeforeEach
    void aCatalogue() throws IOException {
        gateway.model(json("""
                {"name": "sonnet", "label": "Claude Sonnet", "providerType": "LLM_PROVIDER_TYPE_ANTHROPIC", \
                "maxInputTokens": "200000", "maxOutputTokens": 64000, "capabilities": {"tools": true, "vision": \
                false, "reasoning": true, "reasoningEfforts": ["low"]},
                 "defaultPricing": {"inputPerMillion": "300000000", "outputPerMillion": 1512500000}}"""));
        gateway.model(json("{\"name\": \"next\", \"providerType\": \"LLM_PROVIDER_TYPE_FROM_THE_FUTURE\"}"))
                .model(json("{\"name\": \"sonnet\", \"providerType\": \"LLM_PROVIDER_TYPE_BEDROCK\"}"));
        machine = new Machine(temp)
                .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", "t");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void unknownValuesAreNotShownAsZero() {
        assertEquals("""
                NAME    TYPE             LABEL          CONTEXT
                sonnet  anthropic        Claude Sonnet  200000
                next    from_the_future                 ?
                sonnet  bedrock                         ?
                """, machine.run("model", "list").out());
    }

    @Test
    void theWideListHasPricesInDollarsAndCapabilities() {
        var lines = machine.run("models", "ls", "-o", "wide").out().lines().toList();

        assertEquals(
                "NAME    TYPE             LABEL          CONTEXT  OUTPUT  USD IN  USD OUT  CAPABILITIES",
                lines.getFirst());
        assertEquals(
                "sonnet  anthropic        Claude Sonnet  200000   64000   3       15.125   tools, reasoning (low)",
                lines.get(1));
    }

    @Test
    void theOlderNameOfTheReasoningEffortsIsReadToo() throws IOException {
        gateway.model(json("{\"name\": \"old\", \"providerType\": \"LLM_PROVIDER_TYPE_OPENAI\", "
                + "\"capabilities\": {\"reasoning\": true, \"supportedReasoningEfforts\": [\"low\", \"high\"]}}"));

        assertTrue(machine.run("model", "list", "-o", "wide").out().contains("reasoning (low, high)"));
    }

    @Test
    void theListIsThatOfATypeAndARegion() {
        assertEquals(
                2,
                machine.run("m", "list", "--provider-type", "bedrock", "--region", "eu-west-1")
                        .out()
                        .lines()
                        .count());
        assertEquals(
                "eu-west-1",
                gateway.requests().getLast().json().path("awsRegion").asText());
        assertEquals(
                "rpkai: unknown --provider-type \"bedrok\": did you mean \"bedrock\"?\n",
                machine.run("model", "list", "--provider-type", "bedrok").err());
    }

    @Test
    void programsGetTheCatalogueUnchanged() throws IOException {
        var yaml = new YAMLMapper()
                .readTree(machine.run("model", "list", "-o", "yaml").out());

        assertEquals(
                json(machine.run("model", "get", "sonnet", "--provider-type", "anthropic", "-o", "json")
                        .out()),
                yaml.path(0));
        assertEquals(
                1512500000,
                yaml.path(0).path("defaultPricing").path("outputPerMillion").asLong());
    }

    @Test
    void aMissingOrAmbiguousModelIsReported() {
        assertEquals(
                "rpkai: model \"nxt\" not found: did you mean \"next\"?\n",
                machine.run("model", "get", "nxt").err());
        assertTrue(machine.run("model", "get", "sonnet").err().contains("several provider types offer this model"));
    }

    @Test
    void aGatewayWithoutACatalogueIsReported() {
        gateway.failAlways(Endpoint.LIST_MODELS, Fault.connect("unimplemented", "not here"));

        assertEquals(
                "rpkai: the AI Gateway at %s does not offer this (unimplemented, not here): upgrade the gateway\n"
                        .formatted(gateway.url()),
                machine.run("model", "list").err());
    }

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) new ObjectMapper().readTree(text);
    }
}
