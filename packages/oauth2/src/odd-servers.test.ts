import { createAuth } from "@keyturn/core";
import type { TokenAnswer } from "@keyturn/core/provider";
import { isAuthError } from "@keyturn/core/provider";
import { grantContext, manualClock } from "@keyturn/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientCredentials, dpop, type OAuthOptions, oauthFailure, password } from "./index.ts";

const user = { username: "ann", password: "Correct-Horse-9!" };
const options: OAuthOptions = { tokenEndpoint: "https://login.example.com/token", clientId: "app", clientSecret: "made-up" };
const issued = { access_token: "at-1", token_type: "Bearer", expires_in: 3600, refresh_token: "rt-1" };

function answering(body: object) {
  const forms: URLSearchParams[] = [];
  const context = grantContext({
    now: () => 0,
    async fetch(input, init) {
      forms.push(new URLSearchParams(await new Request(input, init).text()));
      return Response.json(body);
    },
  });
  return { context, forms };
}

describe("a refresh", () => {
  const held = { accessToken: "at-0", refreshToken: "rt-0", receivedAt: 0 };

  it("[168] sends no scope, which means what was granted, or that of refreshScope", async () => {
    const { context, forms } = answering(issued);
    await password({ ...options, scope: "read write" }).refresh?.(held, context);
    await password({ ...options, scope: "read write", refreshScope: "read" }).refresh?.(held, context);
    expect(forms.map((form) => form.get("scope"))).toEqual([null, "read"]);
  });

  it("[168] goes on for hours at a server that issues no access token without a scope", async () => {
    const scope = "openid offline_access https://contoso.example/api/read";
    const clock = manualClock();
    const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      const request = new Request(input, init);
      if (request.url !== options.tokenEndpoint) return new Response();
      const hasScope = new URLSearchParams(await request.text()).has("scope");
      return Response.json({ token_type: "Bearer", refresh_token: "rt-1", ...(hasScope && { access_token: "at-1", expires_in: 3600 }) });
    };
    const api = "https://api.example.com/";
    const auth = createAuth(password({ ...options, scope, refreshScope: scope }), { origins: [api], clock, fetch, credentials: user });
    for (let hour = 0; hour < 4; hour++) {
      expect((await auth.fetch(api)).status).toBe(200);
      await clock.advance(3_600_000);
    }
    await auth.close();
  });

  it("[8] is another session with another refreshScope, and the same without one", () => {
    const of = (more: object) => password({ ...options, ...more }).configuration;
    expect(of({ refreshScope: "read" })).not.toBe(of({}));
    expect(of({ refreshScope: undefined })).toBe(of({}));
  });
});

describe("a token type", () => {
  const loginWith = (token_type: unknown, more: Partial<OAuthOptions> = {}) =>
    clientCredentials({ ...options, ...more }).login(undefined, answering({ ...issued, token_type }).context);

  it.each(["", null, undefined, 7])("[168] %j counts as absent, which means Bearer", async (token_type) => {
    expect(await loginWith(token_type)).not.toHaveProperty("tokenType");
  });

  it.each(["BearerToken", "bearertoken", "JWT"])(
    "[168] %s is Bearer where bearerTypes says so, and refused otherwise",
    async (token_type) => {
      expect(await loginWith(token_type, { bearerTypes: ["BearerToken", "jwt"] })).toMatchObject({
        accessToken: "at-1",
        tokenType: "Bearer",
      });
      await expect(loginWith(token_type)).rejects.toMatchObject({ code: "token-response-malformed" });
    },
  );

  it("[168] of another name is no DPoP", async () => {
    await expect(loginWith("BearerToken", { bearerTypes: ["BearerToken"], dpop: dpop() })).rejects.toMatchObject({
      code: "token-response-malformed",
    });
  });

  it.each(["BearerToken", [], [""], [7]])("%j is no list of them", (bearerTypes) => {
    expect(() => clientCredentials({ ...options, bearerTypes: bearerTypes as string[] })).toThrow('option "bearerTypes"');
  });
});

describe("an error code", () => {
  const answer = (status: number, error: unknown, headers: Record<string, string> = {}): TokenAnswer => ({
    ...{ provider: "oauth2", operation: "login", ok: status < 300, status, headers: new Headers(headers), body: { error }, startedAt: 0 },
  });

  it("[82] of any kind makes an AuthError, without the server's prose and with no wait but what a Retry-After says", () => {
    const code = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.constantFrom("invalid_grant", "slow_down", "__proto__", "constructor", "toString"),
    );
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), code, (status, error) => {
        const made = oauthFailure(answer(status, error));
        expect(isAuthError(made)).toBe(true);
        expect(made).not.toHaveProperty("retryAfter");
        if (typeof error === "string" && !/^[\w.:/#-]*$/.test(error)) expect(made.message).not.toContain(`(${error})`);
      }),
      { numRuns: 1_000 },
    );
  });

  it("[82] [164] that is registered decides before status and Retry-After do, any other leaves it to them", () => {
    const busy = { "retry-after": "7" };
    expect(oauthFailure(answer(400, "invalid_grant", busy))).toMatchObject({ code: "credentials-rejected" });
    expect(oauthFailure(answer(403, "vendor_busy", busy))).toMatchObject({ code: "token-request-failed", retryAfter: 7_000 });
    expect(oauthFailure(answer(425, undefined))).toMatchObject({ code: "token-request-failed" });
    expect(oauthFailure(answer(403, "vendor_busy"))).toMatchObject({ code: "misconfigured" });
  });
});
