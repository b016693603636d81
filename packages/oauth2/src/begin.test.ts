import { inspect } from "node:util";
import { grantContext } from "@keyturn/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { authorizationCode, clientCredentials, dpop, type GrantParameters } from "./index.ts";
import { loopbackLogin } from "./loopback-login.ts";

const redirectUri = "https://app.example.com/callback";
const tokenEndpoint = "https://login.example.com/token";
const network = vi.fn(async () => Response.json({ access_token: "at-1", token_type: "Bearer" }));
const provider = authorizationCode({
  ...{ tokenEndpoint, authorizationEndpoint: "https://login.example.com/authorize", clientId: "app" },
  ...{ scope: "openid read", audience: "orders", resource: "urn:orders", fetch: network },
});
const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error: unknown) => error,
  );

afterEach(() => {
  vi.unstubAllGlobals();
  network.mockClear();
});

describe("[156] parameters of a login", () => {
  it.each([
    ...["state", "nonce", "redirect_uri", "client_id", "response_type", "response_mode", "code_challenge", "code_challenge_method"],
    ...["dpop_jkt", "resource", "request", "request_uri", "returnTo"],
  ])("are not the protocol's own, which it remembers or has options for: %s is a TypeError before anything is sent", async (name) => {
    const open = vi.fn();
    for (const work of [
      provider.begin(redirectUri, { [name]: "mine" }),
      loopbackLogin(provider, { open, parameters: { prompt: "login", [name]: ["mine"] } }),
    ]) {
      const error = await errorOf(work);
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain(`"${name}"`);
    }
    expect(open).not.toHaveBeenCalled();
    expect(network).not.toHaveBeenCalled();
  });

  it.each<[GrantParameters, Record<string, string | null>]>([
    [
      { prompt: "login", max_age: "0", acr_values: "gold" },
      { prompt: "login", max_age: "0", acr_values: "gold" },
    ],
    [
      { scope: "openid write", audience: "invoices" },
      { scope: "openid write", audience: "invoices" },
    ],
    [
      { scope: undefined, audience: undefined, state: undefined, resource: undefined },
      { scope: "openid read", audience: "orders", resource: "urn:orders" },
    ],
  ])("that are the server's are added, and undefined ones change nothing: %j", async (parameters, expected) => {
    const { url, pending } = await provider.begin(redirectUri, parameters);
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ ...expected, state: pending.state, nonce: pending.nonce });
  });
});

describe("a callback that is no absolute URL", () => {
  it.each(["/callback?code=made-up-code&state=s", "?code=made-up-code", ""])(
    "is a TypeError that does not show the code: %s",
    async (callback) => {
      const { pending } = await provider.begin(redirectUri);
      const error = await errorOf(provider.finish(callback, pending));
      expect(error).toBeInstanceOf(TypeError);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("made-up-code");
      expect(network).not.toHaveBeenCalled();
    },
  );
});

describe("[157] without crypto.subtle, as on pages by plain http", () => {
  const context = grantContext({ now: () => 0, fetch: network });
  it.each<[string, () => Promise<unknown>]>([
    ["a login by code", () => provider.begin(redirectUri)],
    [
      "a key of the session",
      () => clientCredentials({ tokenEndpoint, clientId: "app", clientSecret: "made-up", dpop: dpop() }).login(undefined, context),
    ],
  ])("%s is misconfigured and says what is missing; nothing is sent", async (_, work) => {
    for (const crypto of [{ getRandomValues: globalThis.crypto.getRandomValues.bind(globalThis.crypto) }, undefined]) {
      vi.stubGlobal("crypto", crypto);
      expect(await errorOf(work())).toMatchObject({ code: "misconfigured", message: expect.stringContaining("crypto.subtle is missing") });
    }
    expect(network).not.toHaveBeenCalled();
  });
});
