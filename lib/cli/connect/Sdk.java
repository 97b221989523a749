package lib.cli.connect;

import static lib.cli.connect.ConnectTarget.quoted;

import lib.api.ProviderType;

/// The vendors' own libraries, in Python and Node. The token is asked for when the program starts, and lasts as
/// long as it lasts.
final class Sdk {
    private static final String TOKEN_HEADER = "X-Redpanda-Cloud-Token";

    private Sdk() {}

    static Snippet python(ConnectTarget target) {
        var token = target.tokenCommand().isEmpty()
                ? "token = \"none\"\n"
                : "token = subprocess.run(%s, check=True, capture_output=True, text=True).stdout.strip()\n"
                        .formatted(target.list(target.tokenCommand()));
        var text = target.is(ProviderType.ANTHROPIC)
                ? """
                # pip install anthropic
                import subprocess
                from anthropic import Anthropic

                %sclient = Anthropic(base_url=%s, %s)
                message = client.messages.create(model=%s, max_tokens=100, messages=[{"role": "user", "content": \
                "Say hello"}])
                print(message.content[0].text)
                """.formatted(
                                token,
                                quoted(target.proxy().toString()),
                                target.passthrough()
                                        ? "default_headers={\"%s\": token}".formatted(TOKEN_HEADER)
                                        : "api_key=token, auth_token=token",
                                quoted(target.model()))
                : target.is(ProviderType.GOOGLE)
                        ? """
                # pip install google-genai
                import subprocess
                from google import genai

                %sclient = genai.Client(api_key=token, http_options={"base_url": %s, "headers": {"%s": token}})
                print(client.models.generate_content(model=%s, contents="Say hello").text)
                """.formatted(token, quoted(target.proxy().toString()), TOKEN_HEADER, quoted(target.model()))
                        : target.is(ProviderType.BEDROCK)
                                ? """
                # pip install boto3
                import os, subprocess
                import boto3

                %sos.environ["AWS_BEARER_TOKEN_BEDROCK"] = token
                client = boto3.client("bedrock-runtime", region_name=%s, endpoint_url=%s)
                answer = client.converse(modelId=%s, messages=[{"role": "user", "content": [{"text": "Say hello"}]}])
                print(answer["output"]["message"]["content"][0]["text"])
                """.formatted(
                                                token,
                                                quoted(target.region()),
                                                quoted(target.proxy().toString()),
                                                quoted(target.model()))
                                : """
                # pip install openai
                import subprocess
                from openai import OpenAI

                %sclient = OpenAI(base_url=%s, %s)
                answer = client.chat.completions.create(model=%s, messages=[{"role": "user", "content": "Say hello"}])
                print(answer.choices[0].message.content)
                """.formatted(
                                                token,
                                                quoted(target.proxy() + "/v1"),
                                                target.passthrough()
                                                        ? "default_headers={\"%s\": token}".formatted(TOKEN_HEADER)
                                                        : "api_key=token",
                                                quoted(target.model()));
        return new Snippet("python", "Python", own(target, "#") + text);
    }

    static Snippet node(ConnectTarget target) {
        var token = target.tokenCommand().isEmpty()
                ? "const token = \"none\";\n"
                : "const token = execFileSync(%s, %s, { encoding: \"utf8\" }).trim();\n"
                        .formatted(
                                quoted(target.tokenCommand().getFirst()),
                                target.list(target.tokenCommand()
                                        .subList(1, target.tokenCommand().size())));
        var text = target.is(ProviderType.ANTHROPIC)
                ? """
                // npm install @anthropic-ai/sdk
                import { execFileSync } from "node:child_process";
                import Anthropic from "@anthropic-ai/sdk";

                %sconst client = new Anthropic({ baseURL: %s, %s });
                const message = await client.messages.create({ model: %s, max_tokens: 100, messages: [{ role: \
                "user", content: "Say hello" }] });
                console.log(message.content[0].text);
                """.formatted(
                                token,
                                quoted(target.proxy().toString()),
                                target.passthrough()
                                        ? "defaultHeaders: { \"%s\": token }".formatted(TOKEN_HEADER)
                                        : "apiKey: null, authToken: token",
                                quoted(target.model()))
                : target.is(ProviderType.GOOGLE)
                        ? """
                // npm install @google/genai
                import { execFileSync } from "node:child_process";
                import { GoogleGenAI } from "@google/genai";

                %sconst client = new GoogleGenAI({ apiKey: token, httpOptions: { baseUrl: %s, headers: { "%s": token \
                } } });
                console.log((await client.models.generateContent({ model: %s, contents: "Say hello" })).text);
                """.formatted(token, quoted(target.proxy().toString()), TOKEN_HEADER, quoted(target.model()))
                        : target.is(ProviderType.BEDROCK)
                                ? """
                // npm install @aws-sdk/client-bedrock-runtime @smithy/node-http-handler
                import { execFileSync } from "node:child_process";
                import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
                import { NodeHttpHandler } from "@smithy/node-http-handler";

                %sconst client = new BedrockRuntimeClient({ region: %s, endpoint: %s, token: { token }, \
                authSchemePreference: ["httpBearerAuth"], requestHandler: new NodeHttpHandler() });
                const answer = await client.send(new ConverseCommand({ modelId: %s, messages: [{ role: "user", \
                content: [{ text: "Say hello" }] }] }));
                console.log(answer.output.message.content[0].text);
                """.formatted(
                                                token,
                                                quoted(target.region()),
                                                quoted(target.proxy().toString()),
                                                quoted(target.model()))
                                : """
                // npm install openai
                import { execFileSync } from "node:child_process";
                import OpenAI from "openai";

                %sconst client = new OpenAI({ baseURL: %s, %s });
                const answer = await client.chat.completions.create({ model: %s, messages: [{ role: "user", content: \
                "Say hello" }] });
                console.log(answer.choices[0].message.content);
                """.formatted(
                                                token,
                                                quoted(target.proxy() + "/v1"),
                                                target.passthrough()
                                                        ? "defaultHeaders: { \"%s\": token }".formatted(TOKEN_HEADER)
                                                        : "apiKey: token",
                                                quoted(target.model()));
        return new Snippet("node", "Node, as a module (.mjs)", own(target, "//") + text);
    }

    private static String own(ConnectTarget target, String comment) {
        return target.passthrough()
                ? "%s passthrough: your own credential is read from %s, as always\n"
                        .formatted(comment, target.isOpenAi() ? "OPENAI_API_KEY" : "ANTHROPIC_AUTH_TOKEN")
                : "";
    }
}
