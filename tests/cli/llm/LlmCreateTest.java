package tests.cli.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.cli.llm.Provided.json;

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

class LlmCreateTest {
    private static final String RECORDED = "'transcripts': {'recordInputMessages': true, 'recordOutputMessages': true}";

    @TempDir
    Path temp;

    private Provided provided;

    @BeforeEach
    void aGateway() {
        provided = new Provided(temp);
    }

    @AfterEach
    void stop() {
        provided.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--openai-config.base-url http://o --openai-config.api-key-ref K | OPENAI | "
                        + "'openaiConfig': {'baseUrl': 'http://o', 'apiKeyRef': 'K'}",
                "--openai-config.authorization-passthrough | OPENAI | 'openaiConfig': "
                        + "{'authorizationPassthrough': true}",
                "--anthropic-config.base-url http://a --anthropic-config.api-key-ref K | ANTHROPIC | "
                        + "'anthropicConfig': {'baseUrl': 'http://a', 'apiKeyRef': 'K'}",
                "--anthropic-config.authorization-passthrough | ANTHROPIC | 'anthropicConfig': "
                        + "{'authorizationPassthrough': true}",
                "--anthropic-config.api-key-ref K --allow-unknown-paths | ANTHROPIC | "
                        + "'allowUnknownPaths': true, 'anthropicConfig': {'apiKeyRef': 'K'}",
                "--google-config.base-url http://g --google-config.api-key-ref K | GOOGLE | "
                        + "'googleConfig': {'baseUrl': 'http://g', 'apiKeyRef': 'K'}",
                "--bedrock-config.region r --bedrock-config.base-url http://b | BEDROCK | "
                        + "'bedrockConfig': {'region': 'r', 'baseUrl': 'http://b'}",
                "--bedrock-config.region r --bedrock-config.static-credentials.access-key-id-ref A "
                        + "--bedrock-config.static-credentials.secret-access-key-ref B | BEDROCK | "
                        + "'bedrockConfig': {'region': 'r', 'staticCredentials': {'accessKeyIdRef': 'A', "
                        + "'secretAccessKeyRef': 'B'}}",
                "--region r --access-key-id-ref A --secret-access-key-ref B | BEDROCK | 'bedrockConfig': "
                        + "{'region': 'r', 'staticCredentials': {'accessKeyIdRef': 'A', 'secretAccessKeyRef': 'B'}}",
                "--region r --role-arn arn:x --bedrock-config.assume-role.external-id e "
                        + "--bedrock-config.assume-role.session-name s | BEDROCK | 'bedrockConfig': {'region': 'r',"
                        + " 'assumeRole': {'roleArn': 'arn:x', 'externalId': 'e', 'sessionName': 's'}}",
                "--openai-compatible-config.base-url http://c --openai-compatible-config.api-key-ref K | "
                        + "OPENAI_COMPATIBLE | 'openaiCompatibleConfig': {'baseUrl': 'http://c', 'apiKeyRef': 'K'}",
                "--type anthropic --base-url http://a --api-key-ref K | ANTHROPIC | 'anthropicConfig': "
                        + "{'baseUrl': 'http://a', 'apiKeyRef': 'K'}",
                "--type anthropic --authorization-passthrough | ANTHROPIC | 'anthropicConfig': "
                        + "{'authorizationPassthrough': true}",
                "--type openai-compatible --base-url http://c | OPENAI_COMPATIBLE | "
                        + "'openaiCompatibleConfig': {'baseUrl': 'http://c'}",
                "--type bedrock --bedrock-region r --bedrock-access-key-id-ref A --api-key-ref B | "
                        + "BEDROCK | 'bedrockConfig': {'region': 'r', 'staticCredentials': {'accessKeyIdRef': 'A', "
                        + "'secretAccessKeyRef': 'B'}}",
                "--type LLM_PROVIDER_TYPE_GOOGLE --api-key-ref K | GOOGLE | 'googleConfig': {'apiKeyRef': 'K'}"
            })
    void theTypeComesFromTheFlags(String flags, String type, String config) {
        var result = provided.run("llm create x " + flags);

        assertEquals(new Machine.Result(0, "", "Provider \"x\" created.\n"), result);
        assertEquals(
                json("{'name': 'x', 'type': 'LLM_PROVIDER_TYPE_%s', 'enabled': true, %s, %s}"
                        .formatted(type, config, RECORDED)),
                provided.stored("x"));
    }

    @Test
    void theCommonFlagsSetTheFieldsThatEveryTypeHas() {
        provided.machine.run(
                "llm",
                "create",
                "x",
                "--openai-config.api-key-ref",
                "K",
                "--display-name",
                "The X",
                "--description",
                "for all",
                "--enabled=false",
                "--guardrail",
                "pii",
                "--client-cert-ref",
                "CERT",
                "--client-key-ref",
                "CERT_KEY",
                "--tags",
                "a=1",
                "--tags",
                "b=x=y,c=",
                "--provider-models",
                "m1",
                "--provider-models",
                "m2,m3",
                "--provider-models",
                "{\"name\": \"m4\", \"x\": 1}",
                "--transcripts.record-input-messages=false",
                "--transcripts.record-output-messages");

        assertEquals(json("""
                {'name': 'x', 'type': 'LLM_PROVIDER_TYPE_OPENAI', 'openaiConfig': {'apiKeyRef': 'K'}, 'displayName': \
                'The X', 'description': 'for all', 'guardrail': 'pii',
                 'clientCertRef': 'CERT', 'clientKeyRef': 'CERT_KEY',
                 'tags': {'a': '1', 'b': 'x=y', 'c': ''}, 'providerModels': [{'name': 'm1'}, {'name': 'm2'}, \
                {'name': 'm3'}, {'name': 'm4', 'x': 1}],
                 'transcripts': {'recordOutputMessages': true}}"""), provided.stored("x"));
    }

    @ParameterizedTest
    @CsvSource({
        "3,300000000",
        "0.30,30000000",
        "0.1,10000000",
        "15,1500000000",
        "0.00000001,1",
        "999999999,99999999900000000",
        "0,0",
        "0.07,7000000",
        "1.10,110000000",
        "2.50,250000000",
        "0.29,29000000",
        "100.000000000,10000000000"
    })
    void dollarsBecomeMicrocentsExactly(String dollars, String microcents) {
        provided.machine.run(
                "llm",
                "create",
                "x",
                "--openai-config.api-key-ref",
                "K",
                "--pricing",
                "model=m,input=%s,output=1,cached=2,cache_write_5m=3,cache_write_1h=4".formatted(dollars));

        assertEquals(
                json(("{'inputPerMillion': '%s', 'outputPerMillion': '100000000', "
                                + "'cachedInputPerMillion': '200000000', 'cacheCreation5mPerMillion': '300000000', "
                                + "'cacheCreation1hPerMillion': '400000000'}")
                        .formatted(microcents)),
                provided.stored("x").path("providerModels").path(0).path("customPricing"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model=m",
                "input=3",
                "model=m,input=-1",
                "model=m,input=1e9",
                "model=m,input=1e999999999",
                "model=m,input=0.000000001",
                "model=m,input=three",
                "model=m,input=",
                "model=m,inptu=3",
                "model=m,input=1,input=2",
                "model=,input=1",
                "x",
                "model=m,input=1.",
                "model=m,input=٣"
            })
    void anInvalidPriceIsBadUsage(String pricing) {
        var result =
                provided.machine.run("llm", "create", "x", "--openai-config.api-key-ref", "K", "--pricing", pricing);

        assertEquals(2, result.exitCode());
        assertTrue(result.err().startsWith("rpkai: --pricing " + pricing + ": "), result.err());
        assertEquals(List.of(), provided.gateway.requests());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llm create x --openai-config.api-key-ref K --google-config.api-key-ref K",
                "llm create x --type openai --anthropic-config.api-key-ref K",
                "llm create x",
                "llm create x --api-key-ref K",
                "llm create --openai-config.api-key-ref K",
                "llm create x --name y --openai-config.api-key-ref K",
                "llm create X --openai-config.api-key-ref K",
                "llm create x --type opneai --api-key-ref K",
                "llm create x --openai-config.api-key-ref K --tags nonsense",
                "llm create x --type bedrock --authorization-passthrough --region r",
                "llm create x --openai-config.api-key-ref K --enabled=maybe",
                "llm create x --openai-config.api-key-ref K --provider-models {",
                "llm create x --openai-config.api-key-reff K"
            })
    void badUsageIsOneLineAndNothingIsSent(String line) {
        var result = provided.run(line);

        assertEquals(2, result.exitCode(), result.toString());
        assertEquals(1, result.err().lines().count(), result.err());
        assertEquals(List.of(), provided.gateway.requests());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--anthropic-config.api-key-ref sk-ant-Hunter2",
                "--type openai --api-key-ref sk-Hunter2",
                "--region r --secret-access-key-ref Hunter2/x"
            })
    void aSecretInPlaceOfItsNameIsRefusedAndNotRepeated(String flags) {
        var result = provided.run("-v llm create x " + flags);

        assertEquals(2, result.exitCode());
        assertTrue(
                result.err().contains("must be the name of a secret that the gateway keeps, not the secret"),
                result.err());
        assertFalse(result.toString().contains("Hunter2"), result.toString());
        assertEquals(List.of(), provided.gateway.requests());
    }

    @Test
    void aMistypedFlagListsTheValidOnes() {
        assertTrue(provided.run("llm create x --api-key-reff K").err().contains("did you mean --api-key-ref"));
    }

    @Test
    void aDryRunPrintsTheRequestAndSendsNothing() {
        var result = provided.run("llm create x --openai-config.api-key-ref K --dry-run");

        assertEquals(0, result.exitCode());
        assertEquals("""
                llmProvider:
                  name: x
                  type: LLM_PROVIDER_TYPE_OPENAI
                  openaiConfig:
                    apiKeyRef: K
                  enabled: true
                """, result.out());
        assertEquals(List.of(), provided.gateway.requests());
        assertEquals(
                json("{'llmProvider': {'name': 'x', 'type': 'LLM_PROVIDER_TYPE_OPENAI', "
                        + "'openaiConfig': {'apiKeyRef': 'K'}, 'enabled': true}}"),
                json(provided.run("llm create x --openai-config.api-key-ref K --dry-run -o json")
                        .out()));
    }

    @Test
    void aManifestIsTheBeginningAndFlagsWin() {
        provided.machine.write(
                "work/x.yaml",
                "name: x\ntype: anthropic\ndisplay_name: from the file\nanthropic_config: {api_key_ref: "
                        + "FILE, base_url: http://file}\nurl: http://ignored\n");

        var result = provided.run("llm create -f x.yaml --anthropic-config.authorization-passthrough --enabled");

        assertEquals(0, result.exitCode(), result.err());
        assertEquals(
                json(("{'name': 'x', 'type': 'LLM_PROVIDER_TYPE_ANTHROPIC', 'displayName': 'from the "
                                + "file', 'enabled': true, 'anthropicConfig': {'baseUrl': 'http://file', "
                                + "'authorizationPassthrough': true}, %s}")
                        .formatted(RECORDED)),
                provided.stored("x"));
    }

    @Test
    void aManifestWithoutEnabledCreatesADisabledProviderAndReportsIt() {
        provided.machine.write("work/x.yaml", "name: x\nopenaiConfig: {apiKeyRef: K}\n");

        assertEquals(
                "Provider \"x\" created; it is disabled (rpkai llm update x --enabled).\n",
                provided.run("llm create -f x.yaml").err());
    }

    @Test
    void theProviderIsPrintedForPrograms() {
        var result = provided.run("llm create x --openai-config.api-key-ref K -o json");

        assertEquals(provided.gateway.stored("x"), json(result.out()));
    }

    @Test
    void theGatewaysErrorIsReported() {
        var result = provided.run("llm create x --anthropic-config.base-url http://a");

        assertEquals(1, result.exitCode());
        assertTrue(
                result.err().contains("refused the call (invalid_argument, anthropicConfig: exactly one"),
                result.err());
    }

    @Test
    void aNameInUseIsReported() {
        provided.run("llm create x --openai-config.api-key-ref K");

        assertEquals(
                new Machine.Result(
                        1,
                        "",
                        "rpkai: provider \"x\" already exists: run rpkai llm update x, or choose another name\n"),
                provided.run("llm create x --openai-config.api-key-ref K"));
    }

    @Test
    void withoutAnEnvironmentThereIsNothingToManage() {
        var nobody = new Machine(temp.resolve("nobody"));

        for (var line :
                new String[] {"llm create x --openai-config.api-key-ref K", "llm update x --enabled", "llm delete x"}) {
            assertEquals(
                    new Machine.Result(
                            1,
                            "",
                            "rpkai: the providers of the embedded gateway come from this machine: run rpkai auth login "
                                    + "to manage your organisation's\n"),
                    nobody.run(line.split(" ")));
        }
    }

    @Test
    void aMissingPermissionIsReported() {
        provided.gateway.failAlways(
                Endpoint.CREATE_PROVIDER,
                Fault.connect("permission_denied", "dataplane_adp_llmprovider_create is missing"));

        assertTrue(provided.run("llm create x --openai-config.api-key-ref K")
                .err()
                .contains("does not allow this (permission_denied, "
                        + "dataplane_adp_llmprovider_create is missing): ask its administrator"));
    }
}
