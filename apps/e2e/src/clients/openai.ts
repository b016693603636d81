import OpenAI from "openai";
import type { Client } from "./client.ts";

const request = { model: "made-up", messages: [{ role: "user" as const, content: "Zoë" }] };
const piece = (content: string): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;

async function* contents(chunks: AsyncIterable<OpenAI.ChatCompletionChunk>): AsyncIterable<string> {
  for await (const { choices } of chunks) yield choices[0]?.delta.content ?? "";
}

export const openai: Client = {
  ...{ name: "openai", installedAs: "openai", pieces: [piece("one"), `${piece("two")}data: [DONE]\n\n`] },
  connect({ fetch }, url) {
    const api = new OpenAI({ baseURL: url, apiKey: "unused", defaultHeaders: { Authorization: null }, fetch, maxRetries: 0 });
    const complete = (options: OpenAI.RequestOptions = {}) => api.chat.completions.create(request, options);
    return {
      call: (signal) => complete({ ...(signal && { signal }) }),
      bodies: { completion: () => complete() },
      timeout: (timeout) => complete({ timeout }),
      stream: async () => contents(await api.chat.completions.create({ ...request, stream: true })),
      retry: () => complete({ maxRetries: 1 }),
    };
  },
};
