import { createOAuth2Emulator, defaultOAuth2Client, defaultOAuth2User, manualClock, type OAuth2Options } from "@keyturn/emulators";
import * as oauth from "oauth4webapi";
import { describe, expect, it } from "vitest";

const issuer = new URL("https://login.example.com");
const api = new URL("https://api.example.com/protected");
const client: oauth.Client = { client_id: defaultOAuth2Client.clientId };
const authentication = oauth.ClientSecretBasic(defaultOAuth2Client.clientSecret);
const redirectUri = "https://app.example.com/callback";

async function start(options: OAuth2Options = {}) {
  const emulator = createOAuth2Emulator(options);
  const through = { [oauth.customFetch]: (url: string, init: object) => emulator.fetch(url, init) };
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, through));
  const asClient = async (parameters: Record<string, string> = {}, DPoP?: oauth.DPoPHandle) => {
    const ask = () => oauth.clientCredentialsGrantRequest(as, client, authentication, parameters, { ...through, ...(DPoP && { DPoP }) });
    return oauth.processClientCredentialsResponse(as, client, await ask());
  };
  return { ...emulator, as, through, asClient };
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("oauth4webapi", () => {
  it("validates a JWT access token as RFC 9068 has it, and its audience as RFC 8707", async () => {
    const { as, through, asClient } = await start();
    const { access_token } = await asClient({ scope: "read", resource: "https://reports.example.com" });
    const request = new Request(api, { headers: { authorization: `Bearer ${access_token}` } });
    const claims = await oauth.validateJwtAccessToken(as, request, "https://reports.example.com", through);
    expect(claims).toMatchObject({ client_id: client.client_id, sub: client.client_id, scope: "read" });
    expect(await failure(oauth.validateJwtAccessToken(as, request, "https://api.example.com", through))).toBeDefined();
  });

  it("is told use_dpop_nonce, learns it, and validates the bound token with its proof", async () => {
    const { as, through, asClient } = await start();
    const keys = await oauth.generateKeyPair("ES256");
    const DPoP = oauth.DPoP(client, keys);
    const first = await failure(asClient({}, DPoP));
    expect(first).toMatchObject({ error: "use_dpop_nonce" });
    expect(oauth.isDPoPNonceError(first)).toBe(true);
    const { access_token, token_type } = await asClient({}, DPoP);
    expect(token_type).toBe("dpop");
    const seen: Request[] = [];
    const watched = {
      [oauth.customFetch]: async (url: string, init: object) => {
        const request = new Request(url, init);
        seen.push(request.clone());
        return through[oauth.customFetch](url, init);
      },
    };
    const ask = () => oauth.protectedResourceRequest(access_token, "GET", api, undefined, null, { ...watched, DPoP });
    expect(oauth.isDPoPNonceError(await failure(ask()))).toBe(true);
    expect((await ask()).status).toBe(200);
    const [, proven] = seen as [Request, Request];
    expect(await oauth.validateJwtAccessToken(as, proven, "https://api.example.com", through)).toHaveProperty("cnf.jkt");
    // The same proof a second time
    const replayed = await through[oauth.customFetch](api.href, { headers: proven.headers });
    expect([replayed.status, replayed.headers.get("www-authenticate")]).toEqual([401, expect.stringContaining("invalid_dpop_proof")]);
  });

  it("reads which login an API demands, and the login that has it is let in", async () => {
    const { as, through, fetch, control } = await start();
    const logIn = async (more: Record<string, string> = {}) => {
      const verifier = oauth.generateRandomCodeVerifier();
      const url = new URL(as.authorization_endpoint ?? "");
      url.search = new URLSearchParams({
        ...{ client_id: client.client_id, redirect_uri: redirectUri, response_type: "code", scope: "openid", ...more },
        ...{ code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256" },
      }).toString();
      const callback = new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "");
      const parameters = oauth.validateAuthResponse(as, client, callback, oauth.expectNoState);
      const answer = await oauth.authorizationCodeGrantRequest(as, client, authentication, parameters, redirectUri, verifier, through);
      return oauth.processAuthorizationCodeResponse(as, client, answer);
    };
    const ask = (token: string) => oauth.protectedResourceRequest(token, "GET", api, undefined, null, through);

    control.requireStepUp({ acrValues: ["urn:example:gold"], maxAge: 300 });
    const weak = await logIn();
    expect(await failure(ask(weak.access_token))).toMatchObject({
      cause: [{ parameters: { error: "insufficient_user_authentication", acr_values: "urn:example:gold", max_age: "300" } }],
    });
    const strong = await logIn({ acr_values: "urn:example:gold" });
    expect(oauth.getValidatedIdTokenClaims(strong)).toMatchObject({ acr: "urn:example:gold", sub: defaultOAuth2User.id });
    expect((await ask(strong.access_token)).status).toBe(200);
  });

  it.each([
    ["tokenType", "N_A"],
    ["tokenType", "mac"],
    ["tokenType", "absent"],
    ["tokenAnswer", "html-200"],
    ["tokenAnswer", "form"],
    ["tokenAnswer", "empty-200"],
  ] as const)("takes no answer where %s is %s", async (knob, value) => {
    const { asClient, control } = await start();
    control.change({ [knob]: value });
    expect(await failure(asClient())).toBeDefined();
  });

  it("believes that a token lives as long as the server gives it, whatever the server's clock says", async () => {
    const clock = manualClock(Date.now());
    const { asClient, fetch } = await start({ clock, clockSkew: 7_200_000, accessTokenLifetime: 90_000 });
    const { access_token, expires_in } = await asClient();
    const ask = async () => (await fetch(api, { headers: { authorization: `Bearer ${access_token}` } })).status;
    expect([expires_in, await ask()]).toEqual([90, 200]);
    clock.advance(90_000);
    expect(await ask()).toBe(401);
  });
});
