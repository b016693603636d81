import { join } from "node:path";
import {
  type Auth,
  type Clock,
  CredentialsRejectedError,
  createAuth,
  type Fetch,
  isAuthError,
  LoginRequiredError,
  memoryStore,
} from "@keyturn/core";
import {
  authorizationCode,
  clientCredentials,
  type DevicePrompt,
  deviceCode,
  discover,
  dpop,
  jwtBearer,
  logoutUrl,
  type OAuthOptions,
  privateKeyJwt,
  signedAssertion,
  tokenExchange,
  userInfo,
} from "@keyturn/oauth2";
import { loopbackLogin } from "@keyturn/oauth2/loopback";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { markdownTable } from "../../../../scripts/proofs.ts";
import { root } from "../../../../scripts/workspace.ts";
import {
  api,
  browse,
  clientIdOf,
  clientSecret,
  methods,
  type OidcGrants,
  person,
  serviceAccount,
  startOidcGrants,
} from "./oidc-grants.fixture.ts";

let server: OidcGrants;
beforeAll(async () => {
  server = await startOidcGrants();
});
beforeEach(() => {
  (server.grants as string[]).length = 0;
});
afterAll(() => server.close());

/** The grants of the table in docs/grants.md, and who was seen to get which tokens by them. */
const grants = ["clientCredentials", "authorizationCode", "deviceCode", "jwtBearer", "tokenExchange"] as const;
const proved = new Set<string>();
const note = (...what: [(typeof grants)[number], ...string[]]) => proved.add(what.join(" "));

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

/** A client that says who it is in this way, of a server whose endpoints are found out. */
function optionsOf(method: (typeof methods)[number]): OAuthOptions {
  const options = { server: discover(server.url), clientId: clientIdOf(method) };
  if (method === "none") return options;
  if (method === "private_key_jwt") return { ...options, clientAuthentication: privateKeyJwt({ key: server.key, keyId: "client-key" }) };
  return { ...options, clientSecret, clientAuthentication: method };
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/** How long a device waits for its next look: as nothing else here waits. */
const interval = 7_000;

/** The server, but that it names that interval; by itself it names none. */
const withInterval: Fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (!String(input).endsWith("/device/auth")) return response;
  return Response.json({ ...(await response.json()), interval: interval / 1000 });
};

/** Real time, but that a device waits for its next look in no time; `beforeLook` comes first. */
function hurriedClock(beforeLook: (look: number) => unknown): Clock {
  let looks = 0;
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    schedule(callback, delay) {
      if (delay === interval) void Promise.resolve(beforeLook(++looks)).then(callback);
      const timer = delay === interval ? undefined : setTimeout(callback, delay);
      return () => clearTimeout(timer);
    },
  };
}

const ways = methods.flatMap((method) => (["Bearer", "DPoP"] as const).map((type) => ({ method, type })));

