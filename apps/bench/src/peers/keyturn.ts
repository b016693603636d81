import { type Auth, type AuthProvider, createAuth, type TokenSet } from "@keyturn/core";
import { refused, tokenRequest, tokenSet, unexpected } from "@keyturn/core/provider";
import ky from "ky";
import { initOf, type Peer, type PeerParts, statusOf } from "../peer.ts";

/** A session that began elsewhere: "login" takes over its token set, and after that there is only the refresh. */
function provider(origin: string): AuthProvider<TokenSet> {
  return {
    name: "bench",
    configuration: origin,
    origins: [origin],
    credentials: ["accessToken"],
    login: async (tokens) => tokens,
    async refresh({ refreshToken = "" }, context) {
      const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: "bench" });
      const answer = await tokenRequest({ provider: "bench", operation: "refresh", url: `${origin}/token`, body }, context);
      const { error, access_token, refresh_token, expires_in } = answer.body;
      if (error === "invalid_grant") throw refused(answer, error);
      if (!answer.ok) throw unexpected(answer, error);
      return tokenSet(answer, { accessToken: access_token, refreshToken: refresh_token, expiresIn: expires_in });
    },
  };
}

export async function openAuth({ fetch, origin, tokens }: PeerParts): Promise<Auth<TokenSet>> {
  const auth = createAuth(provider(origin), { fetch });
  await auth.login({ ...tokens, receivedAt: Date.now() });
  return auth;
}

export const keyturn: Peer = {
  name: "keyturn",
  package: "@keyturn/core",
  imports: `export { createAuth } from "@keyturn/core"; export { refused, tokenRequest, tokenSet, unexpected } from "@keyturn/core/provider";`,
  async open(parts) {
    const { fetch, logout, close } = await openAuth(parts);
    return { send: async (path, call = {}) => statusOf(await fetch(parts.origin + path, initOf(call))), logout, close };
  },
};

export const keyturnUnderKy: Peer = {
  name: "keyturn + ky",
  package: "@keyturn/core",
  async open(parts) {
    const { fetch, logout, close } = await openAuth(parts);
    return { send: sendWithKy(parts.origin, fetch), logout, close };
  },
  bare: ({ origin, fetch }) => sendWithKy(origin, fetch),
};

function sendWithKy(origin: string, fetch: PeerParts["fetch"]) {
  const api = ky.create({ baseUrl: origin, fetch, retry: 0, throwHttpErrors: false });
  return async (path: string, call = {}) => statusOf(await api(path, initOf(call)));
}
