// The SDKs that programs are written with, unmodified, against one gateway. Prints one JSON object: what each saw.
//
//   GATEWAY=http://127.0.0.1:8090 TOKEN=... node clients.mjs
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { GoogleGenAI } from '@google/genai';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelWithResponseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

const { GATEWAY, TOKEN } = process.env;
const base = (provider) => `${GATEWAY}/llm/v1/providers/${provider}`;
const HELLO = 'say hello';
const RUN = 'run: echo hi';
const SHELL = { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] };
const seen = {};
setTimeout(() => {
  console.error('still waiting; seen so far: ' + JSON.stringify(seen));
  process.exit(1);
}, 240_000).unref();

async function check(name, what) {
  try {
    seen[name] = await what();
  } catch (e) {
    seen[name] = { error: e.constructor.name, status: e.status ?? e.$metadata?.httpStatusCode, message: String(e.message) };
  }
}

// Stops a stream as soon as it has begun; the gateway must then stop the upstream.
async function leave(stream, abort) {
  try {
    for await (const _ of stream) abort.abort();
  } catch (e) {
    if (!abort.signal.aborted) throw e;
  }
  return 'left';
}

{
  const at = (provider) => new Anthropic({ baseURL: base(provider), apiKey: TOKEN, maxRetries: 0 });
  const ask = (content, more) => ({ model: 'claude-demo', max_tokens: 99, messages: [{ role: 'user', content }], ...more });
  await check('anthropic whole', async () => (await at('demo').messages.create(ask(HELLO))).content[0].text);
  await check('anthropic stream', async () => await at('demo').messages.stream(ask(HELLO)).finalText());
  await check('anthropic tool', async () => (await at('demo').messages.stream(ask(RUN, { tools: [{ name: 'Bash', input_schema: SHELL }] })).finalMessage()).content.at(-1).input);
  await check('anthropic count', async () => (await at('demo').messages.countTokens({ model: 'claude-demo', messages: [{ role: 'user', content: HELLO }] })).input_tokens > 0);
  await check('anthropic models', async () => (await at('demo').models.list()).data.length > 0);
  await check('anthropic refused', () => at('few').messages.create(ask(HELLO)));
  await check('anthropic upstream error', () => at('failing').messages.create(ask(HELLO)));
  const abort = new AbortController();
  await check('anthropic left', async () => leave(await at('endless').messages.create(ask(HELLO, { stream: true }), { signal: abort.signal }), abort));
}
{
  const at = (provider) => new OpenAI({ baseURL: `${base(provider)}/v1`, apiKey: TOKEN, maxRetries: 0 });
  const ask = (input, more) => ({ model: 'gpt-demo', input, ...more });
  const chat = (content, more) => ({ model: 'gpt-demo', messages: [{ role: 'user', content }], ...more });
  const shell = { type: 'function', name: 'shell', parameters: { type: 'object', properties: { command: { type: 'array', items: { type: 'string' } } } } };
  await check('responses whole', async () => (await at('demo-openai').responses.create(ask(HELLO))).output_text);
  await check('responses stream', async () => {
    let text = '';
    for await (const event of await at('demo-openai').responses.create(ask(HELLO, { stream: true }))) if (event.type === 'response.output_text.delta') text += event.delta;
    return text;
  });
  await check('responses tool', async () => (await at('demo-openai').responses.create(ask(RUN, { tools: [shell] }))).output.at(-1).name);
  await check('chat whole', async () => (await at('demo-openai').chat.completions.create(chat(HELLO))).choices[0].message.content);
  await check('chat stream', async () => {
    let text = '';
    for await (const chunk of await at('demo-openai').chat.completions.create(chat(HELLO, { stream: true }))) text += chunk.choices[0]?.delta?.content ?? '';
    return text;
  });
  await check('openai refused', () => at('few-openai').chat.completions.create(chat(HELLO)));
  const abort = new AbortController();
  await check('openai left', async () => leave(await at('endless-openai').chat.completions.create(chat(HELLO, { stream: true }), { signal: abort.signal }), abort));
}
{
  const at = (provider) => new GoogleGenAI({ apiKey: TOKEN, httpOptions: { baseUrl: base(provider) } });
  const ask = (contents, config) => ({ model: 'gemini-demo', contents, config });
  await check('google whole', async () => (await at('demo-google').models.generateContent(ask(HELLO))).text);
  await check('google stream', async () => {
    let text = '';
    for await (const chunk of await at('demo-google').models.generateContentStream(ask(HELLO))) text += chunk.text ?? '';
    return text;
  });
  await check('google tool', async () => (await at('demo-google').models.generateContent(ask(RUN, { tools: [{ functionDeclarations: [{ name: 'Bash', parametersJsonSchema: SHELL }] }] }))).functionCalls[0].args);
  await check('google refused', () => at('few-google').models.generateContent(ask(HELLO)));
}
{
  // This one begins with HTTP/2, without asking first.
  const at = (provider) => new BedrockRuntimeClient({ region: 'us-east-1', endpoint: base(provider), token: { token: TOKEN }, authSchemePreference: ['httpBearerAuth'], maxAttempts: 1 });
  const ask = (text, more) => ({ modelId: 'us.anthropic.claude-demo-v1:0', messages: [{ role: 'user', content: [{ text }] }], ...more });
  await check('converse whole', async () => (await at('demo-bedrock').send(new ConverseCommand(ask(HELLO)))).output.message.content[0].text);
  await check('converse stream', async () => {
    let text = '';
    for await (const event of (await at('demo-bedrock').send(new ConverseStreamCommand(ask(HELLO)))).stream) text += event.contentBlockDelta?.delta?.text ?? '';
    return text;
  });
  await check('converse tool', async () => (await at('demo-bedrock').send(new ConverseCommand(ask(RUN, { toolConfig: { tools: [{ toolSpec: { name: 'Bash', inputSchema: { json: SHELL } } }] } })))).output.message.content.at(-1).toolUse.input);
  await check('invoke stream', async () => {
    const body = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 99, messages: [{ role: 'user', content: HELLO }] });
    let text = '';
    for await (const event of (await at('demo-bedrock').send(new InvokeModelWithResponseStreamCommand({ modelId: 'us.anthropic.claude-demo-v1:0', contentType: 'application/json', body }))).body) {
      text += JSON.parse(new TextDecoder().decode(event.chunk.bytes)).delta?.text ?? '';
    }
    return text;
  });
  await check('converse refused', () => at('few-bedrock').send(new ConverseCommand(ask(HELLO))));
}
console.log(JSON.stringify(seen));
