import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answering, signedIn } from "../fetch/hook.fixture.ts";
import { type Auth, type AuthProvider, createAuth, type Fetch, isAuthError, memoryStore, staticToken } from "../index.ts";
import { refused, tokenRequest, tokenSet, transient, unexpected } from "../provider/index.ts";
import { ada, createIssuer, origin, type User, url } from "../test-kit.ts";
import { checkNoSecret } from "../testing/leaks.ts";
import { manualClock } from "../testing/manual-clock.ts";

const secretPrefix = "hush-";
const user: User = { username: "ada", password: `${secretPrefix}password` };
const clientSecret = `${secretPrefix}client-secret`;

/** Fails if a secret shows in anything a log may be given. */
function expectNoSecret(value: unknown, where: string): void {
  checkNoSecret(value, [secretPrefix], where);
  expect(inspect(value, { depth: 20, getters: true, showHidden: false }), where).not.toContain(secretPrefix);
  expect(JSON.stringify(value) ?? "", where).not.toContain(secretPrefix);
  expect(String(value), where).not.toContain(secretPrefix);
}

type Behaviour = "tokens" | "refused" | "throttled" | "broken" | "html" | "empty" | "bad token" | "offline";

/** A token endpoint that shows what it was sent wherever it can, as some do. */
function echoing(behaviours: readonly Behaviour[]): { readonly provider: AuthProvider<User>; readonly fetch: Fetch } {
  let serial = 0;
  const queue = [...behaviours];
  const answerTo = (echo: string): Response => {
    const next = ++serial;
    const tokens = {
      access_token: `${secretPrefix}access-${next}`,
      refresh_token: `${secretPrefix}refresh-${next}`,
      expires_in: 60,
    };
    const told = { error: echo, error_description: echo, message: echo };
    const headers = { "www-authenticate": `Bearer realm="${echo}"`, "retry-after": "1" };
    const answers: Record<Behaviour, () => Response> = {
      tokens: () => Response.json(tokens),
      refused: () => Response.json(told, { status: 400, headers }),
      throttled: () => Response.json(told, { status: 429, headers }),
      broken: () => Response.json(told, { status: 500, headers }),
      html: () => new Response(`<p>${echo}</p>`),
      empty: () => Response.json({ ...tokens, access_token: "" }),
      "bad token": () => Response.json({ ...tokens, access_token: `${tokens.access_token}\r\nx: y` }),
      offline: () => {
        throw new TypeError("fetch failed", { cause: new Error("ECONNRESET") });
      },
    };
    return answers[queue.shift() ?? "tokens"]();
  };
  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = await request.text();
    if (request.url !== url) return answerTo(body);
    const fails = queue.shift() === "refused";
    return new Response("the API's own answer", { status: fails ? 401 : 200 });
  };
  const grant = async (operation: "login" | "refresh", fields: Record<string, string>, context: Parameters<AuthProvider["login"]>[1]) => {
    const body = new URLSearchParams({ ...fields, client_secret: clientSecret });
    const answer = await tokenRequest({ provider: "echo", operation, url: `${origin}/token`, body }, context);
    if (answer.status === 400) throw refused(answer, answer.body.error);
    if (answer.status === 429) throw transient(answer, answer.body.error);
    if (!answer.ok) throw unexpected(answer, answer.body.error);
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn } = answer.body;
    return tokenSet(answer, { accessToken, refreshToken, expiresIn });
  };
  return {
    fetch,
    provider: {
      name: "echo",
      origins: [origin],
      endpoints: [`${origin}/token`],
      credentials: ["username", "password"],
      login: ({ username, password }, context) => grant("login", { username, password }, context),
      refresh: ({ refreshToken = "" }, context) => grant("refresh", { refreshToken }, context),
      revoke: async ({ refreshToken = "" }, context) => {
        await grant("refresh", { refreshToken }, context);
      },
    },
  };
}

const steps: Readonly<Record<string, (auth: Auth<User>) => unknown>> = {
  fetch: (auth) => auth.fetch(url, { method: "POST", body: "x" }),
  renew: (auth) => auth.getToken({ renew: true }).then(() => {}),
  login: (auth) => auth.login(),
  "wrong login": (auth) => auth.login({ username: "ada", password: `${secretPrefix}other` }),
  logout: (auth) => auth.logout(),
  invalidate: async (auth) => auth.invalidate((await auth.getToken()).accessToken),
  wait: () => {},
};

