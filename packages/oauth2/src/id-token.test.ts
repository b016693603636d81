import { grantContext } from "@keyturn/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { authorizationCode, discover } from "./index.ts";

const issuer = "https://login.example.com";
const now = () => Date.now();
const seconds = () => Math.floor(now() / 1000);
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

interface Answer {
  /** By how much the server's clock is ahead of ours, in s. */
  readonly ahead?: number;
  readonly tells?: boolean;
  readonly claims?: object;
  readonly more?: object;
  readonly scope?: string;
}

/** A person comes back with a code, to a server that answers so. */
async function finished({ ahead = 0, tells = false, claims = {}, more = {}, scope = "openid offline_access" }: Answer) {
  let nonce: string | undefined;
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    if (String(input).endsWith("/openid-configuration"))
      return Response.json({ issuer, authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t` });
    const time = seconds() + ahead;
    const idToken = { iss: issuer, aud: "page", sub: "ann", iat: time, exp: time + 300, ...(nonce && { nonce }), ...claims };
    const body = { access_token: "at-1", token_type: "Bearer", expires_in: 300, refresh_token: "rt-1" };
    const id_token = `${part({ alg: "RS256" })}.${part(idToken)}.c2ln`;
    const headers = tells ? { date: new Date(time * 1000).toUTCString() } : {};
    return Response.json({ ...body, id_token, ...more }, { headers });
  };
  vi.stubGlobal("fetch", fetch);
  const provider = authorizationCode({ server: discover(issuer), clientId: "page", scope });
  const { url, pending } = await provider.begin("https://app.example.com/");
  nonce = new URL(url).searchParams.get("nonce") ?? undefined;
  const refresh = () => provider.refresh?.({ accessToken: "at-0", refreshToken: "rt-0", receivedAt: now() }, grantContext({ fetch, now }));
  const finish = provider.finish(`https://app.example.com/?code=c&state=${pending.state}`, pending);
  finish.catch(() => {}); // some look at the refresh alone
  return { finish, refresh };
}

const malformed = { code: "token-response-malformed" };

afterEach(() => void vi.unstubAllGlobals());

describe("an ID token", () => {
  it.each([
    [600, false],
    [-600, false],
    [82_800, false],
    [600, true],
    [-600, true],
  ])("[165] is right though the server's clock is %i s ahead, its Date readable: %s", async (ahead, tells) => {
    const before = now();
    const { finish, refresh } = await finished({ ahead, tells });
    const { subject, tokens } = await finish;
    expect([subject, tokens.receivedAt >= before && tokens.receivedAt <= now()]).toEqual(["ann", true]);
    expect(await refresh()).toMatchObject({ accessToken: "at-1", refreshToken: "rt-1" });
  });

  it("[165] that has expired by the server's Date is refused, and one of another day too", async () => {
    const old = { iat: seconds() - 7_200, exp: seconds() - 3_600 };
    await expect((await finished({ tells: true, claims: old })).finish).rejects.toMatchObject(malformed);
    const ancient = { iat: seconds() - 90_000, exp: seconds() - 86_000 };
    await expect((await finished({ claims: ancient })).finish).rejects.toMatchObject(malformed);
  });

  it.each([
    ["another client", { azp: "other" }],
    ["another client among several audiences", { aud: ["page", "api"], azp: "other" }],
    ["nobody among several audiences", { aud: ["page", "api"] }],
    ["a client that is no text", { azp: 7 }],
  ])("[167] that is authorized for %s is refused", async (_, claims) => {
    await expect((await finished({ claims })).finish).rejects.toMatchObject(malformed);
    await expect((await finished({ claims })).refresh()).rejects.toMatchObject(malformed);
  });

  it("[167] that is authorized for this client is right, with one audience and with several", async () => {
    expect(await (await finished({ claims: { azp: "page" } })).finish).toMatchObject({ subject: "ann" });
    expect(await (await finished({ claims: { aud: ["page", "api"], azp: "page" } })).finish).toMatchObject({ subject: "ann" });
  });

  it.each([undefined, null, ""])(
    "[167] that is missing (%j) though openid was asked for is refused; a refresh need not bring one",
    async (id_token) => {
      const { finish, refresh } = await finished({ more: { id_token } });
      await expect(finish).rejects.toMatchObject({
        ...malformed,
        message: 'oauth2: login failed with status 200: it brought no ID token, though "openid" was asked for',
      });
      expect(await refresh()).toMatchObject({ accessToken: "at-1" });
      expect(await (await finished({ more: { id_token }, scope: "read" })).finish).toMatchObject({ tokens: { accessToken: "at-1" } });
    },
  );

  it.each([{ expires_in: "soon" }, { expires_in: -1 }, { token_type: "" }, { refresh_token: "" }, { scope: 7 }])(
    "[162] is right beside the odd member %j",
    async (more) => {
      expect(await (await finished({ more })).finish).toMatchObject({ subject: "ann", tokens: { accessToken: "at-1" } });
    },
  );
});
