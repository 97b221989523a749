package lib.api.type;

import java.util.List;
import java.util.Map;
import lib.api.type.ProviderSpec.ClientSpec;
import lib.api.type.ProviderSpec.ConfigSpec;
import lib.api.type.ProviderSpec.CurlSample;
import lib.api.type.ProviderSpec.ProviderNames;
import lib.api.type.ProviderSpec.SampleRequest;
import lib.api.type.ProviderSpec.Samples;
import lib.api.type.ProviderSpec.SdkSample;
import lib.api.type.ProviderSpec.SdkVariables;
import lib.api.type.ProviderSpec.UpstreamSpec;

/// The type for Anthropic's own API.
///
/// @see <a href="https://docs.anthropic.com/en/api/overview">Anthropic's API</a>
public final class AnthropicType {
    private static final Map<String, String> VERSION = Map.of("anthropic-version", "2023-06-01");

    private static final SdkSample PYTHON = new SdkSample(
            """
            # pip install anthropic
            import subprocess
            from anthropic import Anthropic

            {token}client = Anthropic(base_url={url}, {auth})
            message = client.messages.create(model={model}, max_tokens=100, messages=[{"role": "user", "content": \
            "Say hello"}])
            print(message.content[0].text)
            """, "api_key=token, auth_token=token", "default_headers={\"X-Redpanda-Cloud-Token\": token}");

    private static final SdkSample NODE = new SdkSample(
            """
            // npm install @anthropic-ai/sdk
            import { execFileSync } from "node:child_process";
            import Anthropic from "@anthropic-ai/sdk";

            {token}const client = new Anthropic({ baseURL: {url}, {auth} });
            const message = await client.messages.create({ model: {model}, max_tokens: 100, messages: [{ role: \
            "user", content: "Say hello" }] });
            console.log(message.content[0].text);
            """, "apiKey: null, authToken: token", "defaultHeaders: { \"X-Redpanda-Cloud-Token\": token }");

    private static final CurlSample CURL =
            new CurlSample(new SampleRequest("/v1/messages", """
                    {"model": {model}, "max_tokens": 100, "messages": [{"role": "user", "content": "Say hello"}]}\
                    """, VERSION), "Authorization: Bearer ");

    public static final ProviderSpec SPEC = new ProviderSpec(
            new ProviderNames("Anthropic", "anthropic", "anthropic", "demo", ""),
            ProviderApi.ANTHROPIC,
            ConfigSpec.keyed("anthropicConfig", true),
            new UpstreamSpec("https://api.anthropic.com", "x-api-key", ""),
            new ClientSpec(
                    "",
                    new SdkVariables(
                            List.of("ANTHROPIC_BASE_URL"), List.of("ANTHROPIC_API_KEY"), "", "ANTHROPIC_AUTH_TOKEN"),
                    new Samples(PYTHON, NODE, CURL),
                    new SampleRequest("/v1/messages", """
                            {"max_tokens":1,"messages":[{"role":"user","content":"Hi"}],"model":{model}}\
                            """, VERSION)));

    private AnthropicType() {}
}