describe.each(ways)("a client that authenticates by $method and asks for $type tokens", ({ method, type }) => {
  const options = () => ({ ...optionsOf(method), ...(type === "DPoP" && { dpop: dpop() }) });

  /** What the server granted, without the nonce that it had to tell each key once. */
  function granted(): readonly string[] {
    const nonces = server.grants.filter((line) => line.endsWith("use_dpop_nonce"));
    expect(nonces).toHaveLength(type === "DPoP" ? 1 : 0);
    return server.grants.filter((line) => !nonces.includes(line));
  }

  /** The token is of this type; a bound one is of no use to whoever finds it. */
  async function checkType(auth: Pick<Auth, "getToken">): Promise<void> {
    const { tokenType, accessToken, jkt } = await auth.getToken();
    expect([tokenType, typeof jkt]).toEqual([type, type === "DPoP" ? "string" : "undefined"]);
    const found = await fetch(`${server.url}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(found.status).toBe(type === "DPoP" ? 401 : 200);
  }

  it.skipIf(method === "none")("gets tokens of its own, and new ones when they end", async () => {
    const auth = createAuth(clientCredentials({ ...options(), resource: api, scope: "read" }), { origins: [api] });
    const first = await auth.getToken();
    const second = await auth.getToken({ renew: true });
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(decodeJwt(second.accessToken).cnf).toEqual(type === "DPoP" ? { jkt: second.jkt } : undefined);
    expect(granted()).toEqual(["client_credentials", "client_credentials"]);
    note("clientCredentials", method, type);
  });

  it("lets a person in on another device, waits as long as the server says, and renews by the refresh token", async () => {
    let prompt: DevicePrompt | undefined;
    const looks: number[] = [];
    const clock = hurriedClock(async (look) => {
      looks.push(look);
      if (look === 2 && prompt) await server.decide(prompt.userCode, true);
    });
    const provider = deviceCode({
      ...options(),
      scope: "openid offline_access",
      onPrompt: (shown) => {
        prompt = shown;
      },
    });
    const auth = createAuth(provider, { origins: [server.url], clock, fetch: withInterval });
    expect((await auth.fetch(`${server.url}/me`)).status).toBe(200);
    expect(prompt?.verificationUri).toBe(`${server.url}/device`);
    expect(looks).toEqual([1, 2]);
    await auth.getToken({ renew: true });
    expect((await auth.fetch(`${server.url}/me`)).status).toBe(200);
    await checkType(auth);
    expect(granted()).toEqual([`${deviceGrant}: authorization_pending`, deviceGrant, "refresh_token"]);
    note("deviceCode", method, type);
  });

  it("logs a person in through a browser on this machine, and out again at the server", async () => {
    const store = memoryStore();
    const provider = authorizationCode({ ...options(), store, scope: "openid offline_access" });
    const auth = createAuth(provider, { origins: [server.url], store });
    const authorized = await loopbackLogin(provider, { open: (url) => void browse(url), parameters: { prompt: "consent" } });
    expect(authorized.subject).toBe(person);
    await auth.login(authorized);
    expect(await (await auth.fetch(`${server.url}/me`)).json()).toMatchObject({ sub: person });
    await auth.getToken({ renew: true });
    await checkType(auth);
    await auth.logout();
    expect(granted()).toEqual(["authorization_code", "refresh_token"]);
    note("authorizationCode", method, type);
  });

  it("trades an assertion, signed anew for each login", async () => {
    const assertion = signedAssertion({ key: server.key, issuer: serviceAccount, audience: `${server.url}/token` });
    const auth = createAuth(jwtBearer({ ...options(), assertion }), { origins: [server.url] });
    expect(await (await auth.fetch(`${server.url}/me`)).json()).toMatchObject({ sub: serviceAccount });
    await checkType(auth);
    note("jwtBearer", method, type);
  });

  it("trades the token of another session for one of its own", async () => {
    const assertion = signedAssertion({ key: server.key, issuer: person, audience: `${server.url}/token` });
    const wide = createAuth(jwtBearer({ ...options(), assertion }), { origins: [server.url] });
    const narrow = createAuth(tokenExchange({ ...options(), subject: wide, scope: "openid" }), { origins: [server.url] });
    const [one, other] = [await narrow.getToken(), await wide.getToken()];
    expect(one.accessToken).not.toBe(other.accessToken);
    expect(await (await narrow.fetch(`${server.url}/me`)).json()).toMatchObject({ sub: person });
    await checkType(narrow);
    note("tokenExchange", method, type);
  });
});

describe("OpenID Connect beside the tokens", () => {
  async function loggedIn() {
    const options = optionsOf("none");
    const provider = authorizationCode({ ...options, scope: "openid offline_access" });
    const auth = createAuth(provider, { origins: [server.url] });
    const authorized = await loopbackLogin(provider, { open: (url) => void browse(url), parameters: { prompt: "consent" } });
    await auth.login(authorized);
    return { auth, issuer: discover(server.url), idToken: authorized.tokens.idToken };
  }

  it("tells who the person is, and nothing of anybody else", async () => {
    const { auth, issuer } = await loggedIn();
    expect(await userInfo(auth, issuer, { subject: person })).toMatchObject({ sub: person });
    expect(await failure(userInfo(auth, issuer, { subject: "somebody-else" }))).toMatchObject({ code: "token-response-malformed" });
  });

  it("without a session says that somebody has to log in", async () => {
    const nobody = { fetch: (input: string | URL | Request, init?: RequestInit) => fetch(input, init) };
    expect(await failure(userInfo(nobody, discover(server.url)))).toBeInstanceOf(LoginRequiredError);
  });

  it("knows where the session at the server is ended, and the server knows the session", async () => {
    const { auth, issuer, idToken } = await loggedIn();
    await auth.logout();
    const url = await logoutUrl(issuer, { idToken, clientId: clientIdOf("none"), state: "back" });
    expect(new URL(url).pathname).toBe("/session/end");
    expect((await fetch(url)).status).toBe(200);
    const strange = await logoutUrl(issuer, { idToken: `${idToken}x` });
    expect((await fetch(strange)).status).toBe(400);
  });
});

describe("what goes wrong", () => {
  it("a person who says no is not asked again until login()", async () => {
    const clock = hurriedClock(() => {});
    let prompts = 0;
    const provider = deviceCode({
      ...optionsOf("none"),
      scope: "openid",
      onPrompt: async ({ userCode }) => {
        prompts++;
        await server.decide(userCode, false);
      },
    });
    const auth = createAuth(provider, { origins: [server.url], clock, fetch: withInterval });
    expect(await failure(auth.fetch(`${server.url}/me`))).toBeInstanceOf(CredentialsRejectedError);
    expect(await failure(auth.fetch(`${server.url}/me`))).toBeInstanceOf(CredentialsRejectedError);
    expect(prompts).toBe(1);
  });

  it("an issuer that says it is another one is a misconfiguration, and nothing is sent to it", async () => {
    const other = server.url.replace("127.0.0.1", "localhost");
    const auth = createAuth(clientCredentials({ ...optionsOf("client_secret_basic"), server: discover(other) }), { origins: [api] });
    expect(await failure(auth.getToken())).toMatchObject({ code: "misconfigured" });
    expect(server.grants).toEqual([]);
  });

  it("a callback that nobody waits for is none, and one with an error ends the login", async () => {
    const provider = authorizationCode({ ...optionsOf("none"), scope: "openid" });
    const strange = async (url: string) => {
      const redirectUri = new URL(url).searchParams.get("redirect_uri") ?? "";
      const state = new URL(url).searchParams.get("state") ?? "";
      expect((await fetch(`${redirectUri}?code=stolen&state=not-ours`)).status).toBe(404);
      expect((await fetch(`${redirectUri}?error=access_denied&state=${state}&iss=${encodeURIComponent(server.url)}`)).status).toBe(200);
    };
    const error = await failure(loopbackLogin(provider, { open: strange }));
    expect(error).toBeInstanceOf(LoginRequiredError);
    expect(isAuthError(error) && error.message).toContain("access_denied");
  });
});

it("docs/grants.md shows which grants were seen with which client authentication and which tokens", async () => {
  const cell = (grant: string, method: string) =>
    ["Bearer", "DPoP"].filter((type) => proved.has(`${grant} ${method} ${type}`)).join(", ") || "–";
  const rows = grants.map((grant) => [`\`${grant}\``, ...methods.map((method) => cell(grant, method))]);
  await expect(grantsDocument(markdownTable(["", ...methods], rows))).toMatchFileSnapshot(join(root, "docs/grants.md"));
});

function grantsDocument(table: string): string {
  return `# Every grant, with every client authentication, with and without a bound key

What a run of \`apps/e2e/src/servers/oidc-grants.test.ts\` saw against [oidc-provider](https://github.com/panva/node-oidc-provider) on loopback:

\`\`\`sh
npm test -- apps/e2e/src/servers/oidc-grants       # fails if this page says anything else
npm test -- apps/e2e/src/servers/oidc-grants -u    # writes it
\`\`\`

${table.trimEnd()}

"DPoP": the server bound the tokens to the key of \`dpop()\`, wanted a nonce in each proof, told it once, refused the same token without a proof, and took the refresh by the same key. "–": a public client has no tokens of its own. \`password\` and \`extensionGrant\` are proved [against emulators](matrix.md).
`;
}
