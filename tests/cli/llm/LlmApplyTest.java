package tests.cli.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.cli.llm.Provided.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.ProviderJson;

/// `llm apply` and `llm diff`.
class LlmApplyTest {
    @TempDir
    Path temp;

    private Provided provided;

    @BeforeEach
    void aGatewayWithProviders() {
        provided = new Provided(temp);
        provided.gateway
                .provider(ProviderJson.anthropic("claude", "sonnet", "opus").put("displayName", "Claude"))
                .provider(ProviderJson.openai("gpt"));
    }

    @AfterEach
    void stop() {
        provided.close();
    }

    @Test
    void manifestsAreReconciledInTheirOrderAndSummedUp() {
        provided.machine.write(
                "work/dir/b.yml", "name: gpt\ndescription: new\n---\nname: claude\ndisplayName: Claude\n");
        provided.machine.write("work/dir/a.yaml", "name: z-new\nenabled: true\nopenaiConfig: {apiKeyRef: K}\n");
        provided.machine.write(
                "work/dir/sub/c.json", "{\"name\": \"a-new\", \"googleConfig\": {\"apiKeyRef\": \"K\"}}");
        provided.machine.write("work/dir/.hidden.yaml", "nonsense");
        provided.machine.write("work/dir/README.md", "nonsense");

        var result = provided.run("llm apply --keep-omitted -f dir");

        assertEquals(new Machine.Result(0, """
                z-new created
                gpt updated (description)
                claude unchanged
                a-new created (disabled: the manifest does not contain enabled: true)
                """, "2 created, 1 updated, 1 unchanged\n"), result);
        assertEquals("new", provided.stored("gpt").path("description").asText());
        assertEquals(
                List.of("z-new", "a-new"),
                provided.gateway.managementCalls("CreateLLMProvider").stream()
                        .map(call ->
                                call.json().path("llmProvider").path("name").asText())
                        .toList());
        assertEquals(
                new Machine.Result(
                        0, "z-new unchanged\ngpt unchanged\nclaude unchanged\na-new unchanged\n", "4 unchanged\n"),
                provided.run("llm apply --keep-omitted -f dir"));
    }

    @Test
    void standardInputIsAManifestToo() {
        provided.machine.typing("name: gpt\ndescription: typed\n");

        assertEquals(
                "gpt updated (description)\n",
                provided.run("llm apply --keep-omitted -f -").out());
    }

    @Test
    void theOutputOfListIsAManifest() {
        var list = provided.run("llm list -o yaml").out();

        assertEquals(
                "2 unchanged\n",
                provided.machine.typing(list).run("llm", "apply", "-f", "-").err());
        assertEquals(
                "2 unchanged\n",
                provided.machine
                        .typing(provided.run("llm list -o json").out())
                        .run("llm", "diff", "-f", "-")
                        .err());
    }

    @Test
    void diffReportsPendingChangesExitsOneAndChangesNothing() {
        provided.machine.write(
                "work/m.yaml",
                "name: claude\ndisplayName: Claude 2\nanthropicConfig: {apiKeyRef: OTHER}\n---\nname: "
                        + "new\nopenaiConfig: {apiKeyRef: K}\n---\nname: gpt\n");

        var result = provided.run("llm diff --keep-omitted -f m.yaml");

        assertEquals(new Machine.Result(1, """
                ~ claude (update)
                    displayName: Claude -> Claude 2
                    anthropicConfig: {"apiKeyRef":"ANTHROPIC_API_KEY"} -> {"apiKeyRef":"OTHER"}
                + new (create, openai)
                """, "1 to create, 1 to update, 1 unchanged\n"), result);
        assertEquals(
                result.out(),
                provided.run("llm apply --dry-run --keep-omitted -f m.yaml").out());
        assertEquals(
                0, provided.run("llm apply --dry-run --keep-omitted -f m.yaml").exitCode());
        assertTrue(provided.gateway.requests().stream()
                .allMatch(call -> call.path().endsWith("/GetLLMProvider")));
    }

    @Test
    void diffExitsZeroWhereNothingIsPendingAndTwoWhereThatCannotBeTold() {
        provided.machine.write("work/m.yaml", "name: gpt\n");

        assertEquals(new Machine.Result(0, "", "1 unchanged\n"), provided.run("llm diff --keep-omitted -f m.yaml"));
        assertEquals(2, provided.run("llm diff -f nope.yaml").exitCode());
        provided.gateway.failAlways(Endpoint.GET_PROVIDER, Fault.connect("permission_denied", "no"));
        var denied = provided.run("llm diff --keep-omitted -f m.yaml");
        assertEquals(2, denied.exitCode());
        assertEquals(1, denied.err().lines().count(), denied.err());
    }

