import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuthEvent, type AuthOptions, createAuth, LoginRequiredError, memoryStore, type TokenStore } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { type Authorized, authorizationCode, clientCredentials, type DpopOptions, discover, dpop } from "@keyturn/oauth2";
import { loopbackLogin } from "@keyturn/oauth2/loopback";
import { fileStore } from "@keyturn/store-file";
import { generateKeyPair } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type BoundApi, startBoundApi } from "./bound-api.fixture.ts";
import { api as audience, browse, clientIdOf, clientSecret, type OidcGrants, startOidcGrants } from "./oidc-grants.fixture.ts";

let server: OidcGrants;
beforeAll(async () => {
  server = await startOidcGrants();
});
beforeEach(() => {
  (server.grants as string[]).length = 0;
});
afterAll(() => server.close());

const burst = <Value>(count: number, call: (index: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)));
/** The grants that were made, or refused, but for proofs without a nonce. */
const granted = () => server.grants.filter((line) => !line.endsWith("use_dpop_nonce"));

describe("an API that verifies proofs, never the same twice, and changes its nonce as it goes", { timeout: 30_000 }, () => {
  async function start(rotation: number, options: AuthOptions<void> = {}) {
    const api = await startBoundApi(server.url, audience, rotation);
    onTestFinished(() => api.close());
    const provider = clientCredentials({
      ...{ server: discover(server.url), clientId: clientIdOf("client_secret_basic"), clientSecret },
      ...{ resource: audience, scope: "read", dpop: dpop() },
    });
    return { api, auth: createAuth(provider, { origins: [api.url], cooldown: 0, ...options }) };
  }
  const count = ({ answers }: BoundApi, answer: string) => answers.filter((one) => one === answer).length;

  it("[1, 109] serves 100 callers at once with one token: each is told the nonce once at most", async () => {
    const { api, auth } = await start(60);
    const responses = await burst(100, (index) =>
      auth.fetch(`${api.url}/things/${index}?page=2`, { method: "POST", body: `thing ${index}` }),
    );
    expect(await Promise.all(responses.map((response) => response.text()))).toEqual(responses.map((_, index) => `thing ${index}`));
    expect(granted()).toEqual(["client_credentials"]);
    expect(count(api, "ok")).toBe(100);
    expect(count(api, "use_dpop_nonce")).toBeLessThanOrEqual(100);
    expect(api.answers).toHaveLength(count(api, "ok") + count(api, "use_dpop_nonce"));
  });

  it("[2, 109] costs 100 callers one grant when their token has ended there, whatever becomes of the nonce meanwhile", async () => {
    const { api, auth } = await start(70);
    await burst(100, () => auth.fetch(api.url));
    const before = api.answers.length;
    api.advance(120_000);
    // The token that comes next has ended there as well: the 401 goes back, and nothing loops.
    const refused = await burst(100, () => auth.fetch(api.url));
    expect(refused.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 401));
    expect(granted()).toEqual(["client_credentials", "client_credentials"]);
    expect(count({ ...api, answers: api.answers.slice(before) }, "invalid_token")).toBe(200);
    api.advance(-120_000);
    expect((await auth.fetch(api.url)).status).toBe(200);
  });

  it("[11, 109] is never shown a token that is over: 100 callers through an expiry make one grant, and all succeed", async () => {
    const clock = manualClock(Date.now());
    const { api, auth } = await start(45, { clock });
    for (let round = 1; round <= 4; round++) {
      const responses = await burst(100, () => auth.fetch(api.url));
      expect(responses.every(({ ok }) => ok)).toBe(true);
      expect(granted()).toHaveLength(round);
      await clock.advance(60_000);
    }
    expect(count(api, "ok")).toBe(400);
    expect(count(api, "invalid_token") + count(api, "invalid_dpop_proof")).toBe(0);
  });
});

describe("a public client whose refresh token is bound to its key, and rotated", { timeout: 30_000 }, () => {
  function start(store: TokenStore, options: DpopOptions = {}) {
    const provider = authorizationCode({
      ...{ server: discover(server.url), clientId: clientIdOf("none"), scope: "openid offline_access" },
      ...{ dpop: dpop(options), store },
    });
    const clock = manualClock(Date.now());
    const auth = createAuth<Authorized>(provider, { origins: [server.url], store, clock });
    const events: AuthEvent["type"][] = [];
    auth.subscribe(({ type }) => void events.push(type));
    const logIn = async () =>
      auth.login(await loopbackLogin(provider, { open: (url) => void browse(url), parameters: { prompt: "consent" } }));
    const me = () => auth.fetch(`${server.url}/me`);
    return { auth, clock, events, logIn, me };
  }

  async function folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), "keyturn-dpop-"));
    onTestFinished(() => rm(path, { recursive: true }));
    return path;
  }

  it("[1, 58] spends it once per expiry for 100 callers, over generations, and never without the key", async () => {
    const { auth, clock, logIn, me } = start(memoryStore());
    await logIn();
    const generations = new Set<string | undefined>();
    for (let generation = 0; generation < 4; generation++) {
      const responses = await burst(100, me);
      expect(responses.every(({ ok }) => ok)).toBe(true);
      generations.add((await auth.getToken()).refreshToken);
      await clock.advance(60_000);
    }
    expect(granted()).toEqual(["authorization_code", "refresh_token", "refresh_token", "refresh_token"]);
    expect(generations.size).toBe(4);
    const { refreshToken } = await auth.getToken();
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: String(refreshToken), client_id: clientIdOf("none") });
    expect((await fetch(`${server.url}/token`, { method: "POST", body })).status).toBe(400);
  });

  it("[111] whose process ended with the key does not spend what it stored: somebody has to log in", async () => {
    const path = await folder();
    const before = start(fileStore(path));
    await before.logIn();
    await before.me();
    await before.auth.close();
    const after = start(fileStore(path));
    await expect(after.me()).rejects.toBeInstanceOf(LoginRequiredError);
    expect(after.events).toContain("key-missing");
    expect(granted()).toEqual(["authorization_code"]);
    await after.logIn();
    expect((await after.me()).status).toBe(200);
  });

  it("[111] whose key is the application's goes on after a restart, and shares its session with other processes", async () => {
    const path = await folder();
    const key = await generateKeyPair("ES256");
    const before = start(fileStore(path), { key });
    await before.logIn();
    await before.auth.close();
    const [one, other] = [start(fileStore(path), { key }), start(fileStore(path), { key })];
    expect((await one.me()).status).toBe(200);
    await one.auth.getToken({ renew: true });
    expect((await other.me()).status).toBe(200);
    expect((await other.auth.getToken()).accessToken).toBe((await one.auth.getToken()).accessToken);
    expect(granted()).toEqual(["authorization_code", "refresh_token"]);
  });
});
