import { AuthError, type AuthOptions, CredentialsRejectedError, createAuth, type Fetch } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { clientCredentials, type PasswordCredentials, password } from "@keyturn/oauth2";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { client, type OidcProvider, resource, startOidcProvider, user, userLifetime } from "./oidc-provider.fixture.ts";

let server: OidcProvider;
beforeEach(async () => {
  server = await startOidcProvider();
});
afterEach(() => server.close());

const burst = <Value>(count: number, call: (index: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)));
const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const endpoints = () => ({ tokenEndpoint: `${server.url}/token`, revocationEndpoint: `${server.url}/token/revocation` });

describe("client credentials", { timeout: 30_000 }, () => {
  const api = new URL("/data", resource).href;

  /** An API that verifies tokens by itself. The session's clock stands still, so that only a 401 tells it of an expiry. */
  function start(clientSecret = client.clientSecret) {
    let ahead = 0;
    const keys = createRemoteJWKSet(new URL(`${server.url}/jwks`));
    const answers: number[] = [];
    const answer = async ({ headers }: Request): Promise<Response> => {
      const token = headers.get("authorization")?.replace("Bearer ", "") ?? "";
      const verified = await jwtVerify(token, keys, {
        issuer: server.url,
        audience: resource,
        currentDate: new Date(Date.now() + ahead),
      }).catch(() => undefined);
      answers.push(verified ? 200 : 401);
      return Response.json(verified?.payload ?? {}, { status: verified ? 200 : 401 });
    };
    const fetch: Fetch = (input, init) => {
      const request = new Request(input, init);
      return request.url === api ? answer(request) : globalThis.fetch(request);
    };
    const provider = clientCredentials({ ...endpoints(), ...client, clientSecret, resource, scope: "read" });
    return {
      answers,
      auth: createAuth(provider, { origins: [resource], clock: manualClock(Date.now()), fetch }),
      /** Time goes by at the API alone. */
      advanceApi: (ms: number) => {
        ahead += ms;
      },
    };
  }

  it("[1] [2] yield one JWT for 100 callers, and one more when the API finds it expired", async () => {
    const { auth, answers, advanceApi } = start();
    await burst(100, () => auth.fetch(api));
    const { expiresAt, receivedAt } = await auth.getToken();
    expect(expiresAt).toBe(receivedAt + 60_000);
    server.clientLifetime = 600;
    advanceApi(120_000);

    const responses = await burst(100, () => auth.fetch(api));
    expect(responses.every(({ ok }) => ok)).toBe(true);
    expect([answers.length, answers.filter((status) => status === 401).length]).toEqual([300, 100]);
    expect(server.grants).toEqual(["client_credentials", "client_credentials"]);
  });

  it("[53] with a wrong secret are a misconfiguration, found out once", async () => {
    const { auth, answers } = start("Wrong-Client-Secret-1");
    const errors = [...(await burst(100, () => rejection(auth.fetch(api)))), await rejection(auth.fetch(api))];
    expect(errors.every((error) => error instanceof AuthError && error.code === "misconfigured")).toBe(true);
    expect(server.grants).toEqual(["client_credentials: invalid_client"]);
    expect(answers).toEqual([]);
  });
});

describe("refresh tokens that are rotated, and end their family when they come twice", { timeout: 30_000 }, () => {
  const scope = "openid offline_access";
  const userinfo = () => `${server.url}/me`;

  function start(options: Partial<AuthOptions<PasswordCredentials>> = {}) {
    const clock = manualClock(Date.now());
    const provider = password({ ...endpoints(), ...client, scope });
    return { clock, auth: createAuth(provider, { credentials: user, origins: [server.url], clock, ...options }) };
  }

  /** A refresh as it is written without us. */
  async function refresh(refreshToken: string | undefined): Promise<{ readonly refresh_token?: string; readonly error?: string }> {
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: String(refreshToken) });
    const authorization = `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}`;
    return (await fetch(endpoints().tokenEndpoint, { method: "POST", headers: { authorization }, body })).json();
  }

  it("[1] [2] [58] are spent once per expiry by 100 parallel callers, over generations", async () => {
    const { auth, clock } = start();
    const generations = new Set<string | undefined>();
    for (let generation = 0; generation < 6; generation++) {
      const responses = await burst(100, () => auth.fetch(userinfo()));
      expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
      const { accessToken, refreshToken } = await auth.getToken();
      generations.add(refreshToken);
      // Found out by ourselves, and the next time by the API's 401s.
      if (generation % 2 === 0) await clock.advance(userLifetime * 1000);
      else await server.endAccess(accessToken);
    }
    expect(server.grants).toEqual(["password", ...Array.from({ length: 5 }, () => "refresh_token")]);
    expect(generations.size).toBe(6);
    expect(server.revokedFamilies()).toBe(0);
  });

  it("do not survive the same 100 callers where each refreshes by itself", async () => {
    const { auth } = start();
    const { accessToken, refreshToken } = await auth.getToken();
    const answers = await burst(100, () => refresh(refreshToken));
    const newest = answers.findLast(({ refresh_token }) => refresh_token)?.refresh_token;
    expect(answers.filter(({ error }) => error === "invalid_grant").length).toBeGreaterThan(0);
    expect(newest).toBeDefined();
    expect(await refresh(newest)).toMatchObject({ error: "invalid_grant" });
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await fetch(userinfo(), { headers })).status).toBe(401);
    expect(server.revokedFamilies()).toBeGreaterThan(0);
  });

  it("[56] that somebody else has spent cost one login", async () => {
    const { auth } = start();
    await auth.fetch(userinfo());
    const { refreshToken } = await auth.getToken();
    await burst(2, () => refresh(refreshToken));
    const before = server.grants.length;
    const responses = await burst(100, () => auth.fetch(userinfo()));
    expect(responses.every(({ ok }) => ok)).toBe(true);
    expect(server.grants.slice(before)).toEqual(["refresh_token: invalid_grant", "password"]);
  });

  it("[83] are never reached with a wrong password, which is sent once", async () => {
    const { auth } = start({ credentials: { ...user, password: "Wrong-Horse-9!" } });
    const errors = await burst(100, () => rejection(auth.fetch(userinfo())));
    expect(errors.every((error) => error instanceof CredentialsRejectedError)).toBe(true);
    expect(server.grants).toEqual(["password: invalid_grant"]);
  });

  it("[49] are revoked at logout, their access token with them", async () => {
    const { auth } = start();
    const { accessToken, refreshToken } = await auth.getToken();
    await auth.logout();
    expect(server.revokedFamilies()).toBe(1);
    expect(await refresh(refreshToken)).toMatchObject({ error: "invalid_grant" });
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await fetch(userinfo(), { headers })).status).toBe(401);
  });
});
