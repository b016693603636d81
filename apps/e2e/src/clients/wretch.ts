import wretch from "wretch";
import AbortAddon from "wretch/addons/abort";
import { retry } from "wretch/middlewares";
import { bodies } from "./bodies.ts";
import { type Client, textOf } from "./client.ts";

export const wretchClient: Client = {
  ...{ name: "wretch", installedAs: "wretch", uploads: "once" },
  connect({ fetch }, url) {
    const api = wretch(url).fetchPolyfill(fetch);
    return {
      call: (signal) =>
        api
          .options({ ...(signal && { signal }) })
          .get()
          .json(),
      bodies: { json: () => api.post({ name: "Zoë" }).json(), ...bodies((body) => api.body(body).post().json()) },
      upload: (body) => api.options({ duplex: "half" }).body(body).post().json(),
      timeout: (ms) => api.addon(AbortAddon()).get().setTimeout(ms).json(),
      stream: async () => textOf(await api.get().res()),
      retry: () =>
        api
          .middlewares([retry({ maxAttempts: 1, delayTimer: 0 })])
          .get()
          .json(),
    };
  },
};