    @Test
    void programsGetTheChanges() {
        provided.machine.write("work/m.yaml", "name: claude\ndescription: x\n");

        var yaml = Provided.yaml(
                provided.run("llm diff --keep-omitted -f m.yaml -o yaml").out());

        assertEquals(
                Provided.yaml("[{kind: llmProvider, name: claude, action: update, changes: [{path: description,"
                        + " after: x}]}]"),
                yaml);
        assertEquals(
                "| NAME | ACTION | FIELDS |\n| --- | --- | --- |\n| claude | update | description |\n",
                provided.run("llm diff --keep-omitted -f m.yaml -o markdown").out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{name: claude, displayName: ''} | displayName | {'displayName': null}",
                "{name: claude, display_name: null} | displayName | {'displayName': null}",
                "{name: claude, enabled: false} | enabled | {'enabled': null}",
                "{name: claude, models: [opus, sonnet]} | | {}",
                "{name: claude, providerModels: [opus, {name: sonnet}]} | | {}",
                "{name: claude, providerModels: [opus]} | providerModels,models | {'models': null, "
                        + "'providerModels': [{'name': 'opus'}]}",
                "{name: claude, providerModels: [], models: []} | providerModels,models | {'models': "
                        + "null, 'providerModels': null}",
                "{name: claude, provider_models: [sonnet, {name: opus, custom_pricing: "
                        + "{input_per_million: 5}}]} | providerModels,models | {'models': null, 'providerModels': "
                        + "[{'name': 'sonnet'}, {'name': 'opus', 'customPricing': {'inputPerMillion': '5'}}]}",
                "{name: claude, tags: {a: b}} | tags | {'tags': {'a': 'b'}}",
                "{name: claude, transcripts: {record_output_messages: true}} | transcripts | "
                        + "{'transcripts': {'recordOutputMessages': true}}",
                "{name: claude, anthropic_config: {authorization_passthrough: true}} | anthropicConfig | "
                        + "{'anthropicConfig': {'authorizationPassthrough': true}}",
                "{name: claude, type: anthropic, url: http://other, createdAt: 1999} | | {}",
                "{llmProvider: {name: claude, displayName: wrapped}} | displayName | {'displayName': 'wrapped'}"
            })
    void onlyWhatTheManifestNamesChanges(String manifest, String mask, String change) {
        var wanted = provided.stored("claude");
        json(change).properties().forEach(field -> {
            if (field.getValue().isNull()) wanted.remove(field.getKey());
            else wanted.set(field.getKey(), field.getValue());
        });
        provided.machine.write("work/m.yaml", manifest);

        var result = provided.run("llm apply --keep-omitted -f m.yaml");

        assertEquals(0, result.exitCode(), result.err());
        assertEquals(
                mask == null ? "claude unchanged\n" : "claude updated (%s)\n".formatted(mask.replace(",", ", ")),
                result.out());
        assertEquals(wanted, provided.stored("claude"));
        assertEquals(
                "1 unchanged\n",
                provided.run("llm diff --keep-omitted -f m.yaml").err());
    }

    @Test
    void aFieldThatAManifestDoesNotNameIsClearedAndDiffAndApplySayWhich() {
        provided.gateway.provider(((ObjectNode) provided.gateway.stored("claude"))
                .put("description", "Ours")
                .set("tags", json("{'team': 'search'}")));
        provided.machine.write(
                "work/m.yaml",
                "name: claude\nenabled: true\ndisplayName: Claude\nanthropicConfig: {apiKeyRef: ANTHROPIC_API_KEY}\n");

        var diff = provided.run("llm diff -f m.yaml");
        assertEquals(new Machine.Result(1, """
                ~ claude (update)
                    description: Ours -> (cleared: the manifest omits it)
                    tags: {"team":"search"} -> (cleared: the manifest omits it)
                    providerModels: [{"name":"sonnet"},{"name":"opus"}] -> (cleared: the manifest omits it)
                    models: ["sonnet"] -> (cleared: the manifest omits it)
                """, "1 to update\n"), diff);
        var change = Provided.yaml(provided.run("llm diff -f m.yaml -o yaml").out())
                .path(0)
                .path("changes")
                .path(0);
        assertEquals(Provided.yaml("{path: description, before: Ours, omitted: true}"), change);
        assertEquals(new Machine.Result(0, "", "1 unchanged\n"), provided.run("llm diff --keep-omitted -f m.yaml"));

        var applied = provided.run("llm apply -f m.yaml");

        assertEquals("claude updated (description, tags, providerModels, models)\n", applied.out());
        assertEquals(
                "rpkai: warning: claude: the manifest omits description, tags, providerModels, models, so "
                        + "that the gateway's value is cleared; --keep-omitted keeps it\n1 updated\n",
                applied.err());
        assertEquals(
                json("{'name': 'claude', 'type': 'LLM_PROVIDER_TYPE_ANTHROPIC', 'enabled': true, "
                        + "'displayName': 'Claude', 'anthropicConfig': {'apiKeyRef': 'ANTHROPIC_API_KEY'}}"),
                provided.stored("claude"));
        assertEquals(new Machine.Result(0, "", "1 unchanged\n"), provided.run("llm diff -f m.yaml"));
    }

