import type { AuthProvider, Fetch, Grant, TokenSet } from "@keyturn/core";
import type { Issuer, User } from "./issuer.ts";
import type { Laws } from "./laws.ts";
import type { Sender } from "./ledger.ts";
import type { Core } from "./load-core.ts";
import type { Person } from "./person.ts";
import type { Turn } from "./process.ts";
import { createTroubles, type Troubles } from "./troubles.ts";

export const origin = "https://api.example.com";

/** How a grant may go wrong: lost on the way there, or on the way back; refused for a while; never answered, done or not. */
export type GrantTrouble = "lost" | "answer lost" | "throttled" | "out of order" | "hangs" | "done, but hangs";

/** The issuer and its API at the far end of a network: what is sent arrives in its turn, and so does the answer, or it goes wrong. */
export interface Server {
  providerOf(sender: Sender): AuthProvider<User>;
  fetchOf(sender: Sender): Fetch;
  readonly grantTroubles: Troubles<Grant, GrantTrouble>;
  readonly apiTroubles: Troubles<"api", "lost">;
}

/** `person`: whom a login asks, if it does. */
export function createServer(core: Core, issuer: Issuer, turn: Turn, laws: Laws, person?: Person): Server {
  const grantTroubles = createTroubles<Grant, GrantTrouble>();
  const apiTroubles = createTroubles<"api", "lost">();

  /** One grant on its way there and back. What the client gives up, or does not live to see, may be done all the same. */
  async function grantFor(sender: Sender, grant: Grant, work: () => TokenSet, signal: AbortSignal, login?: object): Promise<TokenSet> {
    const trouble = grantTroubles.take(grant);
    await turn(`${sender.process.name}: ${grant} arrives`);
    if (trouble === "lost") throw new core.TokenRequestError(`issuer: ${grant} got no answer`);
    if (trouble === "throttled") throw new core.TokenRequestError(`issuer: ${grant} failed`, { status: 429, retryAfter: 4_000 });
    if (trouble === "out of order") throw new core.TokenRequestError(`issuer: ${grant} failed`, { status: 503 });
    if (trouble === "hangs") await new Promise(() => {});
    const tokens = work();
    const family = issuer.issued(tokens.accessToken)?.family;
    if (family) family.lost = true;
    if (trouble === "answer lost") throw new core.TokenRequestError(`issuer: ${grant} got no answer`);
    if (trouble === "done, but hangs") await new Promise(() => {});
    await sender.process.turn(`${grant} answer`);
    if (signal.aborted) return tokens;
    if (family) family.lost = false;
    laws.got(sender, tokens, login);
    return tokens;
  }

  return {
    ...{ grantTroubles, apiTroubles },

    providerOf: (sender) => ({
      name: "issuer",
      origins: [origin],
      credentials: ["username", "password"],
      login(credentials, context) {
        const ended = laws.login(sender, credentials);
        const login = sender.loginWith(credentials);
        const work = () => issuer.logIn(sender, credentials);
        const send = () => grantFor(sender, "login", work, context.signal, login);
        const asked = person ? context.ask(() => person.ask(sender, login ? undefined : laws)).then(send) : send();
        return ended(unlessAborted(asked, context.signal));
      },
      refresh(tokens, { signal }) {
        laws.spends(sender, tokens);
        const ended = laws.refresh(sender, tokens);
        const work = () => issuer.rotate(sender, tokens.refreshToken ?? "");
        return ended(unlessAborted(grantFor(sender, "refresh", work, signal), signal));
      },
      async revoke({ accessToken }) {
        await turn(`${sender.process.name}: revoke arrives`);
        const family = issuer.issued(accessToken)?.family;
        if (family) family.ended = family.revoked = true;
        await sender.process.turn("revoke answer");
      },
    }),

    fetchOf: (sender) => async (input, init) => {
      const token = new Headers(init?.headers).get("authorization")?.replace("Bearer ", "") ?? "";
      laws.request(sender, String(input), token);
      const lost = apiTroubles.take("api");
      await turn(`${sender.process.name}: request arrives`);
      const accepted = issuer.isLive(token) && !String(input).endsWith("/refused");
      if (!accepted) laws.refused(token);
      await sender.process.turn("response");
      init?.signal?.throwIfAborted();
      if (lost) throw new TypeError("fetch failed");
      return new Response(null, { status: accepted ? 200 : 401 });
    },
  };
}

function unlessAborted<Value>(answer: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
