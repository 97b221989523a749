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

/// The type for Google's Gemini API.
///
/// @see <a href="https://ai.google.dev/api">The Gemini API</a>
public final class GoogleType {
    private static final SdkSample PYTHON = new SdkSample("""
            # pip install google-genai
            import subprocess
            from google import genai

            {token}client = genai.Client(api_key=token, http_options={"base_url": {url}, "headers": \
            {"X-Redpanda-Cloud-Token": token}})
            print(client.models.generate_content(model={model}, contents="Say hello").text)
            """, "", "");

    private static final SdkSample NODE = new SdkSample("""
            // npm install @google/genai
            import { execFileSync } from "node:child_process";
            import { GoogleGenAI } from "@google/genai";

            {token}const client = new GoogleGenAI({ apiKey: token, httpOptions: { baseUrl: {url}, headers: { \
            "X-Redpanda-Cloud-Token": token } } });
            console.log((await client.models.generateContent({ model: {model}, contents: "Say hello" })).text);
            """, "", "");

    private static final CurlSample CURL = new CurlSample(
            new SampleRequest("/v1beta/models/{model}:generateContent", """
                    {"contents": [{"role": "user", "parts": [{"text": "Say hello"}]}]}\
                    """), "X-Redpanda-Cloud-Token: ");

    public static final ProviderSpec SPEC = new ProviderSpec(
            new ProviderNames("Google", "gcp.gemini", "google", "demo-google", ", as Google's"),
            ProviderApi.GOOGLE,
            new ConfigSpec(
                    "googleConfig",
                    List.of(ConfigField.BASE_URL, ConfigField.API_KEY_REF),
                    List.of(ConfigField.API_KEY_REF.path()),
                    ConfigField.API_KEY_REF.path(),
                    true),
            new UpstreamSpec("https://generativelanguage.googleapis.com", "x-goog-api-key", ""),
            new ClientSpec(
                    "",
                    new SdkVariables(
                            List.of("GOOGLE_GEMINI_BASE_URL"), List.of("GEMINI_API_KEY", "GOOGLE_API_KEY"), "", ""),
                    new Samples(PYTHON, NODE, CURL),
                    new SampleRequest("/v1beta/models/{model}:generateContent", """
                            {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],\
                            "generationConfig":{"maxOutputTokens":16}}\
                            """)));

    private GoogleType() {}
}