    @Test
    void aManifestThatWasAppliedChangesNothingAgain() {
        provided.machine.write("work/m.yaml", "name: fresh\nopenaiConfig: {apiKeyRef: K}\n");

        provided.run("llm apply -f m.yaml");

        assertTrue(provided.stored("fresh").has("transcripts"), "the gateway fills them in");
        assertEquals(new Machine.Result(0, "", "1 unchanged\n"), provided.run("llm diff -f m.yaml"));
    }

    @Test
    void aManifestWithoutTheConfigOfItsTypeIsRefusedBeforeAnythingIsDone() {
        provided.machine.write("work/m.yaml", "name: claude\ndescription: x\n");

        assertEquals(
                new Machine.Result(
                        1,
                        "",
                        "rpkai: m.yaml: the manifest of provider \"claude\" has no anthropicConfig, but a manifest "
                                + "must contain the whole desired state: start with rpkai llm get claude -o yaml, "
                                + "or pass --keep-omitted\n"),
                provided.run("llm apply -f m.yaml"));
        assertEquals(2, provided.run("llm diff -f m.yaml").exitCode());
    }

    /// A manifest as upstream dumps it: field names as in the `.proto` file, and a line that names the message
    /// type.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'@type': type.googleapis.com/redpanda.api.adp.v1alpha1.LLMProvider",
                "'@type': redpanda.api.adp.v1alpha1.LLMProvider",
                "llm_provider:",
                "llmProvider:"
            })
    void aDumpInSnakeCaseIsTheSameManifest(String first) {
        provided.gateway.provider(((ObjectNode) provided.gateway.stored("claude"))
                .put("fromTheFuture", "x")
                .set("transcripts", json("{'recordInputMessages': true}")));
        var dump = """
                name: claude
                type: LLM_PROVIDER_TYPE_ANTHROPIC
                display_name: Claude
                enabled: true
                anthropic_config:
                  api_key_ref: ANTHROPIC_API_KEY
                models:
                - sonnet
                - opus
                transcripts:
                  record_input_messages: true
                  record_output_messages: false
                from_the_future: x
                created_at: "2026-01-01T00:00:00Z"
                """.indent(first.endsWith(":") ? 2 : 0);
        provided.machine.write("work/m.yaml", first + "\n" + dump);

        assertEquals(new Machine.Result(0, "", "1 unchanged\n"), provided.run("llm diff -f m.yaml"));
    }

    @Test
    void aDumpOfSomethingElseIsRefused() {
        provided.machine.write(
                "work/m.yaml", "'@type': type.googleapis.com/redpanda.api.adp.v1alpha1.Agent\nname: helper\n");

        assertEquals(
                "rpkai: manifests with @type \"type.googleapis.com/redpanda.api.adp.v1alpha1.Agent\" cannot "
                        + "be applied: rpkai applies LLMProvider and MCPServer\n",
                provided.run("llm apply -f m.yaml").err());
    }

    @Test
    void fieldsOfTheFutureThatAManifestDoesNotNameAreNoDifference() {
        provided.gateway.failAlways(Endpoint.GET_PROVIDER, Fault.unknownFields());
        provided.machine.write(
                "work/m.yaml",
                "name: claude\nanthropicConfig: {apiKeyRef: ANTHROPIC_API_KEY}\nproviderModels: [sonnet, opus]\n");

        assertEquals(new Machine.Result(0, "", "1 unchanged\n"), provided.run("llm diff --keep-omitted -f m.yaml"));
    }

    @Test
    void fieldsOfTheFutureSurviveAnUpdateOfTheirMessage() {
        var future = ProviderJson.ofUnknownType("next", "m");
        future.putObject("transcripts").put("recordAudio", true).put("recordInputMessages", true);
        future.putArray("providerModels")
                .addObject()
                .put("name", "m")
                .put("tier", "gold")
                .putObject("customPricing")
                .put("inputPerMillion", "1")
                .put("perImage", "2");
        provided.gateway.provider(future);
        provided.machine.write(
                "work/m.yaml",
                "name: next\ntranscripts: {recordOutputMessages: true}\nproviderModels: [{name: m, "
                        + "customPricing: {outputPerMillion: 3}}]\n");

        assertEquals(
                "next updated (transcripts, providerModels, models)\n",
                provided.run("llm apply --keep-omitted -f m.yaml").out());

        assertEquals(
                json("{'recordAudio': true, 'recordOutputMessages': true}"),
                provided.stored("next").path("transcripts"));
        assertEquals(
                json("{'name': 'm', 'tier': 'gold', 'customPricing': {'outputPerMillion': '3', 'perImage': '2'}}"),
                provided.stored("next").path("providerModels").path(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "displayName: 5",
                "enabled: \"true\"",
                "tags: {a: 1}",
                "models: x",
                "models: [1]",
                "providerModels: [{}]",
                "providerModels: [1]",
                "type: nonsense",
                "type: openai",
                "openaiConfig: {apiKeyRef: K}",
                "anthropicConfig: {apiKeyRef: sk-Hunter2}",
                "anthropicConfig: {apiKeyRef: 5}",
                "anthropicConfig: x",
                "providerModels: [{name: m, customPricing: {inputPerMillion: 1.5}}]",
                "displayName: a\ndisplay_name: b",
                "displayName: a\ndisplayName: b",
                "displayName: *x",
                "- x",
                "'",
                "anthropicConfig: {apiKeyRef: K}\nopenaiConfig: {apiKeyRef: K}",
                "type: MODEL_SERVER"
            })
    void aManifestThatIsWrongIsOneLineAndNothingIsDone(String text) {
        provided.machine.write(
                "work/m.yaml", "name: new\nopenaiConfig: {apiKeyRef: K}\n---\nname: claude\n" + text + "\n");

        var result = provided.run("llm apply --keep-omitted -f m.yaml");

        assertTrue(result.exitCode() == 1 || result.exitCode() == 2, result.toString());
        assertEquals(1, result.err().lines().count(), result.err());
        assertFalse(result.err().contains("internal error") || result.err().contains("Hunter2"), result.err());
        assertTrue(provided.gateway.requests().stream()
                .allMatch(call -> call.path().endsWith("/GetLLMProvider")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "apply -f nope.yaml | there is no file",
                "apply -f empty.yaml | no manifest in empty.yaml",
                "apply -f empty | no manifest in the folder empty",
                "apply -f twice.yaml | twice.yaml, document 2: provider \"a\" occurs twice",
                "apply -f typeless.yaml | typeless.yaml: provider \"a\" has no type",
                "apply -f nameless.yaml | nameless.yaml: name is missing",
                "apply -f table.txt | table.txt contains a document that is not a mapping of keys to values",
                "apply -f text.yaml | text.yaml: displayName is not a string: put it in quotes",
                "apply | missing required option"
            })
    void anUnreadableManifestIsReported(String line, String said) {
        provided.machine.write("work/empty.yaml", "---\n---\n");
        provided.machine.write("work/empty/x.txt", "");
        provided.machine.write("work/twice.yaml", "name: a\n---\nname: a\n");
        provided.machine.write("work/typeless.yaml", "name: a\n");
        provided.machine.write("work/nameless.yaml", "displayName: a\n");
        provided.machine.write("work/table.txt", "NAME TYPE\n");
        provided.machine.write("work/text.yaml", "name: claude\ndisplayName: 2024\n");

        var result = provided.run("llm " + line);

        assertTrue(result.exitCode() > 0);
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("rpkai: " + said), result.err());
    }

    @Test
    void anUnknownFieldIsSentWithAWarning() {
        provided.machine.write("work/m.yaml", "name: new\nopenaiConfig: {apiKeyRef: K}\ndispalyName: X\n");

        var result = provided.run("llm apply --keep-omitted -f m.yaml");

        assertTrue(
                result.err()
                        .startsWith("rpkai: warning: m.yaml: field \"dispalyName\" is not known to this "
                                + "version; did you mean \"displayName\"?\n"),
                result.err());
        assertEquals("X", provided.stored("new").path("dispalyName").asText());
        assertEquals(
                "1 unchanged\n",
                provided.run("llm diff --keep-omitted -f m.yaml").err());
    }

    @Test
    void oneThatFailsDoesNotKeepTheOthersFromBeingDone() {
        provided.machine.write("work/m.yaml", "name: bad\ntype: openai\n---\nname: gpt\ndescription: x\n");

        var result = provided.run("llm apply --keep-omitted -f m.yaml");

        assertEquals(1, result.exitCode());
        assertEquals("gpt updated (description)\n", result.out());
        assertTrue(
                result.err().startsWith("rpkai: bad: the AI Gateway")
                        && result.err().endsWith("\n1 updated, 1 failed\n"),
                result.err());
    }
}
