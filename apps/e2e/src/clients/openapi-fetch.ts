import createClient from "openapi-fetch";
import { bodies } from "./bodies.ts";
import { type Client, textOf } from "./client.ts";

interface Paths {
  "/": {
    get: { responses: { 200: { content: { "application/json": unknown } } } };
    post: { requestBody: { content: { "application/json": unknown } }; responses: { 200: { content: { "application/json": unknown } } } };
  };
}

export const openapiFetch: Client = {
  ...{ name: "openapi-fetch", installedAs: "openapi-fetch" },
  connect({ fetch }, url) {
    const api = createClient<Paths>({ baseUrl: url, fetch });
    const post = (body: unknown) => api.POST("/", { body, bodySerializer: (given) => given });
    return {
      call: (signal) => api.GET("/", { ...(signal && { signal }) }),
      bodies: { json: () => api.POST("/", { body: { name: "Zoë" } }), ...bodies(post) },
      timeout: (ms) => api.GET("/", { signal: AbortSignal.timeout(ms) }),
      stream: async () => textOf((await api.GET("/", { parseAs: "stream" })).response),
    };
  },
};
