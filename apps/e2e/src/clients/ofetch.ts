import { createFetch } from "ofetch";
import { bodies } from "./bodies.ts";
import { type Client, textOf } from "./client.ts";

export const ofetch: Client = {
  ...{ name: "ofetch", installedAs: "ofetch", uploads: "once" },
  connect({ fetch }, url) {
    const api = createFetch({ fetch, defaults: { retry: 0 } });
    return {
      call: (signal) => api(url, { ...(signal && { signal }) }),
      bodies: { json: () => api(url, { method: "POST", body: { name: "Zoë" } }), ...bodies((body) => api(url, { method: "POST", body })) },
      upload: (body) => api(url, { method: "POST", body, duplex: "half" }),
      timeout: (timeout) => api(url, { timeout }),
      stream: async () => textOf(new Response(await api(url, { responseType: "stream" }))),
      retry: () => api(url, { retry: 1, retryDelay: 0 }),
    };
  },
};
