import { describe, expect, it } from "vitest";
import { type AuthorizationCodeOptions, authorizationCode, discover } from "./index.ts";

const issuer = "https://login.example.com/realms/shop";
const redirectUri = "https://app.example.com/callback";
const byHand = { tokenEndpoint: `${issuer}/token`, authorizationEndpoint: `${issuer}/authorize`, clientId: "app" };

const encode = (value: object) => btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Logs in at a server that adds `query` to its callback and `claims` to its ID token: a subject, or a code of what went wrong. */
async function outcomeOf(options: AuthorizationCodeOptions, query: string, claims?: object): Promise<string> {
  let nonce: string | undefined;
  let sent = 0;
  const provider = authorizationCode({
    ...options,
    async fetch(input) {
      if (String(input).includes("/.well-known/"))
        return Response.json({ issuer, token_endpoint: byHand.tokenEndpoint, authorization_endpoint: byHand.authorizationEndpoint });
      sent++;
      const now = Math.floor(Date.now() / 1000);
      const payload = { iss: issuer, aud: "app", sub: "ann", iat: now, exp: now + 300, nonce, ...claims };
      const id_token = claims && `${encode({ alg: "RS256" })}.${encode(payload)}.c2lnbmF0dXJl`;
      return Response.json({ access_token: "at-1", token_type: "Bearer", ...(id_token && { id_token }) });
    },
  });
  const { pending } = await provider.begin(redirectUri);
  nonce = pending.nonce;
  try {
    return (await provider.finish(`${redirectUri}?code=made-up-code&state=${pending.state}${query}`, pending)).subject;
  } catch (error) {
    return `${(error as { readonly code?: string }).code}, ${sent} sent`; // whatever was thrown
  }
}

const iss = (value: string) => `&iss=${encodeURIComponent(value)}`;

describe("[155] a callback that names its issuer (RFC 9207)", () => {
  it("is taken where the endpoints are by hand, whatever it names: there is nothing to compare it with", async () => {
    for (const query of ["", iss(issuer), iss("https://elsewhere.example.com"), "&iss="])
      expect(await outcomeOf(byHand, query)).not.toContain("login-required");
  });

  it.each([
    ["the option issuer", { ...byHand, issuer }],
    ["the metadata", { clientId: "app", server: discover(issuer) }],
  ])("must name that of %s, to the character; else nothing is sent", async (_, options) => {
    expect(await outcomeOf(options, iss(issuer))).not.toContain("login-required");
    for (const other of ["https://elsewhere.example.com", `${issuer}/`, issuer.toUpperCase(), `${issuer}${iss(issuer)}`])
      expect(await outcomeOf(options, iss(other))).toBe("login-required, 0 sent");
    expect(await outcomeOf(options, iss(issuer) + iss("https://elsewhere.example.com"))).toBe("login-required, 0 sent");
  });
});

describe("[155] with the option issuer", () => {
  const openId = { ...byHand, scope: "openid" };
  it.each([
    ["of another issuer", { iss: "https://elsewhere.example.com" }],
    ["for another client", { aud: "other" }],
    ["of another login", { nonce: "not-ours" }],
    ["that has ended", { exp: 1 }],
  ])("an ID token %s is not believed, as with metadata", async (_, claims) => {
    expect(await outcomeOf({ ...openId, issuer }, "", claims)).toBe("token-response-malformed, 1 sent");
    expect(await outcomeOf(openId, "", claims)).toBe("ann");
  });

  it("an ID token that is right names the person", async () => {
    expect(await outcomeOf({ ...openId, issuer }, iss(issuer), {})).toBe("ann");
  });

  it.each([
    ["no https URL", { ...byHand, issuer: "http://login.example.com" }],
    ["beside metadata, which name it", { clientId: "app", server: discover(issuer), issuer }],
  ])("it is a TypeError: %s", (_, options) => {
    expect(() => authorizationCode(options)).toThrow(TypeError);
    expect(() => authorizationCode(options)).toThrow('"issuer"');
  });
});
