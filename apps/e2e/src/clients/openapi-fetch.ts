import createClient from "openapi-fetch";
import { bodies } from "./bodies.ts";
import { type Client, textOf } from "./client.ts";

interface Paths {
  "/": {
    get: { responses: { 200: { content: { "application/json": unknown } } } };
    post: { requestBody: { content: { "application/json": unknown } }; responses: { 200: { content: { "application/json": unknown } } } };
  };
}

const streaming = { duplex: "half" } as object; // undici asks for it, and openapi-fetch's types do not know it

/** It has no retries of its own. */
export const openapiFetch: Client = {
  ...{ name: "openapi-fetch", installedAs: "openapi-fetch" },
  connect({ fetch }, url) {
    const api = createClient<Paths>({ baseUrl: url, fetch });
    const post = (body: unknown, more = {}) => api.POST("/", { body, bodySerializer: (given) => given, ...more });
    return {
      call: (signal) => api.GET("/", { ...(signal && { signal }) }),
      bodies: { json: () => api.POST("/", { body: { name: "Zoë" } }), ...bodies((body) => post(body)) },
      upload: (body) => post(body, streaming),
      timeout: (ms) => api.GET("/", { signal: AbortSignal.timeout(ms) }),
      stream: async () => textOf((await api.GET("/", { parseAs: "stream" })).response),
    };
  },
};
