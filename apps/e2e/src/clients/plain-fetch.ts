import { bodies } from "./bodies.ts";
import { type Client, textOf } from "./client.ts";

export const plainFetch: Client = {
  ...{ name: "fetch", installedAs: "node" },
  connect({ fetch }, url) {
    const post = (body: BodyInit, more: RequestInit = {}) => fetch(url, { method: "POST", body, ...more });
    return {
      call: (signal) => fetch(url, { ...(signal && { signal }) }),
      bodies: bodies((body) => post(body)),
      upload: (body) => fetch(new Request(url, { method: "POST", body, duplex: "half" } as RequestInit)), // the DOM's types lack duplex
      timeout: (ms) => fetch(url, { signal: AbortSignal.timeout(ms) }),
      stream: async () => textOf(await fetch(url)),
    };
  },
};
