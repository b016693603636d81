import { createClient } from "@hey-api/client-fetch";
import { bodies } from "./bodies.ts";
import { type Client, textOf } from "./client.ts";

const streaming = { duplex: "half" } as object; // undici asks for it, and its types do not know it

/** It has no retries of its own. */
export const heyApi: Client = {
  ...{ name: "@hey-api/client-fetch", installedAs: "@hey-api/client-fetch" },
  connect({ fetch }, url) {
    const api = createClient({ baseUrl: url, fetch, throwOnError: true });
    const post = (body: unknown, more = {}) =>
      api.post({ url: "/", body, bodySerializer: null, headers: { "Content-Type": null }, ...more });
    return {
      call: (signal) => api.get({ url: "/", ...(signal && { signal }) }),
      bodies: {
        json: () => api.post({ url: "/", body: { name: "Zoë" } }),
        ...bodies((body) => post(body)),
      },
      upload: (body) => post(body, streaming),
      timeout: (ms) => api.get({ url: "/", signal: AbortSignal.timeout(ms) }),
      stream: async () => textOf((await api.get({ url: "/", parseAs: "stream" })).response),
    };
  },
};
