import { type Clock, CredentialsRejectedError, createAuth, isAuthError, LoginRequiredError } from "@keyturn/core";
import {
  authorizationCode,
  clientCredentials,
  type DevicePrompt,
  deviceCode,
  discover,
  jwtBearer,
  logoutUrl,
  type OAuthOptions,
  privateKeyJwt,
  signedAssertion,
  tokenExchange,
  userInfo,
} from "@keyturn/oauth2";
import { loopbackLogin } from "@keyturn/oauth2/loopback";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { api, clientIdOf, clientSecret, methods, type OidcGrants, person, serviceAccount, startOidcGrants } from "./oidc-grants.fixture.ts";

let server: OidcGrants;
beforeAll(async () => {
  server = await startOidcGrants();
});
beforeEach(() => {
  (server.grants as string[]).length = 0;
});
afterAll(() => server.close());

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

/** Real time, but that a device waits five seconds for its next look in no time; `beforeLook` comes first. */
function hurriedClock(beforeLook: (look: number) => unknown): Clock {
  let looks = 0;
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    schedule(callback, delay) {
      if (delay === 5_000) void Promise.resolve(beforeLook(++looks)).then(callback);
      const timer = delay === 5_000 ? undefined : setTimeout(callback, delay);
      return () => clearTimeout(timer);
    },
  };
}

/** A browser that follows redirects and keeps cookies, until it is sent to where the application waits. */
async function browse(address: string): Promise<void> {
  const cookies = new Map<string, string>();
  for (let url = address; ; ) {
    const response = await fetch(url, { redirect: "manual", headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") } });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=");
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (location === null) return;
    url = new URL(location, url).href;
  }
}

it.each(methods.filter((method) => method !== "none"))(
  "a client that authenticates by %s gets tokens of its own, and new ones when they end",
  async (method) => {
    const auth = createAuth(clientCredentials({ ...optionsOf(method), resource: api, scope: "read" }), { origins: [api] });
    const first = await auth.getToken();
    const second = await auth.getToken({ renew: true });
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(server.grants).toEqual(["client_credentials", "client_credentials"]);
  },
);

describe.each(methods)("a client that authenticates by %s", (method) => {
  it("lets a person in on another device, waits as long as the server says, and renews by the refresh token", async () => {
    let prompt: DevicePrompt | undefined;
    const looks: number[] = [];
    const clock = hurriedClock(async (look) => {
      looks.push(look);
      if (look === 2 && prompt) await server.decide(prompt.userCode, true);
    });
    const provider = deviceCode({
      ...optionsOf(method),
      scope: "openid offline_access",
      onPrompt: (shown) => {
        prompt = shown;
      },
    });
    const auth = createAuth(provider, { origins: [server.url], clock });
    expect((await auth.fetch(`${server.url}/me`)).status).toBe(200);
    expect(prompt?.verificationUri).toBe(`${server.url}/device`);
    expect(looks).toEqual([1, 2]);
    await auth.getToken({ renew: true });
    expect(server.grants).toEqual([`${deviceGrant}: authorization_pending`, deviceGrant, "refresh_token"]);
  });

  it("logs a person in through a browser on this machine, and out again at the server", async () => {
    const provider = authorizationCode({ ...optionsOf(method), scope: "openid offline_access" });
    const auth = createAuth(provider, { origins: [server.url] });
    const authorized = await loopbackLogin(provider, { open: (url) => void browse(url), parameters: { prompt: "consent" } });
    expect(authorized.subject).toBe(person);
    await auth.login(authorized);
    expect(await (await auth.fetch(`${server.url}/me`)).json()).toMatchObject({ sub: person });
    await auth.getToken({ renew: true });
    await auth.logout();
    expect(server.grants).toEqual(["authorization_code", "refresh_token"]);
  });

  it("trades an assertion, signed anew for each login", async () => {
    const assertion = signedAssertion({ key: server.key, issuer: serviceAccount, audience: `${server.url}/token` });
    const auth = createAuth(jwtBearer({ ...optionsOf(method), assertion }), { origins: [server.url] });
    expect(await (await auth.fetch(`${server.url}/me`)).json()).toMatchObject({ sub: serviceAccount });
  });

  it("trades the token of another session for one of its own", async () => {
    const assertion = signedAssertion({ key: server.key, issuer: person, audience: `${server.url}/token` });
    const wide = createAuth(jwtBearer({ ...optionsOf(method), assertion }), { origins: [server.url] });
    const narrow = createAuth(tokenExchange({ ...optionsOf(method), subject: wide, scope: "openid" }), { origins: [server.url] });
    const [one, other] = [await narrow.getToken(), await wide.getToken()];
    expect(one.accessToken).not.toBe(other.accessToken);
    expect(await (await narrow.fetch(`${server.url}/me`)).json()).toMatchObject({ sub: person });
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
    const auth = createAuth(provider, { origins: [server.url], clock });
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
