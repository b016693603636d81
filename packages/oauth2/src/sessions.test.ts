import { type Auth, type AuthProvider, createAuth, isAuthError, memoryStore } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { describe, expect, it } from "vitest";
import { clientCredentials, type OAuthOptions, type PasswordCredentials, password, tokenExchange } from "./index.ts";

const options: OAuthOptions = {
  tokenEndpoint: "https://login.example.com/token",
  clientId: "client",
  clientSecret: "made-up-secret",
  scope: "read",
};
const ada: PasswordCredentials = { username: "ada", password: "Correct-Horse-9!" };
const api = "https://api.example.com/";

type Answer = (form: URLSearchParams) => Response | undefined;

/** A server that issues what it is asked for, each token named after what it is for; answers wait until `release` where a test holds them. */
function start(answer: Answer = () => undefined) {
  const clock = manualClock();
  const store = memoryStore();
  const asked: string[] = [];
  const carried: (string | null)[] = [];
  let release = () => {};
  let gate = Promise.resolve();
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    if (request.url === api) {
      carried.push(request.headers.get("authorization"));
      return new Response();
    }
    const form = new URLSearchParams(await request.text());
    const purpose = ["scope", "audience", "resource", "requested_token_type"].flatMap((name) => form.getAll(name)).join("+");
    asked.push(purpose);
    await gate;
    return (
      answer(form) ?? Response.json({ access_token: `for|${purpose}|${asked.length}`, refresh_token: `again|${purpose}`, expires_in: 60 })
    );
  };
  return {
    ...{ clock, store, asked, carried },
    hold() {
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return () => release();
    },
    session: (provider: AuthProvider) => createAuth(provider, { origins: [api], clock, store, fetch }),
    person: (provider: AuthProvider<PasswordCredentials>) =>
      createAuth(provider, { origins: [api], clock, store, fetch, credentials: ada }),
  };
}

const outcome = (auth: Auth<never> | Auth): Promise<string> =>
  auth.getToken().then(
    ({ accessToken }) => accessToken.split("|")[1] ?? "",
    (error: unknown) => (isAuthError(error) ? error.code : String(error)),
  );
const exchange = (more: { readonly requestedTokenType?: string; readonly audience?: string }) =>
  tokenExchange({ ...options, subject: () => "subject-token", ...more });

describe.each<[string, AuthProvider, AuthProvider]>([
  ["scope", clientCredentials(options), clientCredentials({ ...options, scope: "write" })],
  ["audience", clientCredentials({ ...options, audience: "a" }), clientCredentials({ ...options, audience: "b" })],
  ["resource", clientCredentials({ ...options, resource: "urn:a" }), clientCredentials({ ...options, resource: "urn:b" })],
  [
    "one of their resources",
    clientCredentials({ ...options, resource: ["urn:a", "urn:b"] }),
    clientCredentials({ ...options, resource: ["urn:a", "urn:c"] }),
  ],
  ["the audience of an exchange", exchange({ audience: "a" }), exchange({ audience: "b" })],
  ["the type asked for in an exchange", exchange({ requestedTokenType: "urn:x" }), exchange({ requestedTokenType: "urn:y" })],
])("[8] two sessions on one store that differ in %s", (_, first, second) => {
  it("share no flight: each asks for its own token, at the same time", async () => {
    const { session, hold, asked } = start();
    const [one, other] = [session(first), session(second)];
    const release = hold();
    const outcomes = Promise.all([one, one, other, other].map(outcome));
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    release();
    const got = await outcomes;
    expect(asked).toHaveLength(2);
    // Whoever saves last has the store; the first to be there has its own token, or is told that it lost the store. Nobody has the other's.
    expect([asked[0], "superseded"]).toContain(got[0]);
    expect(got[2]).toBe(asked[1]);
    expect(asked[0]).not.toBe(asked[1]);
    expect([got[1], got[3]]).toEqual([got[0], got[2]]);
  });

  it("share no record: neither takes the other's token for its own, nor spends its refresh token", async () => {
    const { session, store, asked, carried, clock } = start();
    const one = session(first);
    await one.fetch(api);
    const before = await store.load();
    const other = session(second);
    await other.fetch(api);
    expect((await store.load())?.identity).not.toBe(before?.identity);
    expect(carried).toEqual(asked.map((purpose, index) => `Bearer for|${purpose}|${index + 1}`));
    expect(new Set(asked).size).toBe(2);
    expect(await outcome(one)).toBe("superseded");
    await clock.advance(61_000);
    await other.fetch(api);
    expect(asked.at(-1)).not.toContain(asked[0]);
  });

  it("share no failure: what the server refuses the one, the other asks for at once", async () => {
    let refusing = true;
    const { session, asked } = start(() => (refusing ? Response.json({ error: "invalid_scope" }, { status: 400 }) : undefined));
    expect(await outcome(session(first))).toBe("misconfigured");
    refusing = false;
    expect(await outcome(session(second))).toBe(asked[1]);
    expect(asked).toHaveLength(2);
  });
});

it("[8] a password that was refused for one scope is tried for another, and for the same one not again", async () => {
  const { person, asked } = start((form) =>
    form.get("scope") === "admin" ? Response.json({ error: "invalid_grant" }, { status: 400 }) : undefined,
  );
  const admin = () => person(password({ ...options, scope: "admin" }));
  expect(await outcome(admin())).toBe("credentials-rejected");
  expect(await outcome(admin())).toBe("credentials-rejected");
  expect(asked).toEqual(["admin"]);
  expect(await outcome(person(password(options)))).toBe("read");
});

it("[8] a refresh asks for the resources of its own session, each as a parameter of its own (RFC 8707, section 2)", async () => {
  const { person, asked, clock } = start();
  const auth = person(password({ ...options, scope: undefined, resource: ["urn:a", "urn:b"] }));
  await auth.fetch(api);
  await clock.advance(61_000);
  await auth.fetch(api);
  expect(asked).toEqual(["urn:a+urn:b", "urn:a+urn:b"]);
});

it.each([[[]], [[""]], [""], [7]])("a resource is a text, or a list of them: not %j", (resource) => {
  expect(() => clientCredentials({ ...options, resource: resource as never })).toThrow('option "resource"');
});
