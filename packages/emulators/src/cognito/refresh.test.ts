import { describe, expect, it } from "vitest";
import type { ManualClock } from "../kit/index.ts";
import { manualClock } from "../kit/index.ts";
import { createCognitoEmulator } from "./emulator.ts";
import type { CognitoOptions } from "./options.ts";
import { call, clientId, exchange, login, refresh, refusal, tokensOf, user } from "./requests.fixture.ts";
import { secretHash } from "./secret-hash.ts";

const day = 24 * 3_600_000;
const invalid = "NotAuthorizedException: Invalid Refresh Token.";

async function signedIn(options: CognitoOptions = {}) {
  const clock: ManualClock = manualClock();
  const emulator = createCognitoEmulator({ clock, ...options });
  return { clock, emulator, tokens: await tokensOf(await login(emulator)) };
}

describe("REFRESH_TOKEN_AUTH", () => {
  it("gives new access and id tokens, no refresh token, and empty ChallengeParameters", async () => {
    const { emulator, tokens } = await signedIn();
    const answer: unknown = await (await refresh(emulator, tokens.RefreshToken)).json();
    expect(answer).toEqual({
      AuthenticationResult: { AccessToken: expect.any(String), ExpiresIn: 3600, IdToken: expect.any(String), TokenType: "Bearer" },
      ChallengeParameters: {},
    });
    expect(answer).not.toMatchObject({ AuthenticationResult: { AccessToken: tokens.AccessToken } });
    expect(emulator.control.calls.at(-1)).toMatchObject({ op: "refresh", identity: user.username, tokenUsed: tokens.RefreshToken });
  });

  it("also goes by REFRESH_TOKEN", async () => {
    const { emulator, tokens } = await signedIn();
    const response = await call(emulator, "InitiateAuth", {
      AuthFlow: "REFRESH_TOKEN",
      ClientId: clientId,
      AuthParameters: { REFRESH_TOKEN: tokens.RefreshToken },
    });
    expect([response.status, emulator.control.count("refresh")]).toEqual([200, 1]);
  });

  it("works any number of times until exactly the end of the token's life", async () => {
    const { clock, emulator, tokens } = await signedIn();
    clock.advance(30 * day - 1);
    expect((await refresh(emulator, tokens.RefreshToken)).status).toBe(200);
    expect((await refresh(emulator, tokens.RefreshToken)).status).toBe(200);
    clock.advance(1);
    expect(await refusal(await refresh(emulator, tokens.RefreshToken))).toBe("NotAuthorizedException: Refresh Token has expired");
  });

  it("refuses what it does not know, and another client's token", async () => {
    const { emulator, tokens } = await signedIn({ clients: [{ clientId }, { clientId: "other" }] });
    expect(await refusal(await refresh(emulator, "garbage"))).toBe(invalid);
    const response = await call(emulator, "InitiateAuth", {
      AuthFlow: "REFRESH_TOKEN_AUTH",
      ClientId: "other",
      AuthParameters: { REFRESH_TOKEN: tokens.RefreshToken },
    });
    expect(await refusal(response)).toBe(invalid);
  });

  it("refuses every token of a pool that tracks devices", async () => {
    const { emulator, tokens } = await signedIn({ deviceTracking: "always" });
    expect(await refusal(await refresh(emulator, tokens.RefreshToken))).toBe(invalid);
    expect(await refusal(await exchange(emulator, tokens.RefreshToken))).toBe(invalid);
  });

  it("refuses a disabled user and a session revoked by the control", async () => {
    const { emulator, tokens } = await signedIn();
    emulator.control.setState(user.email, "disabled");
    expect(await refusal(await refresh(emulator, tokens.RefreshToken))).toBe("NotAuthorizedException: User is disabled.");
    emulator.control.setState(user.email, "confirmed");
    emulator.control.revokeRefresh(user.email);
    expect(await refusal(await refresh(emulator, tokens.RefreshToken))).toBe("NotAuthorizedException: Refresh Token has been revoked");
  });

  it("wants a secret's hash over the real user name, not the alias", async () => {
    const clientSecret = "example-client-secret";
    const emulator = createCognitoEmulator({ clients: [{ clientId, clientSecret }] });
    const alias = await secretHash(user.email, clientId, clientSecret);
    const { RefreshToken } = await tokensOf(await login(emulator, { SECRET_HASH: alias }));
    expect(await refusal(await refresh(emulator, RefreshToken, { SECRET_HASH: alias }))).toBe(
      `NotAuthorizedException: Unable to verify secret hash for client ${clientId}`,
    );
    const real = await secretHash(user.username, clientId, clientSecret);
    expect((await refresh(emulator, RefreshToken, { SECRET_HASH: real })).status).toBe(200);
  });

  it.each(["NotAuthorizedException", "InvalidParameterException"] as const)("is refused under rotation, with %s", async (type) => {
    const { emulator, tokens } = await signedIn({ rotation: { graceSeconds: 0 }, refreshUnderRotation: type });
    expect(await refusal(await refresh(emulator, tokens.RefreshToken))).toContain(`${type}: `);
    expect((await exchange(emulator, tokens.RefreshToken)).status).toBe(200);
  });
});

