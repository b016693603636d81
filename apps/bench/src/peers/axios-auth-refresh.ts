import axios, { type AxiosInstance } from "axios";
import { createAuthRefresh } from "axios-auth-refresh";
import type { Client, Peer, PeerParts } from "../peer.ts";
import { refreshByHand } from "../peer.ts";

function instance({ fetch, origin }: PeerParts): AxiosInstance {
  return axios.create({ baseURL: origin, adapter: "fetch", env: { fetch }, validateStatus: (status) => status !== 401 });
}

function sendWith(api: AxiosInstance): Client["send"] {
  return async (url, { method = "GET", body, signal } = {}) => {
    try {
      return (await api.request({ url, method, ...(body !== undefined && { data: body }), ...(signal && { signal }) })).status;
    } catch (error) {
      if (axios.isAxiosError(error) && error.response) return error.response.status;
      throw error;
    }
  };
}

/** As its README has it. */
export const axiosAuthRefresh: Peer = {
  name: "axios-auth-refresh",
  package: "axios-auth-refresh",
  imports: `export { createAuthRefresh } from "axios-auth-refresh";`,
  async open(parts) {
    let tokens: typeof parts.tokens | undefined = parts.tokens;
    const api = instance(parts);
    api.interceptors.request.use((config) => {
      if (tokens) config.headers.set("Authorization", `Bearer ${tokens.accessToken}`);
      return config;
    });
    createAuthRefresh(api, async () => {
      if (!tokens) throw new Error("signed out");
      tokens = await refreshByHand(parts, tokens.refreshToken);
    });
    return {
      send: sendWith(api),
      async logout() {
        tokens = undefined;
      },
    };
  },
  bare: (parts) => sendWith(instance(parts)),
};
