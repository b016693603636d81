import { OAuth2Client, OAuth2Fetch } from "@badgateway/oauth2-client";
import { initOf, type Peer, statusOf } from "../peer.ts";

export const badgateway: Peer = {
  name: "@badgateway/oauth2-client",
  package: "@badgateway/oauth2-client",
  imports: `export { OAuth2Client, OAuth2Fetch } from "@badgateway/oauth2-client";`,
  async open({ fetch, origin, tokens }) {
    const client = new OAuth2Client({
      server: origin,
      clientId: "bench",
      tokenEndpoint: "/token",
      fetch: (input, init) => fetch(input, init),
    });
    const wrapper = new OAuth2Fetch({ client, getNewToken: () => null, getStoredToken: () => tokens });
    const middleware = wrapper.mw(); // what its own fetch is made of; here with a fetch that can be given
    return {
      send: async (path, call = {}) => statusOf(await middleware(new Request(origin + path, initOf(call)), (request) => fetch(request))),
    };
  },
};
