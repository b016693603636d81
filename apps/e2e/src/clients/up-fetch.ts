import { up } from "up-fetch";
import { bodies } from "./bodies.ts";
import { type Client, textOf } from "./client.ts";

const streaming = { duplex: "half" } as object; // undici asks for it, and up-fetch's types do not know it

export const upFetch: Client = {
  ...{ name: "up-fetch", installedAs: "up-fetch" },
  connect({ fetch }, url) {
    const api = up(fetch);
    return {
      call: (signal) => api(url, { ...(signal && { signal }) }),
      bodies: { json: () => api(url, { method: "POST", body: { name: "Zoë" } }), ...bodies((body) => api(url, { method: "POST", body })) },
      upload: (body) => api(url, { method: "POST", body, ...streaming }),
      timeout: (timeout) => api(url, { timeout }),
      stream: () => api(url, { parseResponse: textOf }),
      retry: () => api(url, { retry: { attempts: 1, delay: 0, when: ({ response }) => response?.status === 503 } }),
    };
  },
};