describe("secrets", () => {
  it("[71, 86] show in no error, event or status, whatever the server echoes", async () => {
    const behaviour = fc.constantFrom<Behaviour>(
      "tokens",
      "tokens",
      "refused",
      "throttled",
      "broken",
      "html",
      "empty",
      "bad token",
      "offline",
    );
    const step = fc.constantFrom(...Object.values(steps));
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(behaviour, { maxLength: 12 }), fc.array(step, { minLength: 1, maxLength: 6 }), async (behaviours, plan) => {
        const clock = manualClock();
        const { provider, fetch } = echoing(behaviours);
        const auth = createAuth(provider, { fetch, clock, credentials: user, cooldown: 0 });
        const said: unknown[] = [];
        auth.subscribe((event) => void said.push(event));
        for (const act of plan) {
          const done = (async () => act(auth))().catch((error: unknown) => void said.push(error));
          await clock.advance(20_000);
          await done;
          said.push(auth.status);
        }
        await auth.close();
        for (const value of said) {
          expectNoSecret(value, "what was said");
          if (isAuthError(value)) codes.add(value.code);
        }
        expectNoSecret(auth, "auth");
      }),
      { numRuns: 60, seed: 71 },
    );
    expect([...codes]).toEqual(expect.arrayContaining(["credentials-rejected", "token-request-failed", "token-response-malformed"]));
  });

  it("[72] do not show when auth, its provider or its store is printed", async () => {
    const store = memoryStore();
    const provider = staticToken(`${secretPrefix}key`);
    const auth = createAuth(provider, { origins: [origin], store });
    expect((await auth.getToken()).accessToken).toContain(secretPrefix);
    for (const value of [auth, auth.status, provider, store, auth.fetch, auth.hook]) {
      expectNoSecret(value, "what is printed");
      expect(inspect(value, { depth: 20, showHidden: true, getters: true })).not.toContain(secretPrefix);
    }
  });

  it("[72] do not show when a session with credentials is printed, fresh, refused or logged out", async () => {
    const { provider, fetch } = echoing(["tokens", "refused"]);
    const auth = createAuth(provider, { fetch, credentials: user });
    await auth.getToken();
    expectNoSecret(auth, "fresh");
    await auth.getToken({ renew: true }).catch(() => {});
    expectNoSecret(auth, "refused");
    await auth.logout();
    expectNoSecret(auth, "logged out");
    expect(JSON.parse(JSON.stringify(auth))).toEqual({ status: { state: "logged-out", renewing: false, error: { code: "logged-out" } } });
  });
});

describe("a token that no header can hold", () => {
  const broken = ["hush-a\r\nx-evil: 1", "hush-a b", "hush-\u00e4", "hush-\u0000", "hush-a\n", "hush-\u{1f511}"];

  it.each(broken)("[71] is refused before it reaches one, by an error that does not show it: %j", async (accessToken) => {
    const { fetch, sent } = answering(200);
    const auth = createAuth(staticToken(accessToken), { origins: [origin], fetch });
    const error = await auth.fetch(url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "token-response-malformed" });
    expectNoSecret(error, "the error");
    expect(sent).toEqual([]);
  });

  it.each(broken)("[71] is refused too where it is the id token: %j", async (idToken) => {
    const provider: AuthProvider = {
      name: "ids",
      origins: [origin],
      login: async (_, { now }) => ({ accessToken: "fine", idToken, receivedAt: now() }),
      authorize: (headers, tokens) => headers.set("authorization", tokens.idToken ?? ""),
    };
    const auth = createAuth(provider, { fetch: answering(200).fetch });
    const error = await auth.fetch(url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "token-response-malformed" });
    expectNoSecret(error, "the error");
  });

  it.each(broken)("[71] is not taken from the store either: %j", async (accessToken) => {
    const issuer = createIssuer();
    const store = memoryStore();
    await signedIn(issuer, { store });
    const record = await store.load();
    if (!record?.tokens) throw new Error("nothing is stored");
    await store.save({ ...record, revision: record.revision + 1, tokens: { ...record.tokens, accessToken } }, record.revision);
    const { fetch, sent } = answering(200);
    const auth = createAuth(issuer.provider, { fetch, store, clock: issuer.clock, credentials: ada });
    const outcome = await auth.fetch(url).catch((reason: unknown) => reason);
    expectNoSecret(outcome, "the outcome");
    expect(sent.map(({ authorization }) => authorization)).toEqual(["Bearer access-ada-2"]);
  });
});

describe("logout", () => {
  const answers: readonly (readonly [string, () => Response])[] = [
    ["an empty 200", () => new Response("")],
    ["{}", () => Response.json({})],
    ["a 204", () => new Response(null, { status: 204 })],
    ["a 500 of HTML", () => new Response("<p>sorry</p>", { status: 500 })],
    [
      "a network error",
      () => {
        throw new TypeError("fetch failed");
      },
    ],
  ];

  it.each(answers)("[85] ends the local session, the server's answer being %s", async (_, answer) => {
    const issuer = createIssuer();
    issuer.provider.revoke = async (_tokens, context) => {
      const revocation = await tokenRequest({ provider: "issuer", operation: "revoke", url: `${origin}/revoke` }, context);
      if (!revocation.ok) throw unexpected(revocation);
    };
    const { auth } = await signedIn(issuer, { fetch: answering(answer).fetch });
    await auth.logout();
    expect(auth.status.state).toBe("logged-out");
    await expect(auth.fetch(url)).rejects.toMatchObject({ code: "logged-out" });
  });
});
