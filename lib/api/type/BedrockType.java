package lib.api.type;

import java.util.List;
import lib.api.type.ProviderSpec.ClientSpec;
import lib.api.type.ProviderSpec.ConfigSpec;
import lib.api.type.ProviderSpec.CurlSample;
import lib.api.type.ProviderSpec.ProviderNames;
import lib.api.type.ProviderSpec.SampleRequest;
import lib.api.type.ProviderSpec.Samples;
import lib.api.type.ProviderSpec.SdkSample;
import lib.api.type.ProviderSpec.SdkVariables;
import lib.api.type.ProviderSpec.UpstreamSpec;

/// The type for the runtime of Amazon Bedrock.
///
/// @see <a
///     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html">
///     Bedrock's runtime</a>
public final class BedrockType {
    private static final ConfigSpec CONFIG = new ConfigSpec(
            "bedrockConfig",
            List.of(
                    ConfigField.BASE_URL,
                    ConfigField.text("region", "REGION", "The AWS region; required.")
                            .withFlags("--region", "--bedrock-region"),
                    ConfigField.message("staticCredentials"),
                    ConfigField.reference(
                                    "staticCredentials.accessKeyIdRef",
                                    "The name of the secret that holds the id of the access key.")
                            .withFlags("--access-key-id-ref", "--bedrock-access-key-id-ref"),
                    ConfigField.reference(
                                    "staticCredentials.secretAccessKeyRef",
                                    "The name of the secret that holds the secret access key.")
                            .withFlags("--secret-access-key-ref"),
                    ConfigField.message("assumeRole"),
                    ConfigField.text("assumeRole.roleArn", "ARN", "The role to assume.")
                            .withLongest(2048)
                            .withFlags("--role-arn"),
                    ConfigField.text("assumeRole.externalId", "ID", "The external id for the role.")
                            .withLongest(1224),
                    ConfigField.text("assumeRole.sessionName", "NAME", "The name of the session in AWS's logs.")),
            List.of("staticCredentials", "assumeRole"),
            "staticCredentials.secretAccessKeyRef",
            false);

    private static final SdkSample PYTHON = new SdkSample("""
            # pip install boto3
            import os, subprocess
            import boto3

            {token}os.environ["AWS_BEARER_TOKEN_BEDROCK"] = token
            client = boto3.client("bedrock-runtime", region_name={region}, endpoint_url={url})
            answer = client.converse(modelId={model}, messages=[{"role": "user", "content": [{"text": "Say hello"}]}])
            print(answer["output"]["message"]["content"][0]["text"])
            """, "", "");

    private static final SdkSample NODE = new SdkSample("""
            // npm install @aws-sdk/client-bedrock-runtime @smithy/node-http-handler
            import { execFileSync } from "node:child_process";
            import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
            import { NodeHttpHandler } from "@smithy/node-http-handler";

            {token}const client = new BedrockRuntimeClient({ region: {region}, endpoint: {url}, token: { token }, \
            authSchemePreference: ["httpBearerAuth"], requestHandler: new NodeHttpHandler() });
            const answer = await client.send(new ConverseCommand({ modelId: {model}, messages: [{ role: "user", \
            content: [{ text: "Say hello" }] }] }));
            console.log(answer.output.message.content[0].text);
            """, "", "");

    private static final CurlSample CURL =
            new CurlSample(new SampleRequest("/model/{model}/converse", """
                    {"messages": [{"role": "user", "content": [{"text": "Say hello"}]}]}\
                    """), "Authorization: Bearer ");

    public static final ProviderSpec SPEC = new ProviderSpec(
            new ProviderNames("Amazon Bedrock", "aws.bedrock", "bedrock", "demo-bedrock", ", as on Bedrock"),
            ProviderApi.BEDROCK,
            CONFIG,
            new UpstreamSpec("https://bedrock-runtime.{region}.amazonaws.com", "", ""),
            new ClientSpec(
                    "",
                    new SdkVariables(
                            List.of("AWS_ENDPOINT_URL_BEDROCK_RUNTIME"),
                            List.of("AWS_BEARER_TOKEN_BEDROCK"),
                            "AWS_REGION",
                            ""),
                    new Samples(PYTHON, NODE, CURL),
                    new SampleRequest("/model/{model}/invoke", """
                            {"max_tokens":1,"messages":[{"role":"user","content":"Hi"}],\
                            "anthropic_version":"bedrock-2023-05-31"}\
                            """)));

    private BedrockType() {}
}
