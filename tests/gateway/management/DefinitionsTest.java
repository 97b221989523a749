package tests.gateway.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Optional;
import lib.gateway.management.definition.Definitions;
import lib.gateway.management.definition.InvalidDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionsTest {
    private static final String ANTHROPIC =
            "{name: a, type: LLM_PROVIDER_TYPE_ANTHROPIC, enabled: true, displayName: A, "
                    + "anthropicConfig: {apiKeyRef: KEY, baseUrl: 'https://x.example'}, tags: {team: core}, "
                    + "providerModels: [{name: m, customPricing: {inputPerMillion: '300'}}], transcripts: "
                    + "{recordInputMessages: true}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                                                                       | name, type",
                "{name: A, anthropicConfig: {apiKeyRef: K}}                                               | name",
                "{name: a-, anthropicConfig: {apiKeyRef: K}}                                              | name",
                "{name: 'a/../b', anthropicConfig: {apiKeyRef: K}}                                        | name",
                "{name: [a], anthropicConfig: {apiKeyRef: K}}                                             | name, name",
                "{name: a, type: LLM_PROVIDER_TYPE_NEW, anthropicConfig: {apiKeyRef: K}}                  | type",
                "{name: a, type: LLM_PROVIDER_TYPE_OPENAI}                                               "
                        + " | openaiConfig",
                "{name: a, type: LLM_PROVIDER_TYPE_OPENAI, anthropicConfig: {apiKeyRef: K}}              "
                        + " | anthropicConfig",
                "{name: a, anthropicConfig: {apiKeyRef: K}, openaiConfig: {apiKeyRef: K}}                 | type",
                "{name: a, type: 1, anthropicConfig: {apiKeyRef: K}, openaiConfig: {apiKeyRef: K}}       "
                        + " | openaiConfig",
                "{name: a, anthropicConfig: {}}                                                          "
                        + " | anthropicConfig.apiKeyRef",
                "{name: a, anthropicConfig: {apiKeyRef: sk-ant-1}}                                       "
                        + " | anthropicConfig.apiKeyRef",
                "{name: a, anthropicConfig: {apiKeyRef: K, authorizationPassthrough: true}}              "
                        + " | anthropicConfig",
                "{name: a, anthropicConfig: {apiKeyRef: K, authorizationPassthrough: 1}}                 "
                        + " | anthropicConfig.authorizationPassthrough",
                "{name: a, openaiConfig: {}}                                                             "
                        + " | openaiConfig.apiKeyRef",
                "{name: a, googleConfig: {authorizationPassthrough: true}}                               "
                        + " | googleConfig.apiKeyRef",
                "{name: a, openaiCompatibleConfig: {}}                                                   "
                        + " | openaiCompatibleConfig.baseUrl",
                "{name: a, openaiCompatibleConfig: {baseUrl: 'https://x', apiKeyRef: K, "
                        + "authorizationPassthrough: true}} | openaiCompatibleConfig",
                "{name: a, bedrockConfig: {}}                                                            "
                        + " | bedrockConfig.region",
                "{name: a, bedrockConfig: {region: 'x.evil.com/'}}                                       "
                        + " | bedrockConfig.region",
                "{name: a, bedrockConfig: {region: eu-west-1, staticCredentials: {accessKeyIdRef: A}}}   "
                        + " | bedrockConfig.staticCredentials.secretAccessKeyRef",
                "{name: a, bedrockConfig: {region: eu-west-1, staticCredentials: {accessKeyIdRef: AKIA-x,"
                        + " secretAccessKeyRef: B}}} | bedrockConfig.staticCredentials.accessKeyIdRef",
                "{name: a, bedrockConfig: {region: eu-west-1, assumeRole: {}}}                           "
                        + " | bedrockConfig.assumeRole.roleArn",
                "{name: a, bedrockConfig: {region: eu-west-1, assumeRole: {roleArn: "
                        + "'arn:aws:iam::123456789012:role/r', sessionName: ' '}}} | "
                        + "bedrockConfig.assumeRole.sessionName",
                "{name: a, anthropicConfig: {apiKeyRef: K, baseUrl: 'ftp://x'}}                          "
                        + " | anthropicConfig.baseUrl",
                "{name: a, anthropicConfig: {apiKeyRef: K}, providerModels: [{name: m}, {}, {name: m}]}  "
                        + " | providerModels[1].name, providerModels[2].name",
                "{name: a, anthropicConfig: {apiKeyRef: K}, providerModels: [m]}                         "
                        + " | providerModels[0]",
                "{name: a, anthropicConfig: {apiKeyRef: K}, models: m}                                    | models",
                "{name: a, anthropicConfig: {apiKeyRef: K}, providerModels: [{name: m, customPricing: "
                        + "{inputPerMillion: -1, outputPerMillion: 1.5, cachedInputPerMillion: '1e999999999'}}]} | "
                        + "providerModels[0].customPricing.inputPerMillion, "
                        + "providerModels[0].customPricing.outputPerMillion, "
                        + "providerModels[0].customPricing.cachedInputPerMillion",
                "{name: a, anthropicConfig: {apiKeyRef: K}, tags: {team: 1}}                              | tags.team",
                "{name: a, anthropicConfig: {apiKeyRef: K}, tags: [team]}                                 | tags",
                "{name: a, anthropicConfig: {apiKeyRef: K}, displayName: \"a\\u001b[2J\"}                "
                        + " | displayName",
                "{name: a, anthropicConfig: {apiKeyRef: K}, guardrail: guardrails/g}                      | guardrail",
                "{name: a, anthropicConfig: {apiKeyRef: K}, clientCertRef: C} | clientKeyRef",
                "{name: a, anthropicConfig: {apiKeyRef: K}, clientKeyRef: C} | clientCertRef",
                "{name: a, anthropicConfig: {apiKeyRef: K}, clientCertRef: C, clientKeyRef: sk-ant-1} | clientKeyRef",
                "{name: a, openaiCompatibleConfig: {baseUrl: 'http://vllm'}, clientCertRef: C, clientKeyRef: K}"
                        + " | clientCertRef",
                "{name: a, anthropicConfig: [1]}                                                         "
                        + " | anthropicConfig, type"
            })
    void everyFaultIsNamedByItsPath(String given, String paths) throws Exception {
        var invalid = assertThrows(InvalidDefinition.class, () -> Definitions.LLM.create(yaml(given)));

        assertEquals(
                List.of(paths.split(", ")),
                invalid.violations().stream()
                        .map(violation -> violation.field())
                        .toList(),
                invalid.getMessage());
        assertTrue(
                !invalid.getMessage().contains("sk-ant-1")
                        && !invalid.getMessage().contains("AKIA"),
                "what may be a key is repeated: " + invalid.getMessage());
    }

    @Test
    void withoutTranscriptSettingsInputAndOutputAreRecorded() throws Exception {
        assertEquals(
                json("{recordInputMessages: true, recordOutputMessages: true}"),
                create("{name: a, anthropicConfig: {apiKeyRef: K}}").path("transcripts"));
        assertEquals(
                json("{}"),
                create("{name: a, anthropicConfig: {apiKeyRef: K}, transcripts: {recordInputMessages: false}}")
                        .path("transcripts"));
    }

    @Test
    void aProviderIsReadAsProto3JsonIs() throws Exception {
        var provider = create("{name: a, type: 2, display_name: A, description: null, enabled: false, unknown: {x: 1}, "
                + "url: 'https://elsewhere', created_at: yesterday, "
                + "anthropic_config: {api_key_ref: K, base_url: '', newer: 1}, models: [], tags: {}, "
                + "providerModels: [{name: m, customPricing: {inputPerMillion: 300000000, "
                + "outputPerMillion: '1.5e9', cacheCreation5mPerMillion: 0}}], transcripts: {}}");

        assertEquals(
                json("{name: a, type: LLM_PROVIDER_TYPE_ANTHROPIC, displayName: A, anthropicConfig: {apiKeyRef: K}, "
                        + "providerModels: [{name: m, customPricing: {inputPerMillion: '300000000',"
                        + " outputPerMillion: '1500000000', cacheCreation5mPerMillion: '0'}}], transcripts: {}}"),
                provider);
    }

    @Test
    void inAFileAFieldThatIsNotKnownIsAMistake() throws Exception {
        var given =
                yaml("{name: a, enabled: true, providerModel: [{name: m}], anthropicConfig: {apiKeyRef: K, api: v1}}");
        var invalid = assertThrows(InvalidDefinition.class, () -> Definitions.LLM.fromFile(given));

        assertEquals(
                "providerModel is not known: did you mean providerModels?; anthropicConfig.api is not known: remove it",
                invalid.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                // without a mask: what is there
                "{displayName: B}                                   | none                              |"
                        + " {displayName: B}",
                "{enabled: false}                                   | none                              | {}",
                "{tags: {x: y}, anthropicConfig: {apiKeyRef: L}}    | none                              |"
                        + " {tags: {x: y}, anthropicConfig: {apiKeyRef: L}}",
                "{displayName: B}                                   | ``                                |"
                        + " {displayName: B}",
                // with one: what it names, there or not
                "{}                                                 | enabled                           |"
                        + " {enabled: null}",
                "{displayName: B, enabled: false}                   | displayName                       |"
                        + " {displayName: B}",
                "{displayName: B}                                   | displayName,tags,providerModels   |"
                        + " {displayName: B, tags: null, providerModels: null}",
                "{anthropicConfig: {apiKeyRef: L}}                  | anthropicConfig.apiKeyRef         |"
                        + " {anthropicConfig: {apiKeyRef: L, baseUrl: 'https://x.example'}}",
                "{}                                                 | anthropicConfig.baseUrl           |"
                        + " {anthropicConfig: {apiKeyRef: KEY}}",
                "{anthropicConfig: {authorizationPassthrough: true}} | anthropicConfig.apiKeyRef,"
                        + "anthropicConfig.authorizationPassthrough | {anthropicConfig: {authorizationPassthrough: "
                        + "true, baseUrl: 'https://x.example'}}",
                "{transcripts: {}}                                  | transcripts.recordInputMessages   |"
                        + " {transcripts: {}}",
                "{transcripts: {recordOutputMessages: true}}        | transcripts                       |"
                        + " {transcripts: {recordOutputMessages: true}}",
                "{url: x, createdAt: y}                             | url,createdAt                     | {}",
                "{name: a, type: LLM_PROVIDER_TYPE_ANTHROPIC}       | name,type                         | {}",
                "{displayName: B, anthropicConfig: {apiKeyRef: L}}  | *                                 |"
                        + " {displayName: B, anthropicConfig: {apiKeyRef: L}, enabled: null, tags: null, "
                        + "providerModels: null, transcripts: null}"
            })
    void anUpdateChangesWhatItsMaskNames(String change, String mask, String expected) throws Exception {
        var before = create(ANTHROPIC);
        var after = before.deepCopy();
        yaml(expected).properties().forEach(field -> {
            if (field.getValue().isNull()) after.remove(field.getKey());
            else after.set(field.getKey(), field.getValue());
        });

        assertEquals(after, Definitions.LLM.update(before, yaml(change), Optional.ofNullable(mask)));
        assertEquals(create(ANTHROPIC), before, "what was handed in");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "{}                                                  | displayname                       "
                        + "       | updateMask",
                "{}                                                  | display_name                      "
                        + "       | updateMask",
                "{}                                                  | enabled,                          "
                        + "       | updateMask",
                "{}                                                  | enabled.x                         "
                        + "       | updateMask",
                "{}                                                  | providerModels.name               "
                        + "       | updateMask",
                "{}                                                  | tags.team                         "
                        + "       | updateMask",
                "{}                                                  | anthropicConfig                   "
                        + "       | anthropicConfig",
                "{}                                                  | anthropicConfig.apiKeyRef         "
                        + "       | anthropicConfig.apiKeyRef",
                "{anthropicConfig: {authorizationPassthrough: true}} | "
                        + "anthropicConfig.authorizationPassthrough | anthropicConfig",
                "{openaiConfig: {apiKeyRef: K}}                      | none                              "
                        + "       | openaiConfig",
                "{type: LLM_PROVIDER_TYPE_OPENAI}                    | none                                     | type",
                "{type: LLM_PROVIDER_TYPE_OPENAI}                    | enabled                                  | type",
                "{tags: 1}                                           | enabled                                  | tags"
            })
    void anUpdateThatCannotBeNamesThePath(String change, String mask, String path) throws Exception {
        var before = create(ANTHROPIC);
        var invalid = assertThrows(
                InvalidDefinition.class, () -> Definitions.LLM.update(before, yaml(change), Optional.ofNullable(mask)));

        assertEquals(path, invalid.violations().getFirst().field(), invalid.getMessage());
    }

    @Test
    void bedrocksCredentialsAreOfOneKindAtATime() throws Exception {
        var before = create("{name: b, bedrockConfig: {region: eu-west-1, staticCredentials: {accessKeyIdRef: A, "
                + "secretAccessKeyRef: B}}}");
        var change = yaml("{bedrockConfig: {assumeRole: {roleArn: 'arn:aws:iam::123456789012:role/r'}}}");

        for (var mask : List.of("bedrockConfig.assumeRole", "bedrockConfig.assumeRole.roleArn")) {
            assertEquals(
                    json("{region: eu-west-1, assumeRole: {roleArn: 'arn:aws:iam::123456789012:role/r'}}"),
                    Definitions.LLM.update(before, change, Optional.of(mask)).path("bedrockConfig"));
        }
    }

    @Test
    void aFileReplacesEveryFieldExceptThoseItDoesNotManage() throws Exception {
        var before = create(ANTHROPIC);
        var after = Definitions.LLM.replace(
                before, Definitions.LLM.fromFile(yaml("{name: a, anthropicConfig: {apiKeyRef: L}}")));

        assertEquals(
                json("{name: a, type: LLM_PROVIDER_TYPE_ANTHROPIC, anthropicConfig: {apiKeyRef: L}, "
                        + "transcripts: {recordInputMessages: true}}"),
                after);
        assertThrows(
                InvalidDefinition.class,
                () -> Definitions.LLM.replace(
                        before, Definitions.LLM.fromFile(yaml("{name: a, openaiConfig: {apiKeyRef: L}}"))));
    }

    private static ObjectNode create(String yaml) throws Exception {
        return Definitions.LLM.create(yaml(yaml));
    }

    private static JsonNode json(String yaml) throws Exception {
        return yaml(yaml);
    }

    private static JsonNode yaml(String text) throws Exception {
        // As it comes off the wire.
        return new ObjectMapper().readTree(new YAMLMapper().readTree(text).toString());
    }
}