describe("GetTokensFromRefreshToken", () => {
  const reused = /^RefreshTokenReuseException: ./;

  it("without rotation gives no refresh token and keeps the old one", async () => {
    const { emulator, tokens } = await signedIn();
    expect(await (await exchange(emulator, tokens.RefreshToken)).json()).toEqual({
      AuthenticationResult: { AccessToken: expect.any(String), ExpiresIn: 3600, IdToken: expect.any(String), TokenType: "Bearer" },
    });
    expect((await exchange(emulator, tokens.RefreshToken)).status).toBe(200);
    expect(emulator.control.count("refresh")).toBe(2);
  });

  it("with rotation gives a new refresh token and refuses the old one at once", async () => {
    const { emulator, tokens } = await signedIn({ rotation: { graceSeconds: 0 } });
    const next = await tokensOf(await exchange(emulator, tokens.RefreshToken));
    expect(next.RefreshToken).toMatch(/^eyJjdHki/);
    expect(next.RefreshToken).not.toBe(tokens.RefreshToken);
    const response = await exchange(emulator, tokens.RefreshToken);
    expect([response.status, await refusal(response)]).toEqual([400, expect.stringMatching(reused)]);
    expect((await exchange(emulator, next.RefreshToken)).status).toBe(200);
  });

  it("lets one of two simultaneous calls win", async () => {
    const { emulator, tokens } = await signedIn({ rotation: { graceSeconds: 0 } });
    const answers = await Promise.all([exchange(emulator, tokens.RefreshToken), exchange(emulator, tokens.RefreshToken)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]));
  });

  it("takes the old token again inside the grace period, which repeats do not prolong", async () => {
    const { clock, emulator, tokens } = await signedIn({ rotation: { graceSeconds: 30 } });
    await exchange(emulator, tokens.RefreshToken);
    clock.advance(29_999);
    expect((await exchange(emulator, tokens.RefreshToken)).status).toBe(200);
    clock.advance(1);
    expect(await refusal(await exchange(emulator, tokens.RefreshToken))).toMatch(reused);
  });

  it("can end the whole family on reuse", async () => {
    const { emulator, tokens } = await signedIn({ rotation: { graceSeconds: 0 }, reuseRevokesFamily: true });
    const next = await tokensOf(await exchange(emulator, tokens.RefreshToken));
    await exchange(emulator, tokens.RefreshToken);
    expect(await refusal(await exchange(emulator, next.RefreshToken))).toBe("NotAuthorizedException: Refresh Token has been revoked");
  });

  it("never outlives the first token of its line", async () => {
    const { clock, emulator, tokens } = await signedIn({ rotation: { graceSeconds: 0 } });
    clock.advance(29 * day);
    const next = await tokensOf(await exchange(emulator, tokens.RefreshToken));
    clock.advance(day);
    expect(await refusal(await exchange(emulator, next.RefreshToken))).toBe("NotAuthorizedException: Refresh Token has expired");
  });

  it("keeps what was committed when the answer is lost", async () => {
    const { emulator, tokens } = await signedIn({ rotation: { graceSeconds: 0 } });
    emulator.control.failNext("refresh", "network", { when: "after" });
    await expect(exchange(emulator, tokens.RefreshToken)).rejects.toThrow(TypeError);
    expect(await refusal(await exchange(emulator, tokens.RefreshToken))).toMatch(reused);
  });

  it("takes the client's secret itself, not a hash", async () => {
    const clientSecret = "example-client-secret";
    const emulator = createCognitoEmulator({ clients: [{ clientId, clientSecret }], rotation: { graceSeconds: 0 } });
    const { RefreshToken } = await tokensOf(await login(emulator, { SECRET_HASH: await secretHash(user.email, clientId, clientSecret) }));
    expect((await exchange(emulator, RefreshToken)).status).toBe(400);
    expect((await exchange(emulator, RefreshToken, { ClientSecret: clientSecret })).status).toBe(200);
  });
});

