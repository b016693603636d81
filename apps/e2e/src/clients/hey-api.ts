import { createClient } from "@hey-api/client-fetch";
import { bodies } from "./bodies.ts";
import { type Client, textOf } from "./client.ts";

export const heyApi: Client = {
  ...{ name: "@hey-api/client-fetch", installedAs: "@hey-api/client-fetch" },
  connect({ fetch }, url) {
    const api = createClient({ baseUrl: url, fetch, throwOnError: true });
    return {
      call: (signal) => api.get({ url: "/", ...(signal && { signal }) }),
      bodies: {
        json: () => api.post({ url: "/", body: { name: "Zoë" } }),
        ...bodies((body) => api.post({ url: "/", body, bodySerializer: null, headers: { "Content-Type": null } })),
      },
      timeout: (ms) => api.get({ url: "/", signal: AbortSignal.timeout(ms) }),
      stream: async () => textOf((await api.get({ url: "/", parseAs: "stream" })).response),
    };
  },
};
