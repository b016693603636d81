import ky from "ky";
import ky1 from "ky-1";
import { bodies } from "./bodies.ts";
import { type Client, textOf } from "./client.ts";

const retry = { limit: 1, delay: () => 0 };

function client(name: string, installedAs: string, create: typeof ky.create): Client {
  return {
    ...{ name, installedAs },
    connect({ fetch }, url) {
      const api = create({ fetch, retry: 0 });
      return {
        call: (signal) => api.get(url, { ...(signal && { signal }) }).json(),
        bodies: { json: () => api.post(url, { json: { name: "Zoë" } }).json(), ...bodies((body) => api.post(url, { body }).json()) },
        upload: (body) => api.post(url, { body }).json(),
        timeout: (timeout) => api.get(url, { timeout }).json(),
        stream: async () => textOf(await api.get(url)),
        retry: () => api.get(url, { retry }).json(),
      };
    },
  };
}

export const ky2: Client = client("ky 2", "ky", ky.create);
// Called alike as far as it is called here; ky 1 has other types for hooks and prefixes.
export const kyOne: Client = client("ky 1", "ky-1", ky1.create as unknown as typeof ky.create);