describe("RevokeToken", () => {
  const revoke = (emulator: Awaited<ReturnType<typeof signedIn>>["emulator"], Token: string, ClientId = clientId) =>
    call(emulator, "RevokeToken", { Token, ClientId });

  it.each([
    ["empty", ""],
    ["object", "{}"],
  ] as const)("answers 200 with a body that is %s", async (revokeBody, expected) => {
    const { emulator, tokens } = await signedIn({ revokeBody });
    const response = await revoke(emulator, tokens.RefreshToken);
    expect([response.status, await response.text()]).toEqual([200, expected]);
  });

  it("ends the refresh token and, for the service itself, its access tokens; an API cannot know", async () => {
    const { emulator, tokens } = await signedIn();
    await revoke(emulator, tokens.RefreshToken);
    expect(await refusal(await refresh(emulator, tokens.RefreshToken))).toBe("NotAuthorizedException: Refresh Token has been revoked");
    expect(await refusal(await call(emulator, "GetUser", { AccessToken: tokens.AccessToken }))).toBe(
      "NotAuthorizedException: Access Token has been revoked",
    );
    const api = await emulator.fetch("https://api.test/protected", { headers: { authorization: `Bearer ${tokens.AccessToken}` } });
    expect(api.status).toBe(200);
  });

  it("takes refresh tokens of its own client only", async () => {
    const { emulator, tokens } = await signedIn({ clients: [{ clientId }, { clientId: "other" }] });
    expect(await refusal(await revoke(emulator, tokens.AccessToken))).toMatch(/^UnsupportedTokenTypeException: /);
    expect(await refusal(await revoke(emulator, tokens.RefreshToken, "other"))).toMatch(/^UnauthorizedException: /);
    expect((await refresh(emulator, tokens.RefreshToken)).status).toBe(200);
  });
});

describe("GetUser", () => {
  it("tells a live token's user", async () => {
    const { emulator, tokens } = await signedIn();
    expect(await (await call(emulator, "GetUser", { AccessToken: tokens.AccessToken })).json()).toEqual({
      Username: user.username,
      UserAttributes: [
        { Name: "sub", Value: user.username },
        { Name: "email", Value: user.email },
      ],
    });
  });

  it("tells an expired token from one that is none", async () => {
    const { clock, emulator, tokens } = await signedIn();
    clock.advance(3_600_000);
    expect(await refusal(await call(emulator, "GetUser", { AccessToken: tokens.AccessToken }))).toBe(
      "NotAuthorizedException: Access Token has expired",
    );
    expect(await refusal(await call(emulator, "GetUser", { AccessToken: "none" }))).toBe("NotAuthorizedException: Invalid Access Token");
    expect(await refusal(await call(emulator, "GetUser", { AccessToken: tokens.IdToken }))).toBe(
      "NotAuthorizedException: Invalid Access Token",
    );
  });
});
