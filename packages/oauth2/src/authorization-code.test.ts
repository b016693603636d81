import { createAuth } from "@keyturn/core";
import { describe, expect, it } from "vitest";
import { authorizationCode, discover } from "./index.ts";

const issuer = "https://login.example.com";
const redirectUri = "https://app.example.com/callback";
const clientId = "app";

const encode = (value: object) => btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

interface Claims {
  readonly aud?: string;
  readonly iss?: string;
  readonly nonce?: string | undefined;
  readonly iat?: number;
  readonly exp?: number;
}

/** A server whose clock may differ from ours, and which says in its ID token what a test wants. */
function start({
  ahead = 0,
  scope = "openid",
  idToken = true,
  resource,
}: {
  readonly ahead?: number;
  readonly scope?: string;
  readonly idToken?: boolean;
  readonly resource?: readonly string[] | undefined;
} = {}) {
  const forms: URLSearchParams[] = [];
  let claims: Claims = {};
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    if (request.url.includes(".well-known"))
      return Response.json({
        issuer,
        token_endpoint: `${issuer}/token`,
        authorization_endpoint: `${issuer}/authorize?tenant=1&scope=none`,
      });
    forms.push(new URLSearchParams(await request.text()));
    const now = Math.floor(Date.now() / 1000) + ahead;
    const payload = { iss: issuer, sub: "ann", aud: clientId, iat: now, exp: now + 300, ...claims };
    const id_token = `${encode({ alg: "RS256" })}.${encode(payload)}.c2lnbmF0dXJl`;
    const body = { access_token: "at-1", refresh_token: "rt-1", token_type: "Bearer", expires_in: 3600, ...(idToken && { id_token }) };
    return Response.json(body, { headers: { date: new Date(now * 1000).toUTCString() } });
  };
  const provider = authorizationCode({ server: discover(issuer), clientId, scope, resource, fetch });
  /** Goes to the server and comes back. */
  const login = async (
    with_: Claims = {},
    back: (state: string) => string = (state) => `${redirectUri}?code=made-up-code&state=${state}`,
  ) => {
    const { url, pending } = await provider.begin(redirectUri, { prompt: "login" });
    claims = { nonce: pending.nonce, ...with_ };
    return { url: new URL(url), pending, answer: provider.finish(back(pending.state), pending) };
  };
  return { provider, login, forms };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error) => error.code,
  );

describe("the authorization code grant", () => {
  it("sends the person off with PKCE, state and nonce, and with whatever is added", async () => {
    const { url, pending } = await start().login();
    expect(url.origin + url.pathname).toBe(`${issuer}/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      ...{ tenant: "1", response_type: "code", client_id: clientId, redirect_uri: redirectUri, scope: "openid" },
      ...{ state: pending.state, nonce: pending.nonce, code_challenge_method: "S256", prompt: "login" },
    });
    expect(url.href).not.toContain(pending.codeVerifier);
    expect(url.searchParams.getAll("scope")).toEqual(["openid"]); // in the place of the endpoint's own
  });

  it("names each resource, to the person's server and with the code (RFC 8707, section 2)", async () => {
    const resource = ["https://api.example.com/", "https://reports.example.com/"];
    const { login, forms } = start({ resource });
    const { url, answer } = await login();
    await answer;
    expect([url.searchParams, forms[0]].map((parameters) => parameters?.getAll("resource"))).toEqual([resource, resource]);
  });

  it("trades the code with its verifier, and names the person by the ID token", async () => {
    const { login, forms } = start();
    const { answer, pending } = await login();
    expect(await answer).toMatchObject({ subject: "ann", tokens: { accessToken: "at-1", refreshToken: "rt-1" } });
    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      ...{ grant_type: "authorization_code", code: "made-up-code", redirect_uri: redirectUri, code_verifier: pending.codeVerifier },
    });
  });

  it("yields what a session logs in with: of one person, whatever the login", async () => {
    const { provider, login } = start();
    const [first, second] = [await (await login()).answer, await (await login()).answer];
    expect(provider.identity?.(first)).toBe(provider.identity?.(second));
    const auth = createAuth(provider, { origins: ["https://api.example.com"] });
    await auth.login(first);
    expect((await auth.getToken()).accessToken).toBe("at-1");
  });

  it("without an ID token no two logins are taken for the same person", async () => {
    const { provider, login } = start({ scope: "read", idToken: false });
    const [first, second] = [await (await login()).answer, await (await login()).answer];
    expect(provider.identity?.(first)).not.toBe(provider.identity?.(second));
  });

  it.each([
    ["the wrong audience", { aud: "somebody-else" }],
    ["another issuer", { iss: "https://elsewhere.example.com" }],
    ["another login's nonce", { nonce: "not-ours" }],
    ["no nonce", { nonce: undefined }],
    ["an end that is past", { exp: 1 }],
  ])("does not believe an ID token with %s", async (_, claims) => {
    const { login } = start();
    expect(await codeOf((await login(claims)).answer)).toBe("token-response-malformed");
  });

  it.each([3_600, -3_600])("is not disturbed by a clock that is off by %d s", async (ahead) => {
    expect(await codeOf((await start({ ahead }).login()).answer)).toBe("none");
  });

  it.each([
    ["a state that is not ours", () => `${redirectUri}?code=made-up-code&state=not-ours`],
    ["no code", (state: string) => `${redirectUri}?state=${state}`],
    ["two codes", (state: string) => `${redirectUri}?code=made-up-code&code=another&state=${state}`],
    ["an empty code", (state: string) => `${redirectUri}?code=&state=${state}`],
    ["no state", () => `${redirectUri}?code=made-up-code`],
    ["an error", (state: string) => `${redirectUri}?error=access_denied&state=${state}`],
    ["another issuer's name", (state: string) => `${redirectUri}?code=made-up-code&state=${state}&iss=https://elsewhere.example.com`],
  ])("[183] takes no callback with %s, and sends nothing", async (_, back) => {
    const { login, forms } = start();
    expect(await codeOf((await login({}, back)).answer)).toBe("login-required");
    expect(forms).toEqual([]);
  });

  it("shows neither code nor verifier in an error", async () => {
    const { login } = start();
    const { answer, pending } = await login({ aud: "somebody-else" });
    const error = await answer.catch((thrown: Error) => `${thrown.stack} ${JSON.stringify(thrown)} ${String(thrown.cause)}`);
    for (const secret of ["made-up-code", pending.codeVerifier, "at-1", "rt-1"]) expect(error).not.toContain(secret);
  });
});
