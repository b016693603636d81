import { describe, expect, it } from "vitest";
import { jwtExpiry, type TokenAnswer, TokenResponseError, tokenSet } from "./index.ts";

const minute = 60_000;
const hour = 60 * minute;
const startedAt = Date.UTC(2026, 0, 1);

/** An answer of a server whose clock runs `ahead` ms ahead of ours. */
function answer({ ahead, age }: { readonly ahead?: number; readonly age?: number } = {}): TokenAnswer {
  const headers = new Headers();
  if (ahead !== undefined) headers.set("date", new Date(startedAt + ahead).toUTCString());
  if (age !== undefined) headers.set("age", String(age));
  return { provider: "vendor", operation: "login", ok: true, status: 200, headers, body: {}, startedAt };
}

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
const seconds = (time: number) => Math.floor(time / 1000);
const lifetimeOf = (fields: object, from = answer()) => {
  const { expiresAt } = tokenSet(from, { accessToken: "opaque", ...fields });
  return typeof expiresAt === "number" ? expiresAt - startedAt : expiresAt;
};

describe("a token set", () => {
  it("holds what the answer says and no more", () => {
    expect(
      tokenSet(answer(), { accessToken: "a", refreshToken: "r", idToken: "i", tokenType: "bearer", scope: "all", expiresIn: 60 }),
    ).toEqual({
      accessToken: "a",
      refreshToken: "r",
      idToken: "i",
      tokenType: "bearer",
      scope: "all",
      receivedAt: startedAt,
      expiresAt: startedAt + minute,
    });
    expect(tokenSet(answer(), { accessToken: "a", refreshToken: "", idToken: null, scope: 7 })).toEqual({
      accessToken: "a",
      receivedAt: startedAt,
    });
  });

  it.each([undefined, null, "", 7, {}])("[54] is not made of the access token %j", (accessToken) => {
    const message = "vendor: login failed with status 200: the answer holds no token";
    expect(() => tokenSet(answer(), { accessToken })).toThrow(new TokenResponseError(message));
  });
});

describe("the expiry", () => {
  it.each([
    [3600, hour],
    ["3600", hour],
    ["3600.5", 3_600_500],
    [0.5, 500],
  ])("[16] of expires_in %j counts from the request", (expiresIn, expected) => {
    expect(lifetimeOf({ expiresIn })).toBe(expected);
  });

  it.each([0, "0", -1, "-5", Number.NaN, Number.POSITIVE_INFINITY, "soon", "", null, undefined, {}, true])(
    "[16] of expires_in %j is unknown",
    (expiresIn) => {
      expect(lifetimeOf({ expiresIn })).toBeUndefined();
    },
  );

  it("[16] is what the provider says where it gives a value a meaning of its own", () => {
    expect(lifetimeOf({ expiresIn: 0, expiresAt: "never" })).toBe("never");
    expect(lifetimeOf({ expiresIn: 3600, expiresAt: startedAt + 5 })).toBe(5);
  });

  it("[18] is that of expires_in before that of the token, whatever the clocks say", () => {
    const accessToken = jwt({ iat: seconds(startedAt), exp: seconds(startedAt + 2 * hour) });
    expect(lifetimeOf({ accessToken, expiresIn: 3600 }, answer({ ahead: 10 * minute }))).toBe(hour);
  });

  it.each([0, 10 * minute, -10 * minute])("[18] of a JWT is corrected by the Date of a server %i ms ahead", (ahead) => {
    const accessToken = jwt({ exp: seconds(startedAt + ahead + hour) });
    expect(lifetimeOf({ accessToken }, answer({ ahead }))).toBe(hour);
  });

  it.each([10 * minute, -10 * minute])(
    "[18] of a JWT is corrected by its iat where there is no Date, for a server %i ms ahead",
    (ahead) => {
      const accessToken = jwt({ iat: seconds(startedAt + ahead), exp: seconds(startedAt + ahead + hour) });
      expect(lifetimeOf({ accessToken })).toBe(hour);
    },
  );

  it("[81] ignores the Date of an answer that a cache has kept", () => {
    const accessToken = jwt({ iat: seconds(startedAt), exp: seconds(startedAt + hour) });
    expect(lifetimeOf({ accessToken }, answer({ ahead: -30 * minute, age: 1800 }))).toBe(hour);
  });

  it("[81] takes an offset below 2 s for rounding", () => {
    const accessToken = jwt({ exp: seconds(startedAt + hour) });
    expect(lifetimeOf({ accessToken }, answer({ ahead: 1000 }))).toBe(hour);
    expect(lifetimeOf({ accessToken }, answer({ ahead: 2000 }))).toBe(hour - 2000);
  });

  it("[17] is right for an issuer that writes milliseconds", () => {
    const accessToken = jwt({ iat: startedAt, exp: startedAt + hour });
    expect(lifetimeOf({ accessToken })).toBe(hour);
    expect(lifetimeOf({ accessToken }, answer({ ahead: 0 }))).toBe(hour);
  });

  it.each(["opaque", "a.b.c", "not.base64%.x", jwt({}), jwt({ exp: "1642159394" }), jwt({ exp: 0 }), jwt({ exp: -1 }), jwt([1])])(
    "[15] of the token %s is unknown",
    (token) => {
      expect(jwtExpiry(answer(), token)).toBeUndefined();
      expect(jwtExpiry(answer({ ahead: hour }), token)).toBeUndefined();
    },
  );
});
