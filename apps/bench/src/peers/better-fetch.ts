import { createFetch } from "@better-fetch/fetch";
import type { Client, Peer, PeerParts } from "../peer.ts";
import { refreshByHand } from "../peer.ts";

type Options = Parameters<typeof createFetch>[0];

function sendWith({ fetch, origin }: PeerParts, more: Options): Client["send"] {
  const api = createFetch({ baseURL: origin, customFetchImpl: fetch, ...more });
  return async (path, { method = "GET", body, signal } = {}) => {
    const { error } = await api(path, { method, ...(body !== undefined && { body }), ...(signal && { signal }) });
    return error ? error.status : 200;
  };
}

/** Its options `auth`, `retry` and `onRetry`, put together as its documentation has them. */
export const betterFetch: Peer = {
  name: "@better-fetch/fetch",
  package: "@better-fetch/fetch",
  imports: `export { createFetch } from "@better-fetch/fetch";`,
  note: "the refresh is the application's, in its onRetry hook",
  async open(parts) {
    let tokens: typeof parts.tokens | undefined = parts.tokens;
    const send = sendWith(parts, {
      auth: { type: "Bearer", token: () => tokens?.accessToken },
      retry: { type: "linear", attempts: 1, delay: 0, shouldRetry: (response) => response?.status === 401 },
      async onRetry() {
        if (tokens) tokens = await refreshByHand(parts, tokens.refreshToken);
      },
    });
    return {
      send,
      async logout() {
        tokens = undefined;
      },
    };
  },
  bare: (parts) => sendWith(parts, {}),
};
