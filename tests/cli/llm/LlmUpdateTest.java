package tests.cli.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.cli.llm.Provided.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;
import tests.support.gateway.ProviderJson;

class LlmUpdateTest {
    @TempDir
    Path temp;

    private Provided provided;

    @BeforeEach
    void aGatewayWithProviders() {
        provided = new Provided(temp);
        var claude = ProviderJson.anthropic("claude", "sonnet", "opus")
                .put("displayName", "Claude")
                .put("description", "ours");
        claude.putObject("tags").put("a", "1");
        ((ObjectNode) claude.path("providerModels").path(0))
                .putObject("customPricing")
                .put("inputPerMillion", "5")
                .put("outputPerMillion", "7");
        provided.gateway
                .provider(claude)
                .provider(ProviderJson.openai("gpt"))
                .provider(ProviderJson.bedrock("aws", "r"));
    }

    @AfterEach
    void stop() {
        provided.close();
    }

    /// Checks which field of the provider changes, and that no other does.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claude --display-name X | displayName | {'displayName': 'X'}",
                "claude --display-name= | displayName | {'displayName': null}",
                "claude --enabled=false | enabled | {'enabled': null}",
                "claude --enabled | enabled | {}",
                "claude --tags b=2,c=3 | tags | {'tags': {'b': '2', 'c': '3'}}",
                "claude --anthropic-config.base-url http://a | anthropicConfig.baseUrl | "
                        + "{'anthropicConfig': {'baseUrl': 'http://a', 'apiKeyRef': 'ANTHROPIC_API_KEY'}}",
                "claude --base-url http://a | anthropicConfig.baseUrl | {'anthropicConfig': {'baseUrl': "
                        + "'http://a', 'apiKeyRef': 'ANTHROPIC_API_KEY'}}",
                "claude --anthropic-config.authorization-passthrough | "
                        + "anthropicConfig.authorizationPassthrough,anthropicConfig.apiKeyRef | "
                        + "{'anthropicConfig': {'authorizationPassthrough': true}}",
                "claude --api-key-ref NEW | anthropicConfig.apiKeyRef,"
                        + "anthropicConfig.authorizationPassthrough | {'anthropicConfig': {'apiKeyRef': 'NEW'}}",
                "aws --access-key-id-ref A --secret-access-key-ref B | "
                        + "bedrockConfig.staticCredentials.accessKeyIdRef,"
                        + "bedrockConfig.staticCredentials.secretAccessKeyRef,bedrockConfig.assumeRole | "
                        + "{'bedrockConfig': {'region': 'r', 'staticCredentials': {'accessKeyIdRef': 'A', "
                        + "'secretAccessKeyRef': 'B'}}}",
                "claude --provider-models opus,haiku | providerModels,models | {'models': null, "
                        + "'providerModels': [{'name': 'opus', 'customPricing': {'inputPerMillion': '5', "
                        + "'outputPerMillion': '7'}}, {'name': 'haiku'}]}",
                "claude --models= | providerModels,models | {'models': null, 'providerModels': null}",
                "claude --pricing model=opus,input=1 | providerModels,models | {'models': null, "
                        + "'providerModels': [{'name': 'sonnet'}, {'name': 'opus', 'customPricing': "
                        + "{'inputPerMillion': '100000000', 'outputPerMillion': '7'}}]}",
                "claude --clear description --clear tags | description,tags | {'description': null, 'tags': null}",
                "claude --clear display_name,description | displayName,description | {'displayName': "
                        + "null, 'description': null}",
                "claude --update-mask displayName,description --display-name X | displayName,description "
                        + "| {'displayName': 'X', 'description': null}",
                "claude --update-mask display_name --update-mask enabled | displayName,enabled | "
                        + "{'displayName': null, 'enabled': null}"
            })
    void onlyTheFieldsOfTheFlagsChange(String flags, String mask, String change) {
        var name = flags.split(" ")[0];
        var wanted = provided.stored(name);
        json(change).properties().forEach(field -> {
            if (field.getValue().isNull()) wanted.remove(field.getKey());
            else wanted.set(field.getKey(), field.getValue());
        });

        var result = provided.run("llm update " + flags);

        assertEquals(0, result.exitCode(), result.err());
        assertEquals(wanted, provided.stored(name));
        var sent =
                provided.gateway.managementCalls("UpdateLLMProvider").getFirst().json();
        assertEquals(
                List.of(mask.split(",")),
                Arrays.asList(sent.path("updateMask").asText().split(",")));
    }

    @Test
    void enablingAndDisablingAreReported() {
        assertEquals(
                new Machine.Result(0, "", "Provider \"claude\" is disabled.\n"),
                provided.run("llm update claude --enabled=false"));
        assertEquals(
                new Machine.Result(0, "", "Provider \"claude\" is enabled.\n"),
                provided.run("llm update claude --enabled"));
        assertEquals(
                new Machine.Result(0, "", "Provider \"claude\" updated: displayName, enabled.\n"),
                provided.run("llm update claude --display-name X --enabled"));
    }

    @Test
    void aFlagWithoutItsValueLeavesTheNameAlone() {
        assertEquals(
                "Provider \"claude\" is enabled.\n",
                provided.run("llm update --enabled claude").err());
    }

    @Test
    void aSimpleUpdateReadsNothingFirst() {
        provided.run("llm update claude --display-name X --enabled=false --anthropic-config.base-url http://a");

        assertEquals(1, provided.gateway.requests().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llm update claude",
                "llm update --enabled",
                "llm update claude --clear nonsense",
                "llm update claude --clear name",
                "llm update claude --clear url",
                "llm update claude --update-mask dispalyName --display-name X",
                "llm update claude --update-mask enabled --display-name X",
                "llm update claude --openai-config.base-url http://x --anthropic-config.base-url http://x",
                "llm update gpt --pricing model=m,input=1"
            })
    void badUsageIsOneLineAndNothingChanges(String line) {
        var result = provided.run(line);

        assertEquals(2, result.exitCode(), result.toString());
        assertEquals(1, result.err().lines().count(), result.err());
        assertEquals(List.of(), provided.gateway.managementCalls("UpdateLLMProvider"));
    }

    @Test
    void aMistypedPathGetsASuggestion() {
        assertTrue(
                provided.run("llm update claude --clear descripton").err().contains("did you mean \"description\"?"));
    }

    @Test
    void theTypeStays() {
        assertEquals(
                "rpkai: provider \"claude\" has the type anthropic, which cannot be changed to openai: "
                        + "create another provider, or delete this one first\n",
                provided.run("llm update claude --type openai --api-key-ref K").err());
        assertEquals(List.of(), provided.gateway.managementCalls("UpdateLLMProvider"));
    }

    @Test
    void aDryRunPrintsTheRequestWithItsMaskAndChangesNothing() {
        var result = provided.run("llm update claude --display-name X --clear description --dry-run");

        assertEquals(
                new Machine.Result(
                        0,
                        "llmProvider:\n  name: claude\n  displayName: X\nupdateMask: \"displayName,description\"\n",
                        ""),
                result);
        assertEquals(List.of(), provided.gateway.requests());
    }

    @Test
    void aManifestSetsTheChangesAndFlagsOverrideIt() {
        provided.machine.write(
                "work/c.yaml", "name: claude\ndisplayName: from the file\ndescription: ours\ntags: {a: \"1\"}\n");

        provided.run("llm update -f c.yaml --description X");

        assertEquals(
                "displayName,description",
                provided.gateway
                        .managementCalls("UpdateLLMProvider")
                        .getFirst()
                        .json()
                        .path("updateMask")
                        .asText());
        assertEquals("X", provided.stored("claude").path("description").asText());
        assertTrue(provided.run("llm update claude -f c.yaml --description ours --clear displayName")
                .err()
                .contains("updated"));
    }

    @Test
    void aManifestThatChangesNothingIsNothingToChange() {
        provided.machine.write("work/c.yaml", "name: claude\ndisplayName: Claude\n");

        assertEquals(
                new Machine.Result(2, "", "rpkai: nothing to change: the provider already matches the manifest\n"),
                provided.run("llm update -f c.yaml"));
    }

    @Test
    void aMissingProviderIsNamed() {
        assertEquals(
                new Machine.Result(
                        1,
                        "",
                        "rpkai: provider \"cluade\" not found at %s: did you mean \"claude\"?\n"
                                .formatted(provided.gateway.url())),
                provided.run("llm update cluade --enabled"));
    }

    @Test
    void theProviderIsPrintedForPrograms() {
        assertEquals(
                Provided.yaml(provided.run("llm update claude --enabled=false -o yaml")
                        .out()),
                provided.gateway.stored("claude"));
    }
}
