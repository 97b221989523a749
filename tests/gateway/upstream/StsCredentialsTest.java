package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.errorMessage;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import lib.gateway.management.definition.Definitions;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;
import tests.support.Machine;

class StsCredentialsTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path temp;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final AtomicReference<Instant> until = new AtomicReference<>(NOON.plus(Duration.ofHours(1)));

    @Test
    void aRoleIsAssumedOnceAndAgainBeforeItsKeysEnd() throws Exception {
        try (var sts = answering("200 OK");
                var bedrock = FakeUpstream.saying("{}");
                var state = state(sts, bedrock);
                var gateway = TestGateway.with(config -> config.withState(state))) {
            assertEquals(200, gateway.post("bedrock/model/m/converse", "{}").statusCode());
            var asked = sts.received();
            var form = new String(asked.body(), StandardCharsets.UTF_8);
            var call = bedrock.received();

            assertTrue(
                    asked.header("authorization")
                            .getFirst()
                            .matches("AWS4-HMAC-SHA256 Credential=AKIAOWN/[0-9]{8}/eu-west-1/sts/aws4_request, .*"),
                    asked.headers().toString());
            assertTrue(
                    form.contains("Action=AssumeRole")
                            && form.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fbedrock")
                            && form.contains("ExternalId=ext-1")
                            && form.contains("RoleSessionName=rpkai"),
                    form);
            assertTrue(
                    call.header("authorization").getFirst().startsWith("AWS4-HMAC-SHA256 Credential=ASIATEMPORARY/"),
                    call.headers().toString());
            assertEquals(List.of("session-token"), call.header("x-amz-security-token"));

            assertEquals(200, gateway.post("bedrock/model/m/converse", "{}").statusCode());
            assertTrue(sts.receivedNothing(), "asked again");
            now.set(NOON.plus(Duration.ofMinutes(56)));
            until.set(NOON.plus(Duration.ofHours(2)));
            assertEquals(200, gateway.post("bedrock/model/m/converse", "{}").statusCode());
            sts.received();
        }
    }

    @Test
    void aRoleThatMayNotBeAssumedIsNamed() throws Exception {
        try (var sts = answering("403 Forbidden");
                var bedrock = FakeUpstream.saying("{}");
                var state = state(sts, bedrock);
                var gateway = TestGateway.with(config -> config.withState(state))) {
            var refused = gateway.post("bedrock/model/m/converse", "{}");

            assertTrue(
                    errorMessage(refused)
                            .contains("did not let the gateway assume the role "
                                    + "arn:aws:iam::123456789012:role/bedrock (HTTP 403)"),
                    refused.body());
            assertFalse(refused.body().contains("TEMPORARY"), refused.body());
            assertTrue(bedrock.receivedNothing());
        }
    }

    private GatewayState state(FakeUpstream sts, FakeUpstream bedrock) throws Exception {
        var machine = new Machine(temp)
                .at(now::get)
                .with("AWS_ENDPOINT_URL_STS", sts.url().toString())
                .with("AWS_ACCESS_KEY_ID", "AKIAOWN")
                .with("AWS_SECRET_ACCESS_KEY", "own");
        var state = GatewayState.open(temp.resolve("state"), machine.host());
        var json = new YAMLMapper()
                .readTree(("{name: bedrock, enabled: true, bedrockConfig: {region: eu-west-1, baseUrl: '%s',"
                                + " assumeRole: {roleArn: 'arn:aws:iam::123456789012:role/bedrock', "
                                + "externalId: ext-1}}}")
                        .formatted(bedrock.url()));
        var provider = StoredResource.now(Definitions.LLM.create(new ObjectMapper().readTree(json.toString())), NOON);
        state.providers().change(table -> {
            table.put(provider);
            return provider;
        });
        return state;
    }

    private FakeUpstream answering(String status) throws Exception {
        return new FakeUpstream(call -> {
            var xml = """
                    <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                    <AssumeRoleResult><Credentials><AccessKeyId>ASIATEMPORARY</AccessKeyId>
                    <SecretAccessKey>temporary</SecretAccessKey><SessionToken>session-token</SessionToken>
                    <Expiration>%s</Expiration></Credentials></AssumeRoleResult>
                    </AssumeRoleResponse>""".formatted(until.get());
            call.write("HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + xml.length() + "\r\n\r\n"
                    + xml);
        });
    }
}
