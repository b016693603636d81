import { type Auth, type AuthOptions, type AuthProvider, createAuth, type TokenSet } from "@keyturn/core";
import { AuthError } from "@keyturn/core/provider";
import { identityOf } from "@keyturn/core/store";
import type { PublicRecord } from "./messages.ts";
import { createPageStore } from "./page-store.ts";
import { type ConnectedWorker, createWorkerLink, type WorkerLink } from "./worker-link.ts";

/** Options of a page's side of a session. What the session is, its worker decides. */
export type ConnectOptions<Credentials> = Omit<AuthOptions<Credentials>, "credentials" | "store">;

/**
 * A page's side of the session that a SharedWorker owns by `serveAuth`, with the same provider there. The worker logs in,
 * renews and logs out; the page gets access tokens and attaches them. `connect` is called at the first use, and again
 * where the worker is gone.
 */
export function connectAuth<Credentials = void>(
  provider: AuthProvider<Credentials>,
  connect: () => ConnectedWorker,
  options: ConnectOptions<NoInfer<Credentials>> = {},
): Auth<Credentials> {
  if (typeof connect !== "function") throw new TypeError('connectAuth(): "connect" must be a function that makes a SharedWorker');
  if (!("SharedWorker" in globalThis))
    throw new TypeError('connectAuth(): there is no SharedWorker here; use createAuth(provider, { store: webStore("session") })');
  const store = createPageStore(() => link);
  const link = createWorkerLink(connect, store.hear);
  const { hear: _, ...tokenStore } = store;
  return createAuth<Credentials>(servedBy(link, provider), { ...options, store: tokenStore });
}

/** The provider with its grants made by the worker. */
function servedBy<Credentials>(link: WorkerLink, provider: AuthProvider<Credentials>): AuthProvider<Credentials> {
  const tokensOf = (identity: string, record: PublicRecord | undefined): TokenSet => {
    if (record?.tokens && record.identity === identity) return record.tokens;
    throw new AuthError("misconfigured", `${provider.name}: page and worker must have the same provider with the same options`);
  };
  return {
    name: provider.name,
    ...(provider.configuration !== undefined && { configuration: provider.configuration }),
    ...(provider.origins && { origins: provider.origins }),
    ...(provider.endpoints && { endpoints: provider.endpoints }),
    ...(provider.credentials && { credentials: provider.credentials }),
    ...(provider.identity && { identity: provider.identity.bind(provider) }),
    ...(provider.authorize && { authorize: provider.authorize.bind(provider) }),
    ...(provider.learn && { learn: provider.learn.bind(provider) }),
    ...(provider.isBoundToAnotherKey && { isBoundToAnotherKey: provider.isBoundToAnotherKey.bind(provider) }),
    ...(provider.isUnauthorized && { isUnauthorized: provider.isUnauthorized.bind(provider) }),
    async login(credentials) {
      return tokensOf(identityOf(provider, credentials), await link.ask({ ask: "login", credentials }));
    },
    // In a page the refresh token is the name of the session, see publicRecord.
    async refresh({ accessToken, refreshToken: identity = "" }) {
      return tokensOf(identity, await link.ask({ ask: "renewal", accessToken, identity }));
    },
    async revoke() {
      await link.ask({ ask: "revocation" });
    },
  };
}
