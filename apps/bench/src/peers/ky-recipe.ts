import ky from "ky";
import { initOf, type Peer, refreshByHand, statusOf } from "../peer.ts";

/** The interceptor most teams write: ky's README, section "hooks.afterResponse", with the refresh put in. */
export const kyRecipe: Peer = {
  name: "ky, by hand",
  package: "ky",
  note: "the usual afterResponse hook",
  async open(parts) {
    const { fetch, origin } = parts;
    let tokens: typeof parts.tokens | undefined = parts.tokens;
    const api = ky.create({
      baseUrl: origin,
      fetch,
      throwHttpErrors: false,
      hooks: {
        beforeRequest: [({ request }) => tokens && request.headers.set("authorization", `Bearer ${tokens.accessToken}`)],
        afterResponse: [
          async ({ request, response }) => {
            if (response.status !== 401 || !tokens) return response;
            tokens = await refreshByHand(parts, tokens.refreshToken);
            request.headers.set("authorization", `Bearer ${tokens.accessToken}`);
            return ky.retry({ request, delay: 0 });
          },
        ],
      },
    });
    return {
      send: async (path, call = {}) => statusOf(await api(path, initOf(call))),
      async logout() {
        tokens = undefined;
      },
    };
  },
  bare({ fetch, origin }) {
    const api = ky.create({ baseUrl: origin, fetch, throwHttpErrors: false });
    return async (path, call = {}) => statusOf(await api(path, initOf(call)));
  },
};
