import axios from "axios";
import { bodies } from "./bodies.ts";
import { type Client, textOf } from "./client.ts";

export const axiosClient: Client = {
  ...{ name: "axios", installedAs: "axios" },
  connect({ fetch }, url) {
    const api = axios.create({ adapter: "fetch", env: { fetch } });
    return {
      call: (signal) => api.get(url, { ...(signal && { signal }) }),
      bodies: { json: () => api.post(url, { name: "Zoë" }), ...bodies((body) => api.post(url, body)) },
      upload: (body) => api.post(url, body),
      timeout: (timeout) => api.get(url, { timeout }),
      stream: async () => textOf(new Response((await api.get<ReadableStream>(url, { responseType: "stream" })).data)),
    };
  },
};
