import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";
import type { Client } from "./client.ts";

const message = (part: "message" | "delta", content: string) => ({
  id: "1",
  created: 0,
  model: "made-up",
  choices: [{ index: 0, finish_reason: part === "message" ? "stop" : null, [part]: { role: "assistant", content } }],
});
const piece = (content: string): string => `data: ${JSON.stringify(message("delta", content))}\n\n`;

export const aiSdk: Client = {
  ...{ name: "@ai-sdk/openai-compatible", installedAs: "@ai-sdk/openai-compatible" },
  ...{ payload: message("message", "ok"), pieces: [piece("one"), `${piece("two")}data: [DONE]\n\n`] },
  connect({ fetch }, url) {
    const model = createOpenAICompatible({ name: "made-up", baseURL: url, fetch })("made-up");
    const generate = (more: { abortSignal?: AbortSignal; maxRetries?: number } = {}) =>
      generateText({ model, prompt: "Zoë", maxRetries: 0, ...more });
    return {
      call: (abortSignal) => generate({ ...(abortSignal && { abortSignal }) }),
      bodies: { prompt: () => generate() },
      timeout: (ms) => generate({ abortSignal: AbortSignal.timeout(ms) }),
      stream: () => streamText({ model, prompt: "Zoë", maxRetries: 0 }).textStream,
      retry: () => generate({ maxRetries: 1 }),
    };
  },
};
