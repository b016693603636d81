import type { Fetch } from "@keyturn/core";
import { type AuthorizationCodeProvider, authorizationCode, type PendingAuthorization } from "@keyturn/oauth2";
import fc from "fast-check";
import { type Attack, outcomeOf, samples, shown } from "./attack.ts";
import { planted } from "./planted.ts";

const redirectUri = "https://app.example.com/back";

/** Two servers of one application, A and B; whatever is sent to a token endpoint is noted. */
function twoServers() {
  const sent: { readonly to: string; readonly form: URLSearchParams }[] = [];
  const network: Fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push({ to: new URL(request.url).host, form: new URLSearchParams(await request.text()) });
    return Response.json({ access_token: planted.accessToken, refresh_token: planted.refreshToken, token_type: "Bearer" });
  };
  const providerOf = (host: string): AuthorizationCodeProvider =>
    authorizationCode({
      authorizationEndpoint: `https://${host}/authorize`,
      tokenEndpoint: `https://${host}/token`,
      issuer: `https://${host}`,
      clientId: "client",
      fetch: network,
    });
  return { sent, a: providerOf("a.example"), b: providerOf("b.example") };
}

const junk = fc.oneof(fc.string(), fc.constantFrom("", "%", "__proto__", "\u0000", "a&code=b", "\n"));
/** Where parameters of a callback come from: this login, the other one, nowhere. */
const source = fc.constantFrom("own", "other", "absent", "junk", "twice", "cut");

/** Callbacks of another login, of another server, or of nobody: only the right one is traded in. */
export const callbacks: Attack = {
  name: "callbacks of other logins",
  async run(trial) {
    const { sent, a, b } = twoServers();
    const input = fc.record({
      state: source,
      code: source,
      iss: fc.constantFrom("absent", "absent", "other", "junk"),
      error: fc.boolean(),
      inFragment: fc.boolean(),
      junk,
    });
    const [own, other] = await Promise.all([a, b].map(async (provider) => (await provider.begin(redirectUri)).pending));
    if (!own || !other) throw new Error("no login was begun");
    for (const one of samples(trial, input, trial.runs / 2)) {
      trial.tried();
      const query = new URLSearchParams();
      const add = (name: string, from: string, right: string, wrong: string) => {
        if (from === "own" || from === "twice") query.append(name, right);
        if (from === "other" || from === "twice") query.append(name, wrong);
        if (from === "junk") query.append(name, one.junk);
        if (from === "cut") query.append(name, right.slice(0, -1));
      };
      add("state", one.state, own.state, other.state);
      add("code", one.code, "code-of-a", "code-of-b");
      add("iss", one.iss, "https://a.example", "https://b.example");
      if (one.error) query.append("error", "access_denied");
      const before = sent.length;
      const callback = `${redirectUri}${one.inFragment ? "#" : "?"}${query}`;
      await outcomeOf(trial, a.finish(callback, own), one);
      const isOurs = one.state === "own" && !["absent", "twice"].includes(one.code) && !one.error && !one.inFragment && one.iss !== "other";
      const traded = sent.slice(before);
      if (traded.length > 0 && !isOurs) trial.finds("other", `a code was traded in for ${shown(one)}`);
      if (traded.length > 1) trial.finds("other", `a code was traded in ${traded.length} times for ${shown(one)}`);
      for (const { to, form } of traded) {
        if (to !== "a.example" || form.get("code_verifier") !== own.codeVerifier) trial.finds("wrong origin", `${to} for ${shown(one)}`);
      }
    }
  },
};

const damaged = fc.dictionary(fc.constantFrom("state", "codeVerifier", "redirectUri", "nonce", "__proto__"), fc.jsonValue());

/** What a page or a process has remembered of a login, and somebody else has changed. */
export const pendingLogins: Attack = {
  name: "pending logins that were changed",
  async run(trial) {
    const { sent, a } = twoServers();
    const { pending } = await a.begin(redirectUri);
    for (const members of samples(trial, damaged, trial.runs / 2)) {
      trial.tried();
      const before = sent.length;
      const changed = { ...pending, ...members } as PendingAuthorization; // the attack: it need not be one
      const right = {
        state: changed.state === pending.state,
        texts: [changed.codeVerifier, changed.redirectUri].every((one) => typeof one === "string" && one !== ""),
      };
      await outcomeOf(trial, a.finish(`${redirectUri}?code=code-of-a&state=${pending.state}`, changed), members, { platform: true });
      if (sent.length > before && !(right.state && right.texts)) trial.finds("other", `a code was traded in for ${shown(members)}`);
    }
  },
};
