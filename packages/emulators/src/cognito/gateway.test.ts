import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { createCognitoEmulator } from "./emulator.ts";
import type { CognitoOptions } from "./options.ts";
import { login, tokensOf, user } from "./requests.fixture.ts";

async function signedIn(options: CognitoOptions = {}) {
  const clock = manualClock();
  const emulator = createCognitoEmulator({ clock, ...options });
  const tokens = await tokensOf(await login(emulator));
  const get = (authorization?: string) =>
    emulator.fetch("https://api.test/protected", { headers: authorization === undefined ? {} : { authorization } });
  return { clock, emulator, tokens, get };
}

const messageOf = async (response: Response) => [response.status, await response.text(), response.headers.get("www-authenticate")];
const expired = [401, '{"message":"The incoming token has expired"}', null];
const unauthorized = [401, '{"message":"Unauthorized"}', null];

describe("the API behind a pool", () => {
  it("lets in the bearer of an access token and nobody else", async () => {
    const { emulator, tokens, get } = await signedIn();
    expect(await (await get(`Bearer ${tokens.AccessToken}`)).json()).toEqual({ identity: user.username });
    for (const header of [undefined, tokens.AccessToken, `Bearer ${tokens.IdToken}`, `Bearer ${tokens.AccessToken}x`]) {
      expect(await messageOf(await get(header))).toEqual(unauthorized);
    }
    expect([emulator.control.count("api"), emulator.control.count("api", 401)]).toEqual([5, 4]);
  });

  it("refuses a token of 4 s exactly 4,000 ms after its issue, wherever in a second that was", async () => {
    const clock = manualClock(Date.UTC(2026, 0, 1) + 789);
    const { tokens, get } = await signedIn({ clock, accessTokenLifetime: 4_000 });
    clock.advance(3_999);
    expect((await get(`Bearer ${tokens.AccessToken}`)).status).toBe(200);
    clock.advance(1);
    expect(await messageOf(await get(`Bearer ${tokens.AccessToken}`))).toEqual(expired);
  });

  it("refuses tokens that expired on the server only", async () => {
    const { emulator, tokens, get } = await signedIn();
    emulator.control.expireAccess(user.email);
    expect(await messageOf(await get(`Bearer ${tokens.AccessToken}`))).toEqual(expired);
  });

  it("counts expiry on its own, skewed clock", async () => {
    const { emulator, tokens, get } = await signedIn();
    emulator.control.skew(3_600_000);
    expect(await messageOf(await get(`Bearer ${tokens.AccessToken}`))).toEqual(expired);
  });

  it("can name the challenge", async () => {
    const { get } = await signedIn({ resource: { wwwAuthenticate: true } });
    expect((await get()).headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
  });

  it("can want the id token, or no scheme", async () => {
    const id = await signedIn({ resource: { token: "id" } });
    expect([(await id.get(`Bearer ${id.tokens.IdToken}`)).status, (await id.get(`Bearer ${id.tokens.AccessToken}`)).status]).toEqual([
      200, 401,
    ]);
    const bare = await signedIn({ resource: { scheme: "bare" } });
    expect([(await bare.get(bare.tokens.AccessToken)).status, (await bare.get(`Bearer ${bare.tokens.AccessToken}`)).status]).toEqual([
      200, 401,
    ]);
  });

  it("throttles with 429", async () => {
    const { emulator, get } = await signedIn();
    emulator.control.rateLimit("api", { next: 1, retryAfter: 3 });
    const response = await get();
    expect([response.status, response.headers.get("retry-after"), await response.text()]).toEqual([
      429,
      "3",
      '{"message":"Too Many Requests"}',
    ]);
  });

  it.each([
    [undefined, null],
    [["https://app.test"], "https://app.test"],
    ["*", "*"],
  ] as const)("with origins %o allows https://app.test as %s", async (origins, expected) => {
    const { emulator } = await signedIn(origins ? { resource: { origins } } : {});
    const response = await emulator.fetch("https://api.test/protected", { headers: { origin: "https://app.test" } });
    expect(response.headers.get("access-control-allow-origin")).toBe(expected);
  });
});
