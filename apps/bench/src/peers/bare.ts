import { initOf, type Peer, statusOf } from "../peer.ts";

/** The floor: a header that somebody else keeps right. */
export const bareFetch: Peer = {
  name: "bare fetch",
  package: "node",
  note: "sends one token for ever; the floor of the cost columns",
  async open({ fetch, origin, tokens }) {
    const headers = { authorization: `Bearer ${tokens.accessToken}` };
    return { send: async (path, call = {}) => statusOf(await fetch(origin + path, { ...initOf(call), headers })) };
  },
};
