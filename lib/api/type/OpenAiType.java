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

/// The type for OpenAI's own API.
///
/// @see <a href="https://platform.openai.com/docs/api-reference/introduction">OpenAI's API</a>
public final class OpenAiType {
    /// The path that OpenAI's clients expect at the end of a base URL.
    static final String BASE = "/v1";

    /// The variables of OpenAI's SDKs. Older SDKs use the second name for the URL.
    static final SdkVariables VARIABLES = new SdkVariables(
            List.of("OPENAI_BASE_URL", "OPENAI_API_BASE"), List.of("OPENAI_API_KEY"), "", "OPENAI_API_KEY");

    static final Samples SAMPLES = new Samples(
            new SdkSample("""
                    # pip install openai
                    import subprocess
                    from openai import OpenAI

                    {token}client = OpenAI(base_url={url}, {auth})
                    answer = client.chat.completions.create(model={model}, messages=[{"role": "user", "content": \
                    "Say hello"}])
                    print(answer.choices[0].message.content)
                    """, "api_key=token", "default_headers={\"X-Redpanda-Cloud-Token\": token}"),
            new SdkSample("""
                    // npm install openai
                    import { execFileSync } from "node:child_process";
                    import OpenAI from "openai";

                    {token}const client = new OpenAI({ baseURL: {url}, {auth} });
                    const answer = await client.chat.completions.create({ model: {model}, messages: [{ role: "user", \
                    content: "Say hello" }] });
                    console.log(answer.choices[0].message.content);
                    """, "apiKey: token", "defaultHeaders: { \"X-Redpanda-Cloud-Token\": token }"),
            new CurlSample(new SampleRequest("/v1/chat/completions", """
                            {"model": {model}, "messages": [{"role": "user", "content": "Say hello"}]}\
                            """), "Authorization: Bearer "));

    public static final ProviderSpec SPEC = new ProviderSpec(
            new ProviderNames("OpenAI", "openai", "openai", "demo-openai", ", for Codex"),
            ProviderApi.OPENAI,
            ConfigSpec.keyed("openaiConfig", true),
            new UpstreamSpec("https://api.openai.com/v1", "Authorization", "Bearer "),
            // Newer models of OpenAI have another name for the limit than all other upstreams.
            new ClientSpec(BASE, VARIABLES, SAMPLES, smallest("max_completion_tokens")));

    private OpenAiType() {}

    static SampleRequest smallest(String limit) {
        return new SampleRequest("/v1/chat/completions", """
                {"model":{model},"%s":16,"messages":[{"role":"user","content":"Hi"}]}\
                """.formatted(limit));
    }
}
